"""What a lock allows the levels below to change."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from app.domain.rule_definitions import Definition, ValueType
from app.domain.vocabulary import Lock


def permits(definition: Definition, lock: Lock, inherited: Any, value: Any) -> bool:
    """Tell whether a lock lets a level below set the value; both values are in their one form."""
    if value == inherited or lock == Lock.FREE:
        return True
    if lock == Lock.FIXED or definition.type not in _AT_LEAST:
        return False
    lower, higher = (inherited, value) if lock == Lock.FLOOR else (value, inherited)
    if definition.type == ValueType.CEILINGS:
        return all(_reaches(definition, lock, lower[key], higher[key]) for key in definition.options)
    return _reaches(definition, lock, lower, higher)


def is_ordered(type_: ValueType) -> bool:
    """Tell whether values of the type can be raised and lowered, so that floor and ceiling make sense."""
    return type_ in _AT_LEAST


def _reaches(definition: Definition, lock: Lock, lower: Any, higher: Any) -> bool:
    # Null is no rule: under a floor anything is stricter than it, and so under a ceiling.
    if lower is None or higher is None:
        return (lower if lock == Lock.FLOOR else higher) is None
    return _AT_LEAST[definition.type](definition, lower, higher)


def _number(definition: Definition, lower: int, higher: int) -> bool:
    del definition
    return higher >= lower


def _ratio(definition: Definition, lower: str, higher: str) -> bool:
    del definition
    return Fraction(higher) >= Fraction(lower)


def _option(definition: Definition, lower: str, higher: str) -> bool:
    order = list(definition.options)
    return order.index(higher) >= order.index(lower)


def _contains(definition: Definition, lower: list[str], higher: list[str]) -> bool:
    del definition
    return set(lower) <= set(higher)


_AT_LEAST: Mapping[ValueType, Callable[[Definition, Any, Any], bool]] = {
    ValueType.NUMBER: _number,
    ValueType.MONEY: _number,
    ValueType.CEILINGS: _number,
    ValueType.BOOLEAN: _number,
    ValueType.RATIO: _ratio,
    ValueType.CHOICE: _option,
    ValueType.CHOICES: _contains,
    ValueType.WORDS: _contains,
}
