"""Rounds as people read them: the list, and one of them with what is in it for the reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.db.ballots import has_voted
from app.db.collectives import CollectiveTask
from app.db.rounds import Application, Round, RoundDateChange
from app.db.work import IS_OPEN, WorkItem
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.services.candidates import may_take, signed_for
from app.services.pages import Page, decode, encode, limit_of
from app.services.rounds import counting, sight
from app.services.rounds.counting import Count

MOST = 200


@dataclass(frozen=True)
class RoundView:
    """A round in the person's sight; `applications` are those that the person may see."""

    round: Round
    count: Count
    applications: Sequence[Application]
    waiting: Sequence[WorkItem]
    tasks: Sequence[CollectiveTask]
    changes: Sequence[RoundDateChange]
    sees_progress: bool
    may_move_dates: bool
    own: Sequence[Application] = field(default_factory=tuple)


def rounds(
    session: Session,
    actor: Actor,
    *,
    organization_id: int | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Round]:
    """Return the rounds in the person's sight, the latest first. Raises Invalid for a wrong cursor."""
    query = select(Round).where(sight.in_sight(actor)).options(joinedload(Round.organization, innerjoin=True))
    query = query.options(joinedload(Round.instance, innerjoin=True))
    if organization_id is not None:
        query = query.where(Round.organization_id == organization_id)
    after, size = decode(cursor, 1), limit_of(limit)
    if after is not None:
        query = query.where(Round.id < after[0])
    rows = list(session.scalars(query.order_by(Round.id.desc()).limit(size + 1)))
    return Page(rows[:size], encode([rows[size - 1].id]) if len(rows) > size else None)


def counts_of(session: Session, found: Sequence[Round]) -> dict[int, int]:
    """Return how many applications each of some rounds has, whatever became of them."""
    query = select(Application.round_id, func.count()).where(Application.round_id.in_([one.id for one in found]))
    rows: Any = session.execute(query.group_by(Application.round_id)).all()
    return dict(rows)


def round_of_sight(session: Session, actor: Actor, round_id: int) -> Round:
    """Return a round in the person's sight. Raises NotFound."""
    found = session.scalar(
        select(Round)
        .where(Round.id == round_id, sight.in_sight(actor))
        .options(joinedload(Round.organization, innerjoin=True), joinedload(Round.instance, innerjoin=True))
    )
    if found is None:
        raise NotFound
    return found


def round_view(session: Session, actor: Actor, round_id: int) -> RoundView:
    """Return a round with what the person may see of it. Raises NotFound."""
    found = round_of_sight(session, actor, round_id)
    applications = _applications(session, actor, found)
    return RoundView(
        round=found,
        count=counting.count(session, found.id),
        applications=applications,
        waiting=_waiting(session, actor, found),
        tasks=_tasks(session, found),
        changes=_changes(session, found),
        sees_progress=sight.sees_progress(actor, found),
        may_move_dates=sight.keeps(actor, found) and found.ended_at is None,
        own=[one for one in applications if one.person_id == actor.person_id],
    )


def _applications(session: Session, actor: Actor, found: Round) -> Sequence[Application]:
    query = (
        select(Application)
        .join(Application.round)
        .where(Application.round_id == found.id, sight.applications_in_sight(actor))
        .options(
            contains_eager(Application.round), joinedload(Application.person), joinedload(Application.organization)
        )
        .options(joinedload(Application.wished_host), joinedload(Application.studio_host))
    )
    return list(session.scalars(query.order_by(Application.kind, Application.id).limit(MOST)))


def _waiting(session: Session, actor: Actor, found: Round) -> Sequence[WorkItem]:
    """Return what the person may do now in a round: in its own case, and in those of its applications."""
    cases = select(Application.instance_id).where(Application.round_id == found.id)
    is_here = (WorkItem.instance_id == found.instance_id) | WorkItem.instance_id.in_(cases)
    is_mine = may_take(actor, signed_for(session, actor)) & ~has_voted()
    query = select(WorkItem).where(IS_OPEN, is_here, is_mine)
    order = WorkItem.due_at.is_(None), WorkItem.due_at, WorkItem.id
    return list(session.scalars(query.options(joinedload(WorkItem.instance)).order_by(*order).limit(MOST)))


def _tasks(session: Session, found: Round) -> Sequence[CollectiveTask]:
    query = select(CollectiveTask).where(CollectiveTask.instance_id == found.instance_id)
    return list(session.scalars(query.order_by(CollectiveTask.id)))


def _changes(session: Session, found: Round) -> Sequence[RoundDateChange]:
    query = select(RoundDateChange).where(RoundDateChange.round_id == found.id)
    return list(session.scalars(query.options(joinedload(RoundDateChange.person)).order_by(RoundDateChange.id)))
