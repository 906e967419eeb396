"""Numbers in addresses and forms, never greater than a database can hold."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

DIGITS = 15
FIRST_YEAR, LAST_YEAR = 1970, 2999


class Number(IntegerConverter):
    """The number of a row in an address; a longer one is the address of nothing."""

    regex = rf"[0-9]{{1,{DIGITS}}}"


class Year(IntegerConverter):
    """A year in an address; any other number is the address of nothing."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - as werkzeug names it
        super().__init__(map, min=FIRST_YEAR, max=LAST_YEAR)


def init_numbers(app: Flask) -> None:
    """Let `<int:…>` in every address stand for a number of a row."""
    app.url_map.converters["int"] = Number
    app.url_map.converters["year"] = Year


def whole(text: str) -> int:
    """Read a whole number, as `type=` of arguments and form fields; raises ValueError, which leaves it out."""
    if len(text) > DIGITS:
        raise ValueError("more digits than a row's number has")
    return int(text)


def year(text: str) -> int:
    """Read a year, as `type=` of arguments; raises ValueError, which leaves it out."""
    found = whole(text)
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValueError("no year of a budget")
    return found
