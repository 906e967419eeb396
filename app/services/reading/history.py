"""What happened in a case, as a timeline, and where it stands, as a strip of steps."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.journal import JournalEntry
from app.db.people import Person
from app.db.processes import ProcessInstance
from app.db.work import Comment, Signature, Submission, WorkItem
from app.domain.vocabulary import STUDIO_ROLES, Role, WorkItemStatus
from app.engine.compiler import CompiledProcess
from app.engine.model import EndEvent, ServiceTask, StartEvent, UserTask, WaitEvent
from app.services import journal
from app.services.acts import asked_items, item_history
from app.services.attention import holders
from app.services.collective import collective_history
from app.services.collective.collective_views import Standing
from app.services.elsewhere import ELSEWHERE
from app.services.messaging.waits import Wait
from app.services.reading import comments
from app.services.reading.cases import CaseView
from app.services.reading.happenings import Happening
from app.services.reading.strip_steps import (
    coming_beside,
    coming_steps,
    is_task_beside,
    main_step,
    steps_beside,
    waiting_paths,
)
from app.services.telling import notices

# Acts beside the flow; completions and starts are told by their submissions.
INTERVENTIONS = (
    "withdraw",
    "cancel",
    "suspend",
    "resume",
    "return",
    "timer",
    "message",
    "refuse_message",
    "receive_material",
)
# Acts that answer a task.
ANSWERS = frozenset({"complete", "close_collective"})
CAME_BACK = "came_back"


@dataclass(frozen=True)
class StripStep:
    """A step of the strip: `state` is done, now or ahead; who did it, does it, or will."""

    element: str
    name: str
    state: str
    people: tuple[str, ...] = ()
    at: datetime | None = None
    # Set where many people are or were asked.
    standing: Standing | None = None
    # Set where the case waits for a message or an instant.
    wait: Wait | None = None
    # Whether it waits for the people's opinions, not for them to do it.
    is_for_opinion: bool = False


def timeline(session: Session, view: CaseView) -> list[Happening]:
    """Return what happened and what is waited for, newest first."""
    case = view.case
    found = [
        *_waiting(session, view),
        *_waits(view),
        # A change voids signatures in the same instant: the void is told after it, so above it.
        *_voids(session, case.id),
        *_submissions(session, case.id),
        *_interventions(session, view),
        *item_history.happenings(session, view),
        *_comments(session, case.id),
        *collective_history.happenings(session, view),
    ]
    found = [_told(view, one) for one in found]
    # What is waited for stands on top; within an instant the later kind of thing comes first.
    return sorted(found, key=lambda one: (one.kind == "waiting", one.at), reverse=True)


def _told(view: CaseView, one: Happening) -> Happening:
    """Leave the words out of what was done where the reader sees no contents."""
    return replace(one, text=None, values={}) if view.is_closed(one.element or "") else one


def strip(session: Session, view: CaseView) -> list[StripStep]:
    """Return the main line of the process with what is done, what is waited for, and what lies ahead."""
    visited = dict(_visits(session, view.case.id))
    done_by = {one.element or "": one for one in reversed(_submissions(session, view.case.id))}
    if view.case.ended_at is not None:
        return [_strip_step(session, view, element, True, visited, done_by) for element in _gone_through(view, visited)]  # noqa: FBT003
    now = _place(view, visited)
    steps = [
        _strip_step(session, view, element, place < now, visited, done_by)
        for place, element in enumerate(view.process.model.order)
    ]
    waits = [
        StripStep(element, view.process.element(element).name, "now", (), wait.due_at, wait=wait)
        for element, wait in _steps_awaited(view).items()
    ]
    coming = coming_steps(view)
    beside_line = steps_beside(view)
    beside_line += coming_beside(view, coming) if beside_line else []
    tasks = [_strip_step(session, view, element, False, visited, done_by) for element in beside_line]  # noqa: FBT003
    return [
        *(one for one in steps[:now] if one.state == "done" or not _is_step(view, one)),
        *waits,
        *tasks,
        *(one for one in steps[now:] if one.state == "now" or one.element in coming or not _is_step(view, one)),
    ]


def _is_step(view: CaseView, one: StripStep) -> bool:
    """Tell whether somebody does it, or something is waited for: what else there is goes by itself."""
    return isinstance(view.process.element(one.element), UserTask | WaitEvent)


def visited(session: Session, instance_id: int) -> list[str]:
    """Return the elements that a case has passed."""
    return list(dict(_visits(session, instance_id)))


def _visits(session: Session, instance_id: int) -> Iterator[tuple[str, datetime]]:
    """Yield the elements that a case has passed, in their order, each with its instant: the journal tells them."""
    for entry in journal.case_entries(session, instance_id):
        for element in entry.details.get("visited", ()):
            yield element, entry.occurred_at


def handlers(session: Session, item: WorkItem) -> list[str]:
    """Return the names of the people who may take a work item today, or whose opinion it waits for."""
    if item.status == WorkItemStatus.WAITING:
        return [one.assignee.name for one in asked_items.open_below(session, item.id) if one.assignee]
    if item.assignee_id is not None:
        return [session.get_one(Person, item.assignee_id).name]
    return holders.names(session, item)


def _place(view: CaseView, visited: Collection[str]) -> int:
    """Return how far the main line has been walked: up to the first open step."""
    order = view.process.model.order
    steps = {main_step(view.process, path) for path in waiting_paths(view)}
    on_line = (place for place, element in enumerate(order) if element in steps)
    is_beside = _off_line(view) or steps_beside(view)
    return min(on_line, default=_last_passed(order, visited) if is_beside else 0)


def _gone_through(view: CaseView, visited: Collection[str]) -> list[str]:
    """Return the steps of an ended case: those it took of the main line, the tasks beside it, and its own end."""
    model = view.process.model
    steps = [name for name in model.order if name in visited and not isinstance(model.elements[name], EndEvent)]
    asked = [name for name in visited if is_task_beside(view.process, name)]
    return [*steps, *asked, *([view.case.outcome] if view.case.outcome else [])]


def _last_passed(order: Sequence[str], visited: Collection[str]) -> int:
    return max((place + 1 for place, element in enumerate(order) if element in visited), default=0)


def _off_line(view: CaseView) -> list[Wait]:
    """Return the waits beside the main line, where the case stands at nothing on it."""
    if view.open_items or view.asked:
        return []
    order = view.process.model.order
    found = [one for one in view.waits if main_step(view.process, one.element) not in order]
    return found if len(found) == len(view.waits) else []


def _steps_awaited(view: CaseView) -> dict[str, Wait]:
    """Return the steps beside the main line that something is waited for in, each with what is told first."""
    found: dict[str, Wait] = {}
    for one in _off_line(view):
        found.setdefault(main_step(view.process, one.element), one)
    return found


def _strip_step(
    session: Session,
    view: CaseView,
    element: str,
    is_passed: bool,  # noqa: FBT001 - a place on the line, not a switch
    visited: dict[str, datetime],
    done_by: dict[str, Happening],
) -> StripStep:
    name = view.process.element(element).name
    current = next((one for one in view.open_items if main_step(view.process, one.element) == element), None)
    if current is not None:
        people, is_for_opinion = tuple(handlers(session, current)), current.status == WorkItemStatus.WAITING
        return StripStep(element, name, "now", people, current.due_at, is_for_opinion=is_for_opinion)
    wait = next((one for one in view.waits if main_step(view.process, one.element) == element), None)
    if wait is not None:
        return StripStep(element, name, "now", (), wait.due_at, wait=wait)
    standing = _standing_at(view, element)
    if standing is not None and standing.is_open:
        return StripStep(element, name, "now", (), standing.task.due_at, standing)
    if is_passed and standing is not None and standing.is_closed:
        return StripStep(element, name, "done", (), standing.task.closed_at, standing)
    if is_passed and element in visited:
        told = done_by.get(element)
        return StripStep(element, name, "done", (told.person,) if told else (), visited[element])
    return StripStep(element, name, "ahead", tuple(_expected(session, view.case, view.process, element)))


def _standing_at(view: CaseView, element: str) -> Standing | None:
    """Return the latest task of many people at a step of the main line."""
    found = [one for one in view.standings if main_step(view.process, one.task.element) == element]
    return found[-1] if found else None


def _expected(session: Session, case: ProcessInstance, process: CompiledProcess, element: str) -> list[str]:
    task = process.element(element)
    if isinstance(task, StartEvent | EndEvent | ServiceTask) or not isinstance(task, UserTask):
        return []
    if task.is_initiator:
        return [case.initiator.name] if case.initiator else []
    is_elsewhere = task.of in ELSEWHERE or (task.role in STUDIO_ROLES and case.studio_id is None)
    if task.is_person or task.collective is not None or is_elsewhere:
        return []
    return _names(session, notices.holders(session, case, Role(task.role)))


def _names(session: Session, people: set[int]) -> list[str]:
    return list(session.scalars(select(Person.name).where(Person.id.in_(people)).order_by(Person.id)))


def _waiting(session: Session, view: CaseView) -> list[Happening]:
    return [
        Happening(
            at=item.opened_at,
            kind="waiting",
            person="、".join(handlers(session, item)),
            element=item.element,
            element_name=item.element_name,
            is_for_opinion=item.status == WorkItemStatus.WAITING,
        )
        for item in view.open_items
    ]


def _waits(view: CaseView) -> list[Happening]:
    return [
        Happening(
            at=one.since or one.due_at or view.case.started_at,
            kind="waiting",
            element=one.element,
            element_name=one.name,
            wait=one,
        )
        for one in view.waits
    ]


def _submissions(session: Session, instance_id: int) -> list[Happening]:
    rows = session.execute(
        select(Submission, Signature.content_hash, Signature.authorization_id)
        .outerjoin(Signature, Signature.submission_id == Submission.id)
        .where(Submission.instance_id == instance_id)
        .options(joinedload(Submission.person))
        .order_by(Submission.id.desc())
    )
    return [
        Happening(
            at=one.submitted_at,
            kind=one.verdict,
            person=one.person.name if one.person else journal.SYSTEM,
            person_id=one.person_id,
            position=one.position_title,
            organization=one.organization_name,
            element=one.element,
            element_name=one.element_name,
            text=one.comment,
            submission_id=one.id,
            content_hash=content_hash,
            authorization_id=authorization_id,
            values=one.values,
        )
        for one, content_hash, authorization_id in rows
    ]


def _voids(session: Session, instance_id: int) -> list[Happening]:
    voided = session.scalars(
        select(Signature)
        .where(Signature.instance_id == instance_id, Signature.voided_at.is_not(None))
        .options(joinedload(Signature.person))
    )
    return [
        Happening(
            at=one.voided_at,
            kind="void",
            person=one.person.name,
            person_id=one.person_id,
            position=one.position_title,
            element=one.element,
            text=one.void_reason,
            content_hash=one.content_hash,
            signed_at=one.signed_at,
        )
        for one in voided
        if one.voided_at is not None
    ]


def _interventions(session: Session, view: CaseView) -> Iterator[Happening]:
    for one in journal.case_entries(session, view.case.id):
        if one.action in INTERVENTIONS or _came_back(one):
            for kind, path in _events(one):
                yield Happening(
                    at=one.occurred_at,
                    kind=kind,
                    person=one.actor_title,
                    person_id=one.actor_id,
                    position=one.details.get("position", ""),
                    element=path,
                    element_name=view.process.element(path).name if path else "",
                    text=one.details.get("reason"),
                    is_coming_back=one.details.get("mode") == "back",
                )


def _events(entry: JournalEntry) -> list[tuple[str, str | None]]:
    """Return the kind and the element of each event that an entry tells of; acts of people have no element."""
    if _came_back(entry):
        return [(CAME_BACK, entry.details["reopened"])]
    if entry.action == "return":
        return [("return", entry.details["to"])]
    if entry.action not in {"timer", "message"}:
        return [(entry.action, None)]
    fired = [("timer", element) for element in entry.details.get("elements", ())]
    return [*fired, ("message", entry.details["element"])] if entry.action == "message" else fired


def _came_back(entry: JournalEntry) -> bool:
    """Tell whether an answer led straight back to where the case had been returned from."""
    return entry.action in ANSWERS and "reopened" in entry.details


def _comments(session: Session, instance_id: int) -> list[Happening]:
    rows = session.scalars(
        select(Comment).where(Comment.instance_id == instance_id).options(joinedload(Comment.person))
    )
    return [
        Happening(
            at=one.created_at,
            kind="comment" if one.taken_back_at is None else "taken_back",
            person=one.person.name,
            person_id=one.person_id,
            text=one.text or None,
            comment_id=one.id,
            is_fresh=comments.may_take_back(one),
        )
        for one in rows
    ]
