"""The review and the vote of a round while they run: until when, and moving that."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.panels import Panel
from app.db.queries import ballots, collectives
from app.db.queries.collectives import LockedCollective
from app.db.rounds import Round, RoundDateChange
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.calendar import due_at
from app.domain.errors import Conflict
from app.domain.identity import Actor
from app.domain.rounds import RoundDate, RoundStage
from app.domain.tally import Secrecy
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus
from app.engine.collectives import terms_of
from app.services import journal, steps
from app.services.collective.collectives import remind_at
from app.services.journal import Act
from app.services.rounds import stages
from app.services.timing import calendars
from app.services.timing.dues import DueAt

OVER = N_("这一步已经截止，不能再调整。")


def tasks_of(session: Session, found: Round) -> Mapping[RoundDate, CollectiveTask]:
    """Return the review and the vote that run in a round, by the date that is their deadline."""
    if found.stage != RoundStage.REVIEWING:
        return {}
    query = select(CollectiveTask, Panel.id).outerjoin(Panel, Panel.id == CollectiveTask.id)
    is_running = CollectiveTask.status == CollectiveStatus.OPEN, CollectiveTask.due_at > clock.now()
    rows: Any = session.execute(query.where(CollectiveTask.instance_id == found.instance_id, *is_running)).all()
    return {
        RoundDate.REVIEW_UNTIL if panel is not None else RoundDate.VOTE_UNTIL: task
        for task, panel in rows
        if panel is not None or task.secrecy == Secrecy.SECRET
    }


def ends_on(task: CollectiveTask) -> date:
    """Return the last day of a review or vote that runs."""
    return clock.shanghai(task.due_at or clock.now()).date()


def earliest(name: RoundDate, task: CollectiveTask) -> date:
    """Return the first day to which a deadline may be moved: a vote that runs only goes on longer."""
    return ends_on(task) + timedelta(days=1) if name == RoundDate.VOTE_UNTIL else clock.today() + timedelta(days=1)


def lock(session: Session, instance_id: int, collective_id: int) -> tuple[steps.Step, LockedCollective]:
    """Hold a round's case and the task in it, in the order in which everybody does. Raises Conflict."""
    step = steps.locked(session, instance_id, None)
    steps.refuse_unless_running(step.case)
    held = collectives.lock_task(step.connection, collective_id)
    if held is None or held.status != CollectiveStatus.OPEN or held.is_due(clock.now()):
        raise Conflict(OVER)
    return step, held


def move(step: steps.Step, held: LockedCollective, actor: Actor, to: date, reason: str) -> None:
    """Give a locked task another last day, with its reminder; its roll and what was handed in stay as they are."""
    ends_at = due_at(to)
    told = {"element": held.element, "due_at": ends_at.isoformat(), "reason": reason}
    journal.record_collective(step.connection, held, actor, Act("move_deadline", told))
    days = terms_of(step.process, held.element, step.case.values, step.context).remind
    again = remind_at(DueAt(ends_at), days)
    collectives.save(step.connection, held, due_at=ends_at, remind_at=again, reminded_at=None)
    ballots.move_due(step.connection, held.id, ends_at)


def shifted(found: Round, change: RoundDateChange, running: Collection[RoundDate]) -> dict[RoundDate, date]:
    """Return the dates that a change gives a round: put off, what follows and does not run yet is put off as far."""
    calendar = calendars.national()
    later = calendar.working_days_between(change.before, change.after) if change.after > change.before else 0
    known = {name: stages.date_of(found, name) for name in RoundDate if later and name not in running}
    follows = {name: day for name, day in known.items() if day is not None and day > change.before}
    return {
        **{name: calendar.add_working_days(day, later).on for name, day in follows.items()},
        change.name: change.after,
    }


def asked(session: Session, collective_id: int) -> list[int]:
    """Return who still has the task to do."""
    query = select(WorkItem.assignee_id).where(WorkItem.collective_id == collective_id, IS_OPEN)
    return sorted({person for person in session.scalars(query) if person is not None})
