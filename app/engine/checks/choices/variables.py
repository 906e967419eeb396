"""The values that conditions look at, each with the few cases that make a difference."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.engine.checks.choices.atoms import atoms, is_against_literals, is_equality, literals, sides
from app.engine.checks.facts import Facts
from app.engine.checks.names import VERDICT, type_of
from app.engine.checks.scope import names_of
from app.engine.expressions import Expression, parse
from app.engine.forms import INCOMPLETE_VERDICTS, Field
from app.engine.forms.number_fields import NumberField
from app.engine.functions import is_number
from app.engine.model import Element, StartEvent, UserTask
from app.engine.types import Kind

# Stands for any text that no condition names.
OTHER = "\0"
LESS, EQUAL, MORE = "<", "=", ">"


@dataclass(frozen=True)
class Variable:
    """A value, or a comparison of values that cannot be listed; null is added where it may be missing."""

    key: str
    values: tuple[Any, ...]
    # The elements whose values it is about.
    elements: frozenset[str]
    # Whether it is a name, to be filled in, or stands for a part of a condition.
    is_name: bool = True


class Variables:
    """Find the variables of conditions, the same ones for all gateways of a diagram."""

    def __init__(self, facts: Facts, conditions: Iterable[Expression]) -> None:
        self._facts = facts
        self._scope = names_of(facts)
        self._literals: dict[str, set[Any]] = {}
        for condition in conditions:
            for atom in atoms(condition.tree):
                for name in parse(ast.unparse(atom)).names if is_against_literals(atom) else ():
                    self._literals.setdefault(name, set()).update(literals(atom))

    def of(self, atom: ast.expr) -> list[Variable]:
        """Return the variables of one atom of a condition: its names, or itself where they cannot be listed."""
        expression = parse(ast.unparse(atom))
        named = [self._named(name, atom) for name in sorted(expression.names)]
        if expression.rules or any(one is None for one in named):
            return [opaque(atom)]
        return [one for one in named if one is not None]

    def _named(self, name: str, atom: ast.expr) -> Variable | None:
        values = self._values(name, atom)
        return None if values is None else Variable(name, values, frozenset({name.split(".", maxsplit=1)[0]}))

    def _values(self, name: str, atom: ast.expr) -> tuple[Any, ...] | None:
        found = type_of(name, self._scope)
        if found is None:
            return None
        if found.kind is Kind.BOOLEAN:
            return (True, False)
        if found.options is not None:
            return found.options
        if not is_against_literals(atom):
            return None
        if found.kind is Kind.NUMBER:
            return self._numbers(name)
        return (
            (*sorted(self._literals.get(name, ()), key=str), OTHER)
            if found.kind is Kind.TEXT and is_equality(atom)
            else None
        )

    def _numbers(self, name: str) -> tuple[Any, ...]:
        """Return each literal, a number between each two, one below and one above, as far as the field allows."""
        ordered = sorted(one for one in self._literals.get(name, ()) if is_number(one)) or [1]
        field = self.field(name)
        is_whole = isinstance(field, NumberField) and not field.digits
        between = [_middle(low, high, is_whole=is_whole) for low, high in pairwise(ordered)]
        found = [ordered[0] - 1, *ordered, ordered[-1] + 1, *(one for one in between if one is not None)]
        if isinstance(field, NumberField):
            found = [one for one in (*found, field.minimum, field.maximum) if field.minimum <= one <= field.maximum]
        return tuple(dict.fromkeys(found))

    def field(self, name: str) -> Field | None:
        """Return the form field of a name, if it is one."""
        element, key = name.split(".")[:2]
        item = self._facts.model.elements.get(element)
        form = self._facts.form_of(item) if item is not None else None
        return form.fields.get(key) if form else None

    def may_be_null(self, variable: Variable, done: frozenset[str]) -> bool:
        """Tell whether a value may be missing where these elements have been completed."""
        if not variable.is_name:
            return variable.values == (LESS, EQUAL, MORE)
        if not variable.elements <= done:
            return True
        name = variable.key.split(".")
        return name[1:] != [VERDICT] and not self._is_always_given(variable.key)

    def _is_always_given(self, name: str) -> bool:
        """Tell whether everyone who fills in a field must fill it in."""
        field = self.field(name)
        if field is None or not (field.is_required or field.type == "checkbox") or field.condition is not None:
            return False
        writers = [self._facts.model.elements[one] for one in self._facts.writers_of(name.split(".", maxsplit=1)[0])]
        return all(self._must_fill(writer, field) for writer in writers)

    def _must_fill(self, writer: Element, field: Field) -> bool:
        # Who returns or refuses need not fill in anything, nor does a case that begins by itself.
        if isinstance(writer, StartEvent):
            is_free = self._facts.package.manifest.schedule is not None
        else:
            is_free = not isinstance(writer, UserTask) or bool(INCOMPLETE_VERDICTS & set(writer.verdicts))
        return field.access.mode(writer.id) == "write" and not is_free


def opaque(atom: ast.expr) -> Variable:
    """Return the variable that stands for an atom itself: which side is more, or whether it holds."""
    expression = parse(ast.unparse(atom))
    elements = frozenset(name.split(".")[0] for name in expression.names)
    pair = sides(atom)
    if pair is None:
        return Variable(ast.unparse(atom), (True, False), elements, is_name=False)
    return Variable(" ? ".join(sorted(pair)), (LESS, EQUAL, MORE), elements, is_name=False)


def _middle(low: float, high: float, *, is_whole: bool) -> float | None:
    if not is_whole:
        return (low + high) / 2
    return low + 1 if high - low > 1 else None
