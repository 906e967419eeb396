"""Objections as people read them: who objects reads the own one, the handler the one at hand, nobody else any."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.db.notices import Notice
from app.db.objections import Objection
from app.db.people import Person
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.objections import HANDLER_TASKS, REPLY_WORKING_DAYS
from app.services.notices.scope import visible_notices
from app.services.objections.seals import Contents, Seal
from app.services.timing import calendars
from app.services.transactions import writing

WHOLE = (joinedload(Objection.notice), joinedload(Objection.person), joinedload(Objection.instance))


@dataclass(frozen=True)
class ObjectionView:
    """An objection as its reader may see it."""

    objection: Objection
    # None where another secret sealed it.
    contents: Contents | None
    objector: Person | None
    is_own: bool

    @property
    def reply_by(self) -> date | None:
        """Return by when the reply is due."""
        return reply_by(self.objection, self.objection.instance.rules)


def reply_by(objection: Objection, rules: Mapping[str, Mapping[str, Any]]) -> date | None:
    """Return by when the reply to an objection is due, by the rules that its case is pinned to."""
    days = (rules.get(REPLY_WORKING_DAYS) or {}).get("value")
    raised_on = clock.shanghai(objection.raised_at).date()
    return calendars.national().add_working_days(raised_on, days).on if days else None


def view(session: Session, seal: Seal, actor: Actor, objection_id: int) -> ObjectionView:
    """Return an objection to whose it is, or to its handler. Raises NotFound for everybody else."""
    query = select(Objection, _is_handler(actor).label("is_handler")).where(Objection.id == objection_id)
    whole = query.options(*WHOLE, selectinload(Objection.evidence))
    row = session.execute(whole).one_or_none()
    if row is None:
        raise NotFound
    objection, is_handler = row[0], bool(row[1])
    is_own = _is_own(seal, actor, objection)
    if not (is_own or is_handler):
        raise NotFound
    contents = seal.open(objection.sealed)
    objector = session.get(Person, contents.objector_id) if contents and contents.objector_id else None
    return ObjectionView(objection, contents, objector, is_own)


def own(session: Session, seal: Seal, actor: Actor) -> list[Objection]:
    """Return a person's own objections, the latest first: found by their marks among those to notices in sight."""
    visible = select(Notice.id).where(visible_notices(session, actor))
    query = select(Objection).where(Objection.notice_id.in_(visible)).order_by(Objection.id.desc())
    return [one for one in session.scalars(query.options(*WHOLE)) if _is_own(seal, actor, one)]


def handled(session: Session, actor: Actor) -> list[Objection]:
    """Return the objections that a person handles or handled, the latest first."""
    query = select(Objection).where(_is_handler(actor)).order_by(Objection.id.desc())
    return list(session.scalars(query.options(*WHOLE)))


def at_hand(session: Session, actor: Actor, instance_id: int) -> int | None:
    """Return the objection of a case, where the person handles it."""
    query = select(Objection.id).where(Objection.instance_id == instance_id, _is_handler(actor))
    return session.scalar(query)


def mark_read(session: Session, found: ObjectionView) -> None:
    """Note that who objects has read the reply."""
    if found.is_own and found.objection.settled_at is not None and found.objection.read_at is None:
        with writing(session):
            session.get_one(Objection, found.objection.id).read_at = clock.now()


def _is_own(seal: Seal, actor: Actor, objection: Objection) -> bool:
    return objection.mark == seal.mark(objection.notice_id, objection.person_id, actor.person_id)


def _is_handler(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of an objection of which the person has, or did, a task of the handler's; never of one to oneself."""
    is_at_hand = or_(IS_OPEN & (WorkItem.assignee_id == actor.person_id), WorkItem.closed_by_id == actor.person_id)
    # Whoever passes the task on does not open the seal to the person objected to.
    return (Objection.person_id != actor.person_id) & exists().where(
        WorkItem.instance_id == Objection.instance_id,
        WorkItem.element.in_(HANDLER_TASKS),
        WorkItem.parent_id.is_(None),
        is_at_hand,
    )
