"""Writing answers: one thing, or a page of a list."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from flask import Response, jsonify

from app.domain.errors import NotFound
from app.services.pages import LARGEST, Page, decode, encode, limit_of
from app.views.api.fields import LARGEST_ID, Answer, Paging

Row = TypeVar("Row")
OK, CREATED = 200, 201
# What a document answers, in the description.
PAPER = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}


def answer(thing: Answer, status: int = OK) -> Response:
    """Write one thing."""
    written = jsonify(plain(thing))
    written.status_code = status
    return written


def listed(items: Iterable[Answer], cursor: str | None = None) -> Response:
    """Write a page of a list."""
    return jsonify({"items": [plain(item) for item in items], "next": cursor})


def page_of(rows: Sequence[Row], query: Paging) -> Page[Row]:
    """Cut a page out of a whole list; raises Invalid for a wrong cursor."""
    after = decode(query.cursor, 1)
    start, size = max(after[0], 0) if after else 0, limit_of(query.limit, LARGEST)
    rest = rows[start : start + size]
    return Page(rest, encode([start + size]) if start + size < len(rows) else None)


def plain(thing: Answer) -> dict[str, Any]:
    """Return a thing as JSON values under the names of the contract."""
    return thing.model_dump(mode="json", by_alias=True)


def known(id: int) -> int:
    """Return a number of an address that the database can hold; raises NotFound for others."""
    if not 0 < id <= LARGEST_ID:
        raise NotFound
    return id
