"""When a field is hidden: `key op literal`, and nothing else."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.engine.strict_json import read_json

_SHAPE = re.compile(r"\s*=?\s*([a-z][a-z0-9_]*)\s*(<=|>=|!=|<|>|=)\s*([^\s=<>!].*?)\s*", re.DOTALL)
_ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)

Literal = str | int | float | bool | None


@dataclass(frozen=True)
class Condition:
    """A comparison of one field with one literal."""

    key: str
    operator: str
    literal: Literal

    def holds(self, scope: Mapping[str, Any]) -> bool:
        """Tell whether the comparison is true; a missing value is null, ordering unlike kinds is false."""
        value = scope.get(self.key)
        if self.operator in {"=", "!="}:
            return _equal(value, self.literal) is (self.operator == "=")
        if not _comparable(value, self.literal):
            return False
        return _ORDERINGS[self.operator](value, self.literal)


def parse_condition(text: str) -> Condition:
    """Read a condition; raise ValueError where it is not `key op literal`."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    literal = read_json(match[3])
    if isinstance(literal, dict | list):
        raise ValueError(text)  # noqa: TRY004 - the caller asks only whether the text can be read
    return Condition(match[1], match[2], literal)


def _equal(left: object, right: object) -> bool:
    return isinstance(left, bool) is isinstance(right, bool) and left == right


def _comparable(left: object, right: object) -> bool:
    return (_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
