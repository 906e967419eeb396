"""Infer the type of an expression, noting what could not be evaluated or could never be true."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from typing import Any

from app.domain.text import N_, Sentence, sentence
from app.engine.checks import calls, comparisons
from app.engine.checks.findings import Finding
from app.engine.checks.names import CASE, OF_CASE, PARAMS, RULES, Scope, nearest
from app.engine.dues import parse_due
from app.engine.expressions import ExpressionError
from app.engine.types import ANY, BOOLEAN, NUMBER, TEXT, Kind, Type, are_alike, common, is_one_of, list_of

Parameters = Mapping[str, Type] | None
_WRITE_DOTTED = N_("“%(text)s”里的 %(name)s 不存在，请写成“环节编号.字段”或者“环节编号.verdict”。")
# A deadline may be written in several ways.
_OF_DUES = frozenset({Kind.TEXT, Kind.DATE, Kind.WORKING_DAYS, Kind.MOMENT, Kind.REPEAT})
_DID_YOU_MEAN = N_("“%(text)s”里的 %(name)s 不存在，是不是 %(nearest)s？请改正名称。")


@dataclass(frozen=True)
class Inferred:
    """The type of an expression, and what is wrong in it."""

    type: Type
    findings: tuple[Finding, ...] = ()


def infer(text: str, scope: Scope, parameters: Parameters, *, is_condition: bool = False) -> Inferred:
    """Infer the type of an expression or deadline; one that cannot be read has none and is noted elsewhere."""
    try:
        expression = parse_due(text).expression
    except ExpressionError:
        return Inferred(ANY)
    if expression is None:
        return Inferred(TEXT)
    inference = _Inference(text, scope, parameters)
    tree = expression.tree
    found = inference.truth(tree) if is_condition else inference.infer(tree)
    return Inferred(found, tuple(dict.fromkeys(inference.findings)))


@dataclass
class _Inference:
    """One expression's walk; it goes on after each finding with a type that fits everywhere."""

    text: str
    scope: Scope
    parameters: Parameters
    findings: list[Finding] = field(default_factory=list)

    def infer(self, node: ast.expr) -> Type:
        """Return the type of a node."""
        found: Type = _READERS[type(node)](self, node)
        return found

    def note(self, rule: str, message: str, **params: object) -> Type:
        """Note what is wrong."""
        self.findings.append(Finding(rule, sentence(message, text=self.text, **params)))
        return ANY

    def truth(self, node: ast.expr) -> Type:
        """Note what is neither true nor false where that is asked for."""
        if isinstance(node, ast.BoolOp):
            for part in node.values:
                self.truth(part)
        elif isinstance(node, ast.IfExp):
            self.truth(node.test)
            self.truth(node.body)
            self.truth(node.orelse)
        else:
            found = self.infer(node)
            if not is_one_of(found, Kind.BOOLEAN):
                message = N_("“%(text)s”里的 %(part)s 是%(kind)s，条件要有真假，请写成比较，例如 x != null。")
                self.note("type", message, part=ast.unparse(node), kind=found.title)
        return BOOLEAN

    def constant(self, node: ast.Constant) -> Type:
        """Return the type of a literal."""
        if isinstance(node.value, bool):
            return BOOLEAN
        return TEXT if isinstance(node.value, str) else NUMBER if node.value is not None else ANY

    def name(self, node: ast.Name) -> Type:
        """Return the type of a word that stands alone."""
        if node.id in {"true", "false"}:
            return BOOLEAN
        if node.id in {"null", PARAMS, RULES}:
            return ANY
        return self.unknown(node.id)

    def unknown(self, name: str) -> Type:
        """Note a name that stands for nothing, and what was probably meant."""
        meant = nearest(name, self.scope)
        return self.note("name", _DID_YOU_MEAN if meant else _WRITE_DOTTED, name=name, nearest=meant)

    def attribute(self, node: ast.Attribute) -> Type:
        """Return the type of a field."""
        if not isinstance(node.value, ast.Name):
            return self._part(self.infer(node.value), node.attr)
        element = node.value.id
        if element == PARAMS:
            return ANY
        if element == RULES:
            return self.note("rule", N_('“%(text)s”里的规则参数要写成 rules["%(name)s"] 这样。'), name=node.attr)
        offered = OF_CASE if element == CASE else self.scope.get(element, {})
        if offered is None:
            return ANY
        return offered[node.attr] if node.attr in offered else self.unknown(f"{element}.{node.attr}")

    def _part(self, whole: Type, name: str) -> Type:
        if not is_one_of(whole, Kind.ROW):
            message = N_("“%(text)s”里的 %(name)s 取不出来，前面是%(kind)s；列表的一列请用 pluck。")
            return self.note("type", message, name=name, kind=whole.title)
        if whole.columns is None:
            return ANY
        if name not in whole.columns:
            message = N_("“%(text)s”里没有“%(name)s”这一列，请改成这些里的一个：%(known)s。")
            return self.note("name", message, name=name, known="、".join(whole.columns))
        return whole.columns[name]

    def subscript(self, node: ast.Subscript) -> Type:
        """Return the type of a rule parameter, a row of a list or a value of a row."""
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if isinstance(node.value, ast.Name) and node.value.id == RULES:
            return self._rule(key)
        whole = self.infer(node.value)
        if whole.kind is Kind.LIST:
            return whole.item or ANY
        return self._part(whole, key) if isinstance(key, str) else ANY

    def _rule(self, key: object) -> Type:
        if not isinstance(key, str):
            return self.note("rule", N_('“%(text)s”里的 rules 后面要直接写参数名，例如 rules["a.b"]。'))
        if self.parameters is None:
            return ANY
        if key not in self.parameters:
            return self.note("rule", N_("“%(text)s”里没有规则参数“%(name)s”，请改正名称。"), name=key)
        return self.parameters[key]

    def items(self, node: ast.List | ast.Tuple) -> Type:
        """Return the type of a list that is written out."""
        return list_of(self._same(node, [self.infer(item) for item in node.elts]))

    def either(self, node: ast.BoolOp) -> Type:
        """Return the type of `and` and `or`, which give one of their operands."""
        return self._same(node, [self.infer(part) for part in node.values])

    def _same(self, node: ast.expr, found: list[Type]) -> Type:
        """Return the type that values of several parts have in common."""
        if any(not are_alike(one, other) and not {one.kind, other.kind} <= _OF_DUES for one, other in pairwise(found)):
            message = N_("“%(text)s”里的 %(part)s 混着几种值，请改成同一种。")
            return self.note("type", message, part=ast.unparse(node))
        return reduce(common, found) if found else ANY

    def unary(self, node: ast.UnaryOp) -> Type:
        """Return the type of a negation or of a number with a sign."""
        if isinstance(node.op, ast.Not):
            return self.truth(node.operand)
        found = self.infer(node.operand)
        return NUMBER if is_one_of(found, Kind.NUMBER) else self._no_number(node.operand, found)

    def arithmetic(self, node: ast.BinOp) -> Type:
        """Return the type of a calculation."""
        left, right = self.infer(node.left), self.infer(node.right)
        if isinstance(node.op, ast.Add) and left.kind is right.kind and left.kind in {Kind.TEXT, Kind.LIST}:
            return Type(left.kind, item=left.item if left.item == right.item else None)
        if isinstance(node.op, ast.Add) and Kind.ANY in {left.kind, right.kind}:
            return ANY
        for part, found in ((node.left, left), (node.right, right)):
            if not is_one_of(found, Kind.NUMBER):
                return self._no_number(part, found)
        if isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod) and _is_zero(node.right):
            return self.note("type", N_("“%(text)s”里的除数是 0，请改正。"))
        return NUMBER

    def _no_number(self, node: ast.expr, found: Type) -> Type:
        message = N_("“%(text)s”里的 %(part)s 是%(kind)s，只有数字才能计算，请改正。")
        return self.note("type", message, part=ast.unparse(node), kind=found.title)

    def compare(self, node: ast.Compare) -> Type:
        """Check each pair that is compared."""
        parts = [node.left, *node.comparators]
        types = [self.infer(part) for part in parts]
        for place, symbol in enumerate(node.ops):
            left, right = (comparisons.Side(parts[at], types[at]) for at in (place, place + 1))
            self._add(comparisons.objections(symbol, left, right))
        return BOOLEAN

    def choose(self, node: ast.IfExp) -> Type:
        """Return the type of `a if b else c`."""
        self.truth(node.test)
        return self._same(node, [self.infer(node.body), self.infer(node.orelse)])

    def call(self, node: ast.Call) -> Type:
        """Return what a function gives for its arguments."""
        arguments = [calls.Argument(one, self.infer(one)) for one in node.args]
        found, objections = calls.result_of(ast.unparse(node.func), arguments)
        self._add(objections)
        return found

    def _add(self, objections: Iterator[Finding] | tuple[Finding, ...]) -> None:
        for one in objections:
            message: Sentence = one.sentence
            self.note(one.rule, message.message, **message.params)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


_READERS: Mapping[type[ast.expr], Callable[[_Inference, Any], Type]] = {
    ast.Constant: _Inference.constant,
    ast.Name: _Inference.name,
    ast.Attribute: _Inference.attribute,
    ast.Subscript: _Inference.subscript,
    ast.List: _Inference.items,
    ast.Tuple: _Inference.items,
    ast.BoolOp: _Inference.either,
    ast.UnaryOp: _Inference.unary,
    ast.BinOp: _Inference.arithmetic,
    ast.Compare: _Inference.compare,
    ast.IfExp: _Inference.choose,
    ast.Call: _Inference.call,
}
