"""What a score page posts: a row for each candidate, points as numbers where they are some, else as typed."""

import re
from collections.abc import Iterator
from typing import Any

from flask import request

from app.domain.panels import MOST_CANDIDATES, MOST_CRITERIA
from app.engine.panels import SCORES
from app.views.form_posts import Post

_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")
_LONGEST_TYPED = 20
# As phones write digits and points between Chinese words.
_PLAIN = str.maketrans("０１２３４５６７８９．。－", "0123456789..-")


def read_scores() -> Post:
    """Read the request's score sheet."""
    return Post({SCORES: list(_rows())})


def _rows() -> Iterator[dict[str, Any]]:
    for place in range(MOST_CANDIDATES):
        start = f"{SCORES}.{place}"
        if f"{start}.candidate" in request.form:
            yield {
                "candidate": request.form[f"{start}.candidate"],
                "points": list(_points(f"{start}.points")),
                "opinion": request.form.get(f"{start}.opinion", ""),
            }


def _points(start: str) -> Iterator[Any]:
    for place in range(MOST_CRITERIA):
        if f"{start}.{place}" in request.form:
            yield _number(request.form[f"{start}.{place}"])


def _number(typed: str) -> int | float | str | None:
    text = typed.translate(_PLAIN).strip()[:_LONGEST_TYPED]
    if not _NUMBER.fullmatch(text):
        return text or None
    return float(text) if "." in text else int(text)
