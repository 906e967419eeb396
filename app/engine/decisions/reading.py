"""Read a DMN file of version 1.1 to 1.5, whatever its prefix."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.domain.text import N_
from app.engine.decisions.model import Decision, DecisionFile, DecisionTable, ValueType, Variable
from app.engine.decisions.refusals import KINDS, NAMESPACES, is_feel, refusal_of
from app.engine.decisions.requirements import check_lines, check_requirements
from app.engine.decisions.sources import NOT_A_NAME, NOT_FEEL, NULL, Source, is_name, local_name, permitted
from app.engine.decisions.table_reading import read_table
from app.engine.decisions.trees import Expression
from app.engine.problems import Report
from app.engine.xml import parse_xml

MAX_DECISIONS = 50
MAX_TYPES = 50
MAX_VARIABLES = 200
LONGEST_ID = 100


def read_decisions(file: str, text: str) -> DecisionFile:
    """Read a DMN file. Raises PackageError with every problem found."""
    report = Report(file)
    root = parse_xml(text, report)
    namespace = _namespace_of(root, report)
    if not is_feel(root.get("expressionLanguage")):
        report.add("", "dmn-language", NOT_FEEL, name=root.get("expressionLanguage"))
    _refuse(root, namespace, "", report)
    _check_ids(root, namespace, report)
    if sum(1 for _node in root.iterchildren(f"{{{namespace}}}inputData")) > MAX_VARIABLES:
        report.add("", "dmn-size", N_("输入数据最多 %(limit)d 个，请拆成几个文件。"), limit=MAX_VARIABLES)
    report.stop_if_wrong()
    found = _read(root, Source(namespace, report, {}, ()), file)
    report.stop_if_wrong()
    return found


def _namespace_of(root: Any, report: Report) -> str:
    namespace = str(root.tag)[1:].rsplit("}", maxsplit=1)[0]
    if local_name(root) != "definitions" or namespace not in NAMESPACES:
        report.add("", "dmn", N_("这不是 DMN 1.1 到 1.5 的文件。"))
    report.stop_if_wrong()
    return namespace


def _refuse(node: Any, namespace: str, element: str, report: Report) -> None:
    """Note what is not supported, the outermost of what stands within each other."""
    for child in permitted(node, namespace):
        here = child.get("id") or element
        refusal = refusal_of(local_name(child))
        if refusal:
            report.add(here, "dmn-vocabulary", refusal)
        elif local_name(child) != "extensionElements":
            _refuse(child, namespace, here, report)


def _check_ids(root: Any, namespace: str, report: Report) -> None:
    seen: set[str] = set()
    for node in root.iter(f"{{{namespace}}}*"):
        name = node.get("id")
        if name in seen:
            report.add(name, "dmn-id", N_("编号“%(name)s”重复了，请改正。"), name=name)
        if name:
            seen.add(name)


def _read(root: Any, source: Source, file: str) -> DecisionFile:
    source = replace(source, types=_item_types(root, source), names=frozenset(_spaced_names(root, source)))
    variables = {item.id: item for item in _variables(root, source)}
    nodes = source.children(root, "decision")
    if not 0 < len(nodes) <= MAX_DECISIONS:
        source.add("dmn-size", N_("文件里要有决策，最多 %(limit)d 个。"), limit=MAX_DECISIONS)
        nodes = []
    types = {item.name: item.type for item in variables.values()}
    types |= {_variable_name(node, source): _variable_type(node, source) for node in nodes}
    decisions = {node.get("id", ""): _decision(node, source, types) for node in nodes}
    found = DecisionFile(file, {item.name: item for item in variables.values()}, decisions)
    _check_twice([*(item.name for item in variables.values()), *(item.variable for item in decisions.values())], source)
    _check_inputs(nodes, variables, source)
    check_requirements(found, source)
    source.report.stop_if_wrong()
    check_lines(found, source)
    return found


def _check_twice(names: list[str], source: Source) -> None:
    for name in sorted(name for name, count in Counter(names).items() if count > 1):
        source.add("dmn-name", N_("有两个输入或者决策叫“%(name)s”，请改名。"), name=name)


def _check_inputs(nodes: list[Any], variables: Mapping[str, Variable], source: Source) -> None:
    for node in nodes:
        for name in set(_required(node, source, "requiredInput")) - variables.keys():
            source.at(node, "").add("dmn-requirement", N_("连线指向的输入“%(name)s”不存在，请重新连接。"), name=name)


def _item_types(root: Any, source: Source) -> dict[str, ValueType]:
    nodes = {node.get("name") or "": node for node in source.children(root, "itemDefinition")}
    if len(nodes) > MAX_TYPES:
        source.add("dmn-size", N_("自定的类型最多 %(limit)d 个。"), limit=MAX_TYPES)
        return {}
    return {name: _item_type(name, nodes, source) for name in nodes}


def _item_type(name: str, nodes: Mapping[str, Any], source: Source) -> ValueType:
    """Return what a type of the file's own comes down to; each step removes a name, so that circles end."""
    node = nodes[name]
    here = source.at(node, N_("类型“%s”") % name)
    if node.get("isCollection") == "true":
        here.add("dmn-type", N_("不支持列表类型，请改成一个值的类型。"))
    reference = source.child(node, "typeRef")
    base = "" if reference is None else (reference.text or "").strip().rsplit(":", maxsplit=1)[-1]
    rest = {other: found for other, found in nodes.items() if other != name}
    known = {base: _item_type(base, rest, source)} if base in rest and base not in KINDS else {}
    return replace(here, types=known).type_of(base, source.child(node, "allowedValues"))


def _spaced_names(root: Any, source: Source) -> Iterator[str]:
    for kind in ("inputData", "decision"):
        for node in source.children(root, kind):
            name = _variable_name(node, source)
            if is_name(name) and " " in name:
                yield name


def _variables(root: Any, source: Source) -> Iterator[Variable]:
    for node in source.children(root, "inputData"):
        name = _variable_name(node, source)
        if not is_name(name):
            source.at(node, "").add("dmn-name", NOT_A_NAME, name=name)
        yield Variable(node.get("id", ""), name, _variable_type(node, source))


def _variable_name(node: Any, source: Source) -> str:
    variable = source.child(node, "variable")
    name = (None if variable is None else variable.get("name")) or node.get("name") or node.get("id") or ""
    return " ".join(name.split())


def _variable_type(node: Any, source: Source) -> ValueType:
    variable = source.child(node, "variable")
    here = source.at(node, N_("“%s”") % (node.get("name") or ""))
    return here.type_of(None if variable is None else variable.get("typeRef"))


def _decision(node: Any, source: Source, types: Mapping[str, ValueType]) -> Decision:
    name = node.get("name") or node.get("id") or ""
    here = source.at(node, N_("决策“%s”") % name)
    if not 0 < len(node.get("id", "")) <= LONGEST_ID:
        here.add("dmn-id", N_("决策要有编号（id），最多 %(limit)d 个字符，请改正。"), limit=LONGEST_ID)
    variable = _variable_name(node, source)
    return Decision(
        node.get("id", ""),
        name,
        variable,
        types[variable],
        _logic(node, here, variable, types),
        tuple(_required(node, here, "requiredDecision")),
    )


def _logic(node: Any, here: Source, variable: str, types: Mapping[str, ValueType]) -> DecisionTable | Expression:
    table, literal = here.child(node, "decisionTable"), here.child(node, "literalExpression")
    if table is not None:
        return read_table(table, here, variable, types)
    text = here.text(literal)
    if not text:
        here.add("dmn-logic", N_("没有内容，请画决策表或者写表达式。"))
    return here.expression(text) if text else NULL


def _required(node: Any, source: Source, kind: str) -> list[str]:
    nodes = [
        found
        for requirement in source.children(node, "informationRequirement")
        for found in source.children(requirement, kind)
    ]
    return [(found.get("href") or "").removeprefix("#") for found in nodes]
