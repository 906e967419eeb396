"""Numbers in addresses and forms, never greater than a database can hold."""

from flask import Flask
from werkzeug.routing import IntegerConverter

DIGITS = 15


class Number(IntegerConverter):
    """The number of a row in an address; a longer one is the address of nothing."""

    regex = rf"[0-9]{{1,{DIGITS}}}"


def init_numbers(app: Flask) -> None:
    """Let `<int:…>` in every address stand for a number of a row."""
    app.url_map.converters["int"] = Number


def whole(text: str) -> int:
    """Read a whole number, as `type=` of arguments and form fields; raises ValueError, which leaves it out."""
    if len(text) > DIGITS:
        raise ValueError("more digits than a row's number has")
    return int(text)
