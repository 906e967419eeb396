"""Paths of elements, such as `legal_sign` or `panel_review/score`: the calls that lead there, and the element's id."""

from collections.abc import Mapping
from typing import Any


def calls_in(path: str) -> tuple[str, ...]:
    """Return the chain of call activities that a path leads through."""
    return tuple(path.split("/")[:-1]) if "/" in path else ()


def name_in(path: str) -> str:
    """Return the id of the element that a path leads to."""
    return path.rpartition("/")[2]


def beside(path: str, name: str) -> str:
    """Return the path of another element of the same process."""
    return "/".join((*calls_in(path), name))


def values_beside(values: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Return the values of the process in which the element at a path stands."""
    for call in calls_in(path):
        inner = values.get(call)
        values = inner if isinstance(inner, dict) else {}
    return values


def values_at(values: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Return what is kept under the element at a path: its fields, verdict or results."""
    found = values_beside(values, path).get(name_in(path))
    return found if isinstance(found, dict) else {}
