"""JSON that people write by hand: nothing doubled, nothing endless, nothing that a database could not keep."""

import json
import math
from typing import Any

DEEPEST = 32
_WIDEST = 64


def read_json(text: str) -> Any:
    """Return the value. Raises ValueError for doubled keys, NaN, endless numbers, deep nesting and unkeepable text."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refused, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not is_keepable(value):
        raise ValueError("not keepable")
    return value


def is_keepable(value: Any, depth: int = DEEPEST) -> bool:
    """Tell whether a value is JSON of bounded depth that every database keeps."""
    if isinstance(value, str):
        return is_keepable_text(value)
    if isinstance(value, dict):
        return depth > 0 and all(
            isinstance(key, str) and is_keepable_text(key) and is_keepable(child, depth - 1)
            for key, child in value.items()
        )
    if isinstance(value, list):
        return depth > 0 and all(is_keepable(child, depth - 1) for child in value)
    return value is None or isinstance(value, bool) or _is_keepable_number(value)


def is_keepable_text(text: str) -> bool:
    """Tell whether a text has neither NUL nor half of a pair of surrogates."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _is_keepable_number(value: Any) -> bool:
    if isinstance(value, int):
        return value.bit_length() < _WIDEST
    return isinstance(value, float) and math.isfinite(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _refused(name: str) -> Any:
    raise ValueError(name)
