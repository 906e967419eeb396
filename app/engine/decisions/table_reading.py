"""Read decision tables."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.text import N_
from app.engine.decisions.model import Aggregation, DecisionTable, HitPolicy, Input, Output, Rule, ValueType
from app.engine.decisions.sources import NULL, Source
from app.engine.decisions.trees import Name

MAX_RULES = 500
MAX_COLUMNS = 30
_ANYTHING = ValueType()


def read_table(node: Any, source: Source, name: str, variables: Mapping[str, ValueType]) -> DecisionTable:
    """Read a table of the decision of this name; what is wrong is noted."""
    columns = [source.children(node, kind) for kind in ("input", "output", "rule")]
    inputs, outputs, rules = columns
    _check_size(len(inputs), len(outputs), len(rules), source)
    if max(len(inputs), len(outputs)) > MAX_COLUMNS or len(rules) > MAX_RULES:
        return DecisionTable((), (), ())
    heads = tuple(_input(one, source, number, variables) for number, one in enumerate(inputs, start=1))
    tails = tuple(_output(one, source, number, name, len(outputs) > 1) for number, one in enumerate(outputs, start=1))
    if len({tail.name for tail in tails}) < len(tails):
        source.add("dmn-table", N_("有两个输出同名，请改名。"))
    policy, aggregation = _policy(node, source, len(tails))
    reader = _Rules(source, heads, tails)
    return DecisionTable(
        heads, tails, tuple(reader.read(one, number) for number, one in enumerate(rules, start=1)), policy, aggregation
    )


def _check_size(inputs: int, outputs: int, rules: int, source: Source) -> None:
    if not outputs or not rules:
        source.add("dmn-table", N_("决策表至少要有一个输出和一条规则，请补上。"))
    if max(inputs, outputs) > MAX_COLUMNS:
        source.add("dmn-size", N_("决策表最多 %(limit)d 列，请拆成几个决策。"), limit=MAX_COLUMNS)
    if rules > MAX_RULES:
        source.add("dmn-size", N_("决策表最多 %(limit)d 条规则，请拆成几个决策。"), limit=MAX_RULES)


def _input(node: Any, source: Source, number: int, variables: Mapping[str, ValueType]) -> Input:
    head = source.child(node, "inputExpression")
    text = source.text(head)
    label = node.get("label") or text
    here = source.at(node, N_("%(place)s第 %(number)d 个输入") % {"place": source.place, "number": number})
    if not text:
        here.add("dmn-table", N_("要写明看哪个值（input expression）。"))
    expression = here.expression(text) if text else NULL
    reference = None if head is None else head.get("typeRef")
    values = source.child(node, "inputValues")
    declared = here.type_of(reference, values)
    inherited = variables.get(expression.tree.dotted) if isinstance(expression.tree, Name) else None
    return Input(label, expression, _merged(declared, inherited or _ANYTHING))


def _merged(declared: ValueType, inherited: ValueType) -> ValueType:
    """Let a column take from its variable what it does not say itself."""
    kind = inherited.kind if declared.kind is _ANYTHING.kind else declared.kind
    return ValueType(kind, declared.allowed or inherited.allowed)


def _output(node: Any, source: Source, number: int, name: str, is_one_of_many: bool) -> Output:  # noqa: FBT001
    here = source.at(node, N_("%(place)s第 %(number)d 个输出") % {"place": source.place, "number": number})
    own = node.get("name") or ""
    if is_one_of_many and not own:
        here.add("dmn-table", N_("有几个输出时，每个输出都要有名称，请补上。"))
    default = here.text(source.child(node, "defaultOutputEntry"))
    return Output(
        own or name,
        here.type_of(node.get("typeRef"), source.child(node, "outputValues")),
        here.expression(default) if default else None,
    )


def _policy(node: Any, source: Source, outputs: int) -> tuple[HitPolicy, Aggregation | None]:
    policy = _choice(node, "hitPolicy", HitPolicy, source) or HitPolicy.UNIQUE
    aggregation = _choice(node, "aggregation", Aggregation, source)
    if aggregation and policy is not HitPolicy.COLLECT:
        source.add("dmn-hit-policy", N_("只有命中策略 COLLECT 才能汇总，请去掉 aggregation。"))
    elif aggregation and outputs > 1:
        source.add("dmn-hit-policy", N_("汇总（C+ C< C> C#）只能用在一个输出的表上，请拆成几个决策。"))
    return policy, aggregation


def _choice(node: Any, attribute: str, kind: Callable[[str], Any], source: Source) -> Any:
    text = node.get(attribute)
    try:
        return kind(text) if text else None
    except ValueError:
        message = N_("不支持的 %(attribute)s：“%(text)s”，请改正。")
        source.add("dmn-hit-policy", message, attribute=attribute, text=text)
        return None


class _Rules:
    """Read the rows of one table."""

    def __init__(self, source: Source, inputs: tuple[Input, ...], outputs: tuple[Output, ...]) -> None:
        self._source = source
        self._inputs = [column.label for column in inputs]
        self._outputs = [column.name for column in outputs]

    def read(self, node: Any, number: int) -> Rule:
        """Read a row."""
        tests = [here.tests(here.text(cell)) for cell, here in self._cells(node, number, "inputEntry", self._inputs)]
        cells = [(here.text(cell), here) for cell, here in self._cells(node, number, "outputEntry", self._outputs)]
        outputs = [here.expression(text) if text else NULL for text, here in cells]
        missing = tuple(index for index, (text, _here) in enumerate(cells) if not text)
        return Rule(number, node.get("id") or "", tuple(tests), tuple(outputs), missing)

    def _cells(self, node: Any, number: int, kind: str, columns: list[str]) -> list[tuple[Any, Source]]:
        params = {"place": self._source.place, "number": number}
        here = self._source.at(node, N_("%(place)s第 %(number)d 条规则") % params)
        found = here.children(node, kind)
        if len(found) != len(columns):
            here.add("dmn-table", N_("格子的个数和列数不一样，请补齐或者删去多余的。"))
            return []
        return [(cell, here.at(node, f"{here.place}“{label}”")) for cell, label in zip(found, columns, strict=True)]
