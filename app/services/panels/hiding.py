"""Lines of a score sheet among a case's values: shown to whom they may be told, nobody's own among them.

A called process hands its results on under names of the caller's choice; so lines are known by their columns.
"""

from collections.abc import Mapping
from typing import Any

from app.engine.panels import LINE_TYPES


def without_lines(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values without any line of a score sheet."""
    kept = {name: value for name, value in values.items() if not _is_lines(value)}
    return {name: without_lines(value) if isinstance(value, dict) else value for name, value in kept.items()}


def without_line_of(values: Mapping[str, Any], candidate: str) -> dict[str, Any]:
    """Return values without the lines about one candidate."""
    return {name: _others(value, candidate) for name, value in values.items()}


def _others(value: Any, candidate: str) -> Any:
    if isinstance(value, dict):
        return without_line_of(value, candidate)
    return [row for row in value if str(row["id"]) != candidate] if _is_lines(value) else value


def _is_lines(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) and row.keys() == LINE_TYPES.keys() for row in value)
