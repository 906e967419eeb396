"""Titles and notice texts: `{element.field:format}` filled from a case's values."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.domain import clock, semesters
from app.domain.money import yuan

_PLACE = re.compile(r"\{([a-z0-9_.]+)(?::([a-z]+))?\}")
_CLAUSE_END = re.compile(r"[：:，,。；;\n（(]")
SHORT = 24
WEEKDAYS = "一二三四五六日"


def filled(template: str, names: Mapping[str, Any], find: Callable[[Mapping[str, Any], str], Any] | None = None) -> str:
    """Fill a template; a missing value gives an empty text, never an error. `find` looks a path up otherwise."""

    def place(match: re.Match[str]) -> str:
        value = (find or looked_up)(names, match[1])
        return "" if value is None else FORMATS[match[2] or "text"](value)

    return _PLACE.sub(place, template).strip()


def places_in(template: str) -> list[tuple[str, str]]:
    """Return the dotted paths that a template names, each with its format or nothing."""
    return [(path, style) for path, style in _PLACE.findall(template)]


def looked_up(names: Mapping[str, Any], path: str) -> Any:
    """Return what stands under a dotted path, or None."""
    found: Any = names
    for name in path.split("."):
        # Values are JSON; asking for any mapping takes far longer.
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def short(text: str) -> str:
    """Return the first clause of a text, at most 24 characters."""
    first = _CLAUSE_END.split(text.strip(), maxsplit=1)[0]
    return first if len(first) <= SHORT else f"{first[: SHORT - 1]}…"


def day(on: date) -> str:
    """Write a date as in 11月26日 周四, with the year where it is not this one."""
    text = f"{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"
    return text if on.year == clock.today().year else f"{on.year}年{text}"


def _yuan(value: Any) -> str:
    return yuan(value) if isinstance(value, int) else str(value)


def _day(value: Any) -> str:
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


FORMATS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "yuan": _yuan,
    "short": lambda value: short(str(value)),
    "day": _day,
    "semester": lambda value: semesters.titled(str(value)),
}


def full_day(on: date) -> str:
    """Write a day with its year, as in 2026年11月24日."""
    return f"{on.year}年{on.month}月{on.day}日"
