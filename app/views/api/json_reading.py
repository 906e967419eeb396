"""JSON as the API reads it: no NaN, no endless nesting, no text that a database cannot keep."""

from typing import Any

import orjson
from flask.json.provider import DefaultJSONProvider

DEEPEST = 32


class StrictJson(DefaultJSONProvider):
    """Read strictly; write Chinese as it is and keys in the order given."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Return the value; raises ValueError, which becomes status 400."""
        del kwargs
        value = orjson.loads(s)
        _check(value, DEEPEST)
        return value


def _check(value: Any, depth: int) -> None:
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a NUL character")
    elif isinstance(value, dict):
        for key, child in value.items():
            _check(key, depth)
            _check(child, depth - 1)
    elif isinstance(value, list):
        for child in value:
            _check(child, depth - 1)
