"""Drafts: what a person typed and has not handed in, found again on any device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.work import Draft
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.filling.submissions import LONGEST_COMMENT
from app.services.transactions import writing

# What a page says that was drawn where there was no draft.
NONE_YET = 0


class DraftMoved(Conflict):
    """Another device saved or took away the draft meanwhile; `present` is what it is now, None where it is gone."""

    message = N_("这份草稿刚在另一台设备上改过，这里填的没有保存。")

    def __init__(self, present: Draft | None) -> None:
        super().__init__(
            None if present is not None else N_("这份草稿刚在另一台设备上提交或者丢弃了，这里填的没有保存。")
        )
        self.revision = present.revision if present is not None else NONE_YET


@dataclass(frozen=True)
class Typed:
    """What was typed; None leaves what was saved before. `seen` is the draft's revision that it was typed upon."""

    values: Mapping[str, Any] | None
    comment: str | None = None
    # Without it, what is there is overwritten.
    seen: int | None = None


def task_subject(item_id: int) -> str:
    """Return what a draft for a work item is about."""
    return f"task/{item_id}"


def start_subject(process_key: str, organization_id: int) -> str:
    """Return what a draft for a case to start is about."""
    return f"start/{process_key}/{organization_id}"


def list_subject(organization_id: int, school_year: int, revision: int) -> str:
    """Return what a draft for a list of homeroom teachers is about: gone once another list is confirmed."""
    return f"homeroom/{organization_id}/{school_year}/{revision}"


def draft_of(session: Session, actor: Actor, subject: str) -> Draft | None:
    """Return what was typed before and not handed in."""
    return session.scalar(_query(actor, subject))


def keep(session: Session, actor: Actor, subject: str, typed: Typed) -> Draft:
    """Keep what was typed, as it was typed. Raises DraftMoved where another device was quicker."""
    try:
        with writing(session):
            return _kept(session, actor, subject, typed)
    except IntegrityError:  # two devices save the first draft in the same instant
        raise DraftMoved(draft_of(session, actor, subject)) from None


def discard(session: Session, actor: Actor, subject: str) -> None:
    """Throw a draft away."""
    with writing(session):
        session.execute(delete(Draft).where(Draft.person_id == actor.person_id, Draft.subject == subject))


def _kept(session: Session, actor: Actor, subject: str, typed: Typed) -> Draft:
    found = session.scalar(_query(actor, subject).with_for_update().execution_options(populate_existing=True))
    if typed.seen is not None and typed.seen != (found.revision if found is not None else NONE_YET):
        raise DraftMoved(found)
    if found is None:
        found = Draft(person_id=actor.person_id, subject=subject, values={}, revision=NONE_YET)
        session.add(found)
    if typed.values is not None:
        found.values = dict(typed.values)
    if typed.comment is not None:
        found.comment = typed.comment[:LONGEST_COMMENT]
    found.revision, found.saved_at = found.revision + 1, clock.now()
    session.flush()
    return found


def _query(actor: Actor, subject: str) -> Select[Draft]:
    return select(Draft).where(Draft.person_id == actor.person_id, Draft.subject == subject)
