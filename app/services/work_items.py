"""Work items: the inbox rows of a case's open user tasks, opened and closed with each step."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.queries import step_writes
from app.db.queries.step_locks import LockedCase
from app.db.work import IS_OPEN, IS_UNDONE, Submission, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.text import N_
from app.domain.vocabulary import STUDIO_ROLES, Role, WorkItemKind
from app.engine.changes import Opened
from app.engine.compiler import CompiledProcess
from app.engine.model import StartEvent, UserTask
from app.engine.paths import beside, name_in
from app.engine.persons import person_of
from app.services.accounts.actors import holds_today
from app.services.attention import handlings, overdue
from app.services.elsewhere import ELSEWHERE, asked_elsewhere
from app.services.filling.submissions import Submitted
from app.services.notices import writers
from app.services.timing.dues import DueAt, context_of, due_at
from app.services.transactions import connection_of

FOUR_EYES = N_("同一件事要由两位不同的人签字")
Row = dict[str, Any]


@dataclass(frozen=True)
class Reopening:
    """How a return opens a task: where the case goes straight back to after it, and which one person is asked."""

    element: str
    comes_back_to: str | None = None
    assignee_id: int | None = None


class Opening(NamedTuple):
    """What a step that opens tasks began with: what was handed in, and the return that it is, or comes back from."""

    submitted: Submitted | None = None
    reopening: Reopening | None = None
    # Whether tasks may pass by themselves: not for ever in one step.
    may_pass: bool = True

    def comes_back_to(self, element: str) -> str | None:
        """Return where the case goes straight back to after a task that it opens."""
        return self.reopening.comes_back_to if self.reopening and self.reopening.element == element else None


@dataclass(frozen=True)
class Passing:
    """A task that opened and passes by itself, with the verdict and the reason."""

    task_id: int
    element: str
    task: UserTask
    verdict: str
    words: str


class Whose(NamedTuple):
    """What of a case decides who is asked for its tasks; another organisation only where a task is its."""

    organization_id: int
    elsewhere_id: int | None
    studio_id: int | None
    initiator_id: int | None


def open_items(
    session: Session,
    case: LockedCase,
    process: CompiledProcess,
    opened: Sequence[Opened],
    opening: Opening,
    *,
    is_returned: bool,
) -> list[Passing]:
    """Insert a work item for each user task that became ready; return those that need nobody and pass by themselves."""
    connection, free, passing = connection_of(session), [], []
    for task in opened:
        row = row_of(session, case, process, task, is_returned=is_returned)
        row["comes_back_to"] = opening.comes_back_to(task.element)
        barred = dict.fromkeys(_barred(session, case, process, task.element, opening), FOUR_EYES)
        is_reopened = opening.reopening is not None and opening.reopening.element == task.element
        asked = user_task(process, task.element)
        if not handlings.is_usual(asked):
            may_pass = opening.may_pass and not is_reopened
            found = handlings.resolve(session, case, asked, row, barred, may_pass=may_pass)
            if found.verdict is not None:
                passing.append(Passing(task.task_id, task.element, asked, found.verdict, found.words))
                continue
            row, barred = row | found.row, {**barred, **found.barred}
        if opening.reopening is not None and is_reopened:
            row["assignee_id"] = row["assignee_id"] or _earlier_assignee(session, row, opening.reopening, barred)
        if barred:
            _add_barred(session, row, barred)
        else:
            free.append(row)
    step_writes.add_items(connection, free)
    return passing


def _add_barred(session: Session, row: Row, barred: dict[int, str]) -> None:
    """Insert a work item that some people may not do."""
    if len(barred) > 1 and "is_nobodys" not in row:
        row = row | {"is_nobodys": not handlings.able(session, row, barred)}
    item_id = step_writes.ADD_BARRED_ITEM.run_for_id(connection_of(session), row | {"barred": next(iter(barred))})
    _exclude(session, [(item_id, person_id, reason) for person_id, reason in barred.items()])


def finish_item(
    session: Session, item_id: int, verdict: str, person_id: int | None, for_person_id: int | None = None
) -> None:
    """Close a work item that a person did, or did for somebody who is away."""
    by = {"closed_by_id": person_id, "closed_for_id": for_person_id}
    done = {"key": item_id, "verdict": verdict, "closed_at": clock.now(), **by}
    step_writes.FINISH_ITEM.run(connection_of(session), done)


def cancel_items(session: Session, instance_id: int, task_ids: Collection[int]) -> None:
    """Close the open work items of engine tasks that ended without being done."""
    if task_ids:
        ended = {"instance": instance_id, "tasks": list(task_ids), "closed_at": clock.now()}
        connection_of(session).execute(step_writes.CANCEL_ITEMS, ended)


def open_of(session: Session, instance_id: int) -> list[WorkItem]:
    """Return a case's open work items, also those that ask for an opinion, those of rolls aside."""
    return list(session.scalars(_alone(instance_id).where(IS_OPEN)))


def undone_of(session: Session, instance_id: int) -> list[WorkItem]:
    """Return a case's tasks that are not done, also those that wait for opinions, those of rolls aside."""
    undone = _alone(instance_id).where(IS_UNDONE, WorkItem.kind == WorkItemKind.TASK)
    return list(session.scalars(undone))


def _alone(instance_id: int) -> Select[WorkItem]:
    query = select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.collective_id.is_(None))
    return query.order_by(WorkItem.id)


def keep_apart(
    session: Session, process: CompiledProcess, instance_id: int, element: str, people: Collection[int]
) -> None:
    """Bar who did a task, and for whom, from the tasks open beside it, where either must be distinct from the other."""
    model, name = process.part_of(element).model, name_in(element)
    own = model.user_task(name).distinct_from
    if not own and not any(name in task.distinct_from for task in model.of_kind(UserTask)):
        return
    apart = [
        item.id
        for item in undone_of(session, instance_id)
        if item.element == beside(element, other := name_in(item.element))
        and (other in own or name in model.user_task(other).distinct_from)
    ]
    barred = _barred_from(session, apart, people)
    pairs = ((item_id, person_id) for item_id in apart for person_id in people)
    _exclude(session, [(*pair, FOUR_EYES) for pair in pairs if pair not in barred])
    _take_from(session, apart, people)


def row_of(session: Session, case: LockedCase, process: CompiledProcess, opened: Opened, *, is_returned: bool) -> Row:
    """Return the row of the work item of an opened task."""
    task = user_task(process, opened.element)
    row = common_row(case, process, opened, due_at(opened.due))
    signing = {"is_signature": task.signature is not None, "is_returned": is_returned}
    attended = {"attention_at": overdue.next_attention(task, row["due_at"]), "today": clock.today()}
    elsewhere = asked_elsewhere(session, task.of, case.id, case.organization_id)
    whose = Whose(case.organization_id, elsewhere, case.studio_id, case.initiator_id)
    return row | signing | attended | offer(task, whose) | _named(session, case, process, opened.element)


def _named(session: Session, case: LockedCase, process: CompiledProcess, path: str) -> Row:
    """Return whom the case names for a task: one person, or a position; nothing where it names nobody who can do it."""
    found = person_of(process, path, case.values, context_of(case.rules, case.serial))
    if found in set(Role):
        return {"role": Role(found)}
    person = session.get(Person, found) if isinstance(found, int) else None
    return {"assignee_id": person.id, "role": None} if person is not None and person.is_active else {}


def common_row(case: LockedCase, process: CompiledProcess, opened: Opened, due: DueAt) -> Row:
    """Return what every work item of an opened task says, whoever it is for."""
    task = user_task(process, opened.element)
    return {
        "instance_id": case.id,
        "task_id": opened.task_id,
        "element": opened.element,
        "element_name": task.name,
        "process_key": case.process_key,
        "process_title": process.package.manifest.title,
        "title": case.title,
        "amount": case.amount,
        "due_at": due.instant,
        "is_due_provisional": due.is_provisional,
        "reckoning": due.reckoning,
        "reads": " ".join(task.reads) or None,
        "opened_at": clock.now(),
    }


def user_task(process: CompiledProcess, path: str) -> UserTask:
    """Return the user task at a path. Raises KeyError, and TypeError for another element."""
    task = process.element(path)
    if not isinstance(task, UserTask):
        raise TypeError(path)
    return task


def offer(task: UserTask, whose: Whose) -> Row:
    """Name the assignee, or the position whose holders are the candidates."""
    offered: Row = {"organization_id": whose.organization_id, "assignee_id": None, "role": None, "studio_id": None}
    if task.is_initiator and whose.initiator_id is not None:
        return offered | {"assignee_id": whose.initiator_id}
    # What would go to the initiator of a case that the platform started goes to the office that runs it.
    # So does what would go to a person where the case names nobody who can do it.
    role = Role.PROCESS_ADMIN if task.is_initiator or task.is_person else Role(task.role)
    # As a plain text: SQLite's driver looks for an adapter for all else.
    offered["role"] = role.value
    if role in STUDIO_ROLES:
        offered["studio_id"] = whose.studio_id
    if task.of in ELSEWHERE:
        offered["organization_id"] = whose.elsewhere_id or whose.organization_id
    return offered


def _exclude(session: Session, pairs: Iterable[tuple[int, int, str]]) -> None:
    rows = [{"work_item_id": item_id, "person_id": person_id, "reason": reason} for item_id, person_id, reason in pairs]
    if rows:
        step_writes.ADD_EXCLUSION.run_many(connection_of(session), rows)


def _take_from(session: Session, items: Sequence[int], people: Collection[int]) -> None:
    """Put tasks back into their queues that somebody had claimed and may not do any more."""
    claimed = update(WorkItem).where(
        WorkItem.id.in_(items), WorkItem.assignee_id.in_(people), WorkItem.role.is_not(None)
    )
    session.execute(claimed.values(assignee_id=None, revision=WorkItem.revision + 1))


def _barred_from(session: Session, items: Sequence[int], people: Collection[int]) -> set[tuple[int, int]]:
    if not items:
        return set()
    barred = WorkItemExclusion.work_item_id, WorkItemExclusion.person_id
    rows = session.execute(select(*barred).where(barred[0].in_(items), barred[1].in_(people)))
    return {(item_id, person_id) for item_id, person_id in rows}


def who_did(
    session: Session, case: LockedCase, process: CompiledProcess, path: str, submitted: Submitted | None
) -> set[int]:
    """Return the people who did the elements that a task must be distinct from, and those for whom they did it."""
    people: set[int | None] = set()
    asked: list[str] = []
    for element in (beside(path, name) for name in user_task(process, path).distinct_from):
        if isinstance(process.element(element), StartEvent):
            people.add(case.initiator_id)
        elif submitted is not None and submitted.element == element:
            people |= {submitted.person_id, submitted.capacity.for_person_id}
        else:
            asked.append(element)
    known = last_answerers(session, case.id, asked) if asked else {}
    wrote = writers.of_case(session, case.id, user_task(process, path).distinct_from)
    return {person_id for person_id in people.union(wrote, *known.values()) if person_id is not None}


def _barred(session: Session, case: LockedCase, process: CompiledProcess, path: str, opening: Opening) -> set[int]:
    """Return who may not do a task that opens; where the case comes back to it, also who must be distinct from it."""
    found, submitted = who_did(session, case, process, path, opening.submitted), opening.submitted
    is_reopened = opening.reopening is not None and opening.reopening.element == path
    is_apart = is_reopened and submitted is not None and path in kept_apart(process, submitted.element)
    if is_apart and submitted is not None and submitted.person_id is not None:
        found.add(submitted.person_id)
    return found


def _earlier_assignee(session: Session, row: Row, reopening: Reopening, barred: Collection[int]) -> int | None:
    """Return the person who alone was asked before, unless that person left the organisation or is barred now."""
    if reopening.assignee_id is None or reopening.assignee_id in barred:
        return None
    is_there = Position.person_id == reopening.assignee_id, Position.organization_id == row["organization_id"]
    return session.scalar(select(Position.person_id).where(*is_there, holds_today()).limit(1))


def kept_apart(process: CompiledProcess, path: str) -> tuple[str, ...]:
    """Return the elements that another person must do than a task."""
    return tuple(beside(path, name) for name in user_task(process, path).distinct_from)


def last_answerers(session: Session, instance_id: int, elements: Sequence[str]) -> dict[str, set[int | None]]:
    """Return who answered each of some elements last, and for whom."""
    rows = session.execute(
        select(Submission.element, Submission.person_id, Submission.for_person_id)
        .where(Submission.instance_id == instance_id, Submission.element.in_(elements))
        .order_by(Submission.id)
    )
    return {element: set(people) for element, *people in rows}
