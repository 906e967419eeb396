"""Opening a collective task with its roll, and calling it off where the case moves on without it (DESIGN §3)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.queries import collectives as queries
from app.db.queries import rolls
from app.db.queries.rolls import Office, Seats
from app.db.queries.step_locks import LockedCase
from app.db.work import WorkItem
from app.domain import canonical, clock
from app.domain.tally import Secrecy, outcome
from app.domain.vocabulary import STUDIO_ROLES, CollectiveStatus, WorkItemStatus
from app.engine import ballots, panels
from app.engine.changes import Opened
from app.engine.collectives import Terms, terms_of
from app.engine.compiler import CompiledProcess
from app.engine.model import UserTask
from app.services import journal, work_items
from app.services.ballots import erasures, preparing
from app.services.collective import people_lists
from app.services.elsewhere import asked_elsewhere
from app.services.journal import Act
from app.services.panels.openings import open_panel
from app.services.participations import Part
from app.services.timing import calendars
from app.services.timing.dues import DueAt, context_of, due_at
from app.services.transactions import connection_of
from app.services.work_items import Opening

OFFICE_OPENS = 9


def is_collective(process: CompiledProcess, opened: Opened) -> bool:
    """Tell whether many people are asked at once."""
    if not process.asks_many:
        return False
    task = process.element(opened.element)
    return isinstance(task, UserTask) and task.collective is not None


def open_tasks(
    session: Session,
    case: LockedCase,
    process: CompiledProcess,
    opened: Iterable[Opened],
    opening: Opening,
) -> None:
    """Open each collective task that became ready: its roll is everyone who holds the role now.

    A roll on which nobody may answer is settled at once, so that the next tick moves the case on.
    """
    for task in opened:
        barred = work_items.who_did(session, case, process, task.element, opening.submitted)
        _open(session, case, process, task, barred, opening.comes_back_to(task.element))


def is_answered(session: Session, case: LockedCase, process: CompiledProcess) -> bool:
    """Tell whether a member has answered an open task of a locked case; none can until the transaction ends."""
    live = queries.lock_live(connection_of(session), case.id) if process.asks_many else []
    # Of a ballot nobody may learn whether anyone has voted: from its opening on it counts as answered.
    return any(held.count.answered or held.is_voting for held in live)


def is_hidden(session: Session, item: WorkItem) -> bool:
    """Tell whether a work item is a place on a confidential roll, of which others learn nothing."""
    task = session.get(CollectiveTask, item.collective_id) if item.collective_id is not None else None
    return task is not None and task.secrecy != Secrecy.NAMED


def cancel_tasks(session: Session, case: LockedCase, process: CompiledProcess, ended: Iterable[int]) -> None:
    """Call off the collective tasks among the engine's ended tasks, before their work items are closed."""
    gone = set(ended) if process.asks_many else set()
    if not gone:
        return
    connection = connection_of(session)
    for held in queries.lock_live(connection, case.id):
        if held.task_id in gone:
            held.status = CollectiveStatus.CANCELLED
            if held.is_secret:
                erasures.wipe(session, held.id)
            journal.record_collective(connection, held, None, Act("cancel", {"element": held.element}))
            queries.save(connection, held, closed_at=clock.now())


def _open(
    session: Session,
    case: LockedCase,
    process: CompiledProcess,
    opened: Opened,
    barred: Collection[int],
    comes_back_to: str | None,
) -> None:
    task = process.element(opened.element)
    assert isinstance(task, UserTask)  # noqa: S101 - is_collective has seen it
    assert task.collective is not None  # noqa: S101
    connection, now = connection_of(session), clock.now()
    context = context_of(case.rules, case.serial)
    terms = terms_of(process, opened.element, case.values, context)
    office, due = _office(session, case, task), due_at(opened.due)
    row = {
        "instance_id": case.id,
        **_asked(opened, task, office),
        "due_at": due.instant,
        "remind_at": None if task.collective.is_secret else remind_at(due, terms.remind),
        "opened_at": now,
        "comes_back_to": comes_back_to,
        **_frozen(terms),
    }
    made: Any = connection.execute(queries.ADD_TASK, row).inserted_primary_key
    common = work_items.common_row(case, process, opened, due) | {"collective_id": made[0]}
    common |= {"organization_id": office.organization_id, "is_signature": False, "is_returned": False}
    if task.collective.is_secret:
        _prepare_ballot(session, case, process, opened.element, common, {*barred, *judged(case, terms)})
        return
    aside = judged(case, terms)
    among = people_lists.people_on(session, task.collective.among, case.id)
    if task.collective.is_scored:
        members = rolls.holders_of(connection, office, barred, among)
        sheet = panels.sheet_of(process, opened.element, case.values, context)
        aside |= open_panel(session, made[0], sheet, members)
    rolls.add_seats(connection, office, Seats(common, now, barred, aside, among))
    rolls.add_parts(connection, made[0], case.id, Part.ASKED, now)
    _count_roll(session, made[0], now)


def _prepare_ballot(
    session: Session,
    case: LockedCase,
    process: CompiledProcess,
    element: str,
    common: dict[str, Any],
    left_out: Collection[int],
) -> None:
    """Ask the scrutineers first; the roll is frozen when they are ready."""
    connection, context = connection_of(session), context_of(case.rules, case.serial)
    held = queries.lock_task(connection, common["collective_id"])
    assert held is not None  # noqa: S101 - just inserted
    held.status = CollectiveStatus.PREPARING
    terms = ballots.terms_of(process, element, case.values, context)
    preparing.prepare(session, held.id, common, terms, left_out)
    journal.record_collective(connection, held, None, Act("open", {"element": held.element}))
    queries.save(connection, held, due_at=None)


def _count_roll(session: Session, collective_id: int, now: datetime) -> None:
    """Write how many the roll names and who they are; nobody joins it later."""
    connection = connection_of(session)
    seats = rolls.seats_of(connection, collective_id)
    held = queries.lock_task(connection, collective_id)
    assert held is not None  # noqa: S101 - just inserted
    held.roll = len(seats)
    held.recused = sum(status == WorkItemStatus.RECUSED for _person, status in seats)
    if outcome(held.rule, held.count, is_due=held.is_due(now)) is not None:
        held.status = CollectiveStatus.SETTLED
    roll_hash = canonical.content_hash([person_id for person_id, _status in seats])
    details = {"element": held.element, "roll": held.roll, "recused": held.recused, "roll_hash": roll_hash}
    journal.record_collective(connection, held, None, Act("open", details))
    queries.save(connection, held, roll=held.roll, roll_hash=roll_hash)


def _asked(opened: Opened, task: UserTask, office: Office) -> dict[str, Any]:
    """Return what is asked and whose holders are."""
    return {
        "task_id": opened.task_id,
        "element": opened.element,
        "element_name": task.name,
        "role": office.role,
        "organization_id": office.organization_id,
        "studio_id": office.studio_id,
    }


def _frozen(terms: Terms) -> dict[str, Any]:
    """Return the closing rule and counters as they are when nobody has answered yet."""
    rule = terms.rule
    return {
        "secrecy": terms.secrecy,
        "closing": rule.closing,
        "verdicts": list(rule.verdicts),
        "quorum": str(rule.quorum) if rule.quorum is not None else None,
        "majority": str(rule.majority) if rule.majority is not None else None,
        "status": CollectiveStatus.OPEN,
        "roll": 0,
        "roll_hash": "",
        "recused": 0,
        "counts": {},
    }


def _office(session: Session, case: LockedCase, task: UserTask) -> Office:
    elsewhere = asked_elsewhere(session, task.of, case.id, case.organization_id)
    studio_id = case.studio_id if task.role in STUDIO_ROLES else None
    return Office(task.role, elsewhere or case.organization_id, studio_id, clock.today())


def judged(case: LockedCase, terms: Terms) -> set[int]:
    """Return whom a task of many people judges."""
    named = {person_id for person_id in terms.about if isinstance(person_id, int)}
    initiator = {case.initiator_id} if terms.judges_initiator and case.initiator_id is not None else set()
    return named | initiator


def remind_at(due: DueAt, days: int | None) -> datetime | None:
    """Return the start of the office hours that lie a number of working days before the deadline."""
    if due.instant is None or days is None:
        return None
    day = calendars.national().working_days_before(clock.shanghai(due.instant).date(), days).on
    opens_at = clock.at(day, hour=OFFICE_OPENS)
    return opens_at if opens_at > clock.now() else None
