"""The types of rule parameters, as expressions see them."""

from collections.abc import Mapping

from app.domain.rule_definitions import Definition, Shape, ValueType
from app.engine.types import BOOLEAN, NUMBER, TEXT, Type, choice, list_of, row_of


def rule_type(shape: Shape) -> Type:
    """Return the type of a rule parameter's value."""
    if shape.type in {ValueType.CHOICE, ValueType.CHOICES}:
        found = choice(tuple(shape.options))
        return list_of(found) if shape.type is ValueType.CHOICES else found
    if shape.type is ValueType.ROWS and isinstance(shape, Definition):
        return list_of(row_of({column.key: rule_type(column) for column in shape.columns}))
    if shape.type is ValueType.CEILINGS:
        return row_of(dict.fromkeys(shape.options, NUMBER))
    return _PLAIN.get(shape.type, TEXT)


_PLAIN: Mapping[ValueType, Type] = {
    ValueType.NUMBER: NUMBER,
    ValueType.MONEY: NUMBER,
    ValueType.BOOLEAN: BOOLEAN,
    ValueType.WORDS: list_of(TEXT),
}
