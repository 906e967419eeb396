"""What the readers of a DMN file share: its namespace, its types, its names, and where they are."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from app.domain.text import N_
from app.engine.decisions.errors import CellError
from app.engine.decisions.model import ValueType
from app.engine.decisions.parsing import parse_expression
from app.engine.decisions.refusals import KINDS, is_feel
from app.engine.decisions.trees import Expression, Literal, UnaryTests
from app.engine.decisions.unary_tests import parse_unary_tests
from app.engine.problems import Report

Parsed = TypeVar("Parsed")
NOT_A_NAME = N_("名称“%(name)s”只能用文字、数字和下划线，不能以数字开头。")
NOT_FEEL = N_("不支持表达式语言“%(name)s”，请改用 FEEL。")
NULL = Expression("null", Literal(None))


@dataclass(frozen=True)
class Source:
    """A DMN file as it is being read; `element` and `place` say where in it."""

    namespace: str
    report: Report
    types: Mapping[str, ValueType]
    # Known names that hold spaces.
    names: Collection[str]
    element: str = ""
    place: str = ""

    def at(self, node: Any, place: str) -> "Source":
        """Return the source at a node of the file; a node without an id is told by the one around it."""
        return self.within(node.get("id") or self.element, place)

    def within(self, element: str, place: str) -> "Source":
        """Return the source at an element of this id."""
        return replace(self, element=element, place=place)

    def add(self, rule: str, message: str, **params: object) -> None:
        """Note a problem here."""
        reason = message % params if params else message
        if self.place:
            self.report.add(self.element, rule, N_("%(place)s：%(reason)s"), place=self.place, reason=reason)
        else:
            self.report.add(self.element, rule, "%(reason)s", reason=reason)

    def children(self, node: Any, name: str) -> list[Any]:
        """Return the children of this name."""
        return list(node.iterchildren(f"{{{self.namespace}}}{name}"))

    def child(self, node: Any, name: str) -> Any:
        """Return the first child of this name, or None."""
        return next(iter(self.children(node, name)), None)

    def text(self, node: Any) -> str:
        """Return what stands in a node's `text`; another expression language is noted."""
        if node is None:
            return ""
        if not is_feel(node.get("expressionLanguage")):
            self.add("dmn-language", NOT_FEEL, name=node.get("expressionLanguage"))
        found = self.child(node, "text")
        return "" if found is None else "".join(found.itertext()).strip()

    def expression(self, text: str) -> Expression:
        """Read an expression; what cannot be read is noted and stands for null."""
        return self._parsed(lambda: parse_expression(text, self.names)) or NULL

    def tests(self, text: str) -> UnaryTests:
        """Read the tests of a cell; what cannot be read is noted and stands for `-`."""
        return self._parsed(lambda: parse_unary_tests(text, self.names)) or UnaryTests("-", ())

    def type_of(self, reference: str | None, values: Any = None) -> ValueType:
        """Return what a type reference means, narrowed by a node with allowed values."""
        found = self._named_type(reference)
        text = self.text(values)
        return replace(found, allowed=self.tests(text)) if text else found

    def _named_type(self, reference: str | None) -> ValueType:
        if not reference:
            return ValueType()
        name = reference.rsplit(":", maxsplit=1)[-1].rsplit("}", maxsplit=1)[-1]
        if name in self.types:
            return self.types[name]
        if name not in KINDS:
            message = N_("不支持类型“%(name)s”，可以用 string、number、integer、boolean、date。")
            self.add("dmn-type", message, name=reference)
        return ValueType(KINDS.get(name, ValueType().kind))

    def _parsed(self, parse: Callable[[], Parsed]) -> Parsed | None:
        try:
            return parse()
        except CellError as error:
            self.add("dmn-cell", str(error))
            return None


def is_name(text: str) -> bool:
    """Tell whether expressions can refer to something of this name."""
    return bool(text) and all(word.isidentifier() for word in text.split())


def local_name(node: Any) -> str:
    """Return a node's name without its namespace."""
    return str(node.tag).rsplit("}", maxsplit=1)[-1]


def permitted(node: Any, namespace: str) -> Iterator[Any]:
    """Yield the children that belong to DMN itself."""
    for child in node:
        if isinstance(child.tag, str) and child.tag.startswith(f"{{{namespace}}}"):
            yield child
