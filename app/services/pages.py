"""Keyset paging: lists grow, a page costs the same."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.domain.errors import Invalid
from app.domain.text import N_

Row = TypeVar("Row")
LARGEST = 100
LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A page of a list, and the cursor of the next one."""

    items: Sequence[Row]
    next: str | None = None


def limit_of(value: int | None, default: int = 20) -> int:
    """Return a page size. Raises Invalid beyond 100."""
    if value is None:
        return default
    if not 1 <= value <= LARGEST:
        raise Invalid.field("limit", N_("每页 1 到 %(most)d 条。"), most=LARGEST)
    return value


def encode(key: Sequence[Any]) -> str:
    """Write the last row's key as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def decode(cursor: str | None, length: int) -> list[Any] | None:
    """Read a cursor. Raises Invalid for anything else."""
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        key = None
    if not isinstance(key, list) or len(key) != length or not _is_key(key):
        raise Invalid.field("cursor", N_("翻页的位置不对，请从第一页看起。"))
    return key


def _is_key(key: list[Any]) -> bool:
    """Tell whether a cursor is a row's key, texts and at last its number: it comes from outside."""
    *texts, number = key
    is_number = isinstance(number, int) and not isinstance(number, bool) and abs(number) <= LARGEST_KEY
    return is_number and all(isinstance(text, str) for text in texts)
