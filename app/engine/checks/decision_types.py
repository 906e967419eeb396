"""Decisions in the types of expressions: what a business rule task gives and takes."""

from collections.abc import Mapping

from app.engine.decisions import DecisionFile
from app.engine.decisions.model import Aggregation, Decision, DecisionTable, ValueType
from app.engine.decisions.trees import Name
from app.engine.decisions.values import Kind
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, Type, choice, list_of

_TYPES: Mapping[Kind, Type] = {
    Kind.STRING: TEXT,
    Kind.NUMBER: NUMBER,
    Kind.INTEGER: NUMBER,
    Kind.BOOLEAN: BOOLEAN,
    Kind.DATE: DATE,
}


def result_types(file: DecisionFile, decision: str) -> dict[str, Type]:
    """Return the type of each result that a task of this decision offers."""
    found = file.decisions[decision]
    table = found.logic
    if not isinstance(table, DecisionTable):
        return {found.variable: _type_of(found.type)}
    return {output.name: _result_type(found, table, output.type) for output in table.outputs}


def input_types(file: DecisionFile, decision: str) -> dict[str, Type]:
    """Return the type of each value that the caller of a decision gives, as far as the file tells."""
    types: dict[str, Type] = {}
    for one in file.chain(decision):
        columns = one.logic.inputs if isinstance(one.logic, DecisionTable) else ()
        for column in columns:
            if isinstance(column.expression.tree, Name):
                types.setdefault(column.expression.tree.dotted, _type_of(ValueType(column.type.kind)))
    declared = {name: _type_of(ValueType(variable.type.kind)) for name, variable in file.variables.items()}
    return types | declared


def _result_type(decision: Decision, table: DecisionTable, declared: ValueType) -> Type:
    if table.aggregation is Aggregation.COUNT:
        return NUMBER
    found = _type_of(decision.type if declared.kind is Kind.ANY and len(table.outputs) == 1 else declared)
    return list_of(found) if decision.is_list else found


def _type_of(type_: ValueType) -> Type:
    choices = type_.choices
    if type_.kind is Kind.STRING and choices and all(isinstance(value, str) for value in choices):
        return choice(tuple(map(str, choices)))
    return _TYPES.get(type_.kind, ANY)
