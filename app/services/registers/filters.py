"""What is asked of a register, and its pages, which begin with the newest day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.text import N_
from app.services.accounts.organizations import get_organization
from app.services.pages import Page, decode, encode

Row = TypeVar("Row")
# Where a row stands in its list: its day and its number.
Place = tuple[date, int]
PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What is asked of every register; `organization_id` includes all below it, `year` is a calendar year."""

    organization_id: int | None = None
    person_id: int | None = None
    year: int | None = None
    as_of: date | None = None


def path_of(session: Session, actor: Actor, organization_id: int | None) -> str | None:
    """Return the path of the organisation that is asked for. Raises NotFound for one out of sight."""
    if organization_id is None:
        return None
    return get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION).path


def dated_page(
    cursor: str | None,
    size: int,
    read: Callable[[Place | None, int], Sequence[Row]],
    place_of: Callable[[Row], Place],
) -> Page[Row]:
    """Return the page behind a cursor; `read` gives so many rows behind a place. Raises Invalid for a wrong cursor."""
    found = read(_place(cursor), size + 1)
    if len(found) <= size:
        return Page(found)
    day, number = place_of(found[size - 1])
    return Page(found[:size], encode([day.isoformat(), number]))


def _place(cursor: str | None) -> Place | None:
    key = decode(cursor, 2)
    if key is None:
        return None
    try:
        return date.fromisoformat(key[0]), key[1]
    except ValueError:
        raise Invalid.field("cursor", N_("翻页的位置不对，请从第一页看起。")) from None
