"""The path of a case: what happened, where it stands, what comes, who will be asked, and by when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.vocabulary import InstanceStatus
from app.engine.compiler import CompiledProcess
from app.engine.forecasts import Ahead, forecast, forecast_start
from app.engine.model import UserTask
from app.engine.paths import beside
from app.services import work_items
from app.services.acts import finished_tasks
from app.services.acts.finished_tasks import Finished
from app.services.messaging.waits import Wait
from app.services.reading import handlers_ahead
from app.services.reading.cases import CaseView, case_view
from app.services.reading.handlers_ahead import Handlers, Place
from app.services.rounds.belonging import round_of
from app.services.starting import pinnings, starts
from app.services.starting.pinnings import Subject
from app.services.timing.dues import context_of

# What tells in a start form of which studio or round the case is; a page posts the number as text.
SUBJECT_KEYS = ("studio", "booking", "round")
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class Now:
    """What a case stands at: until when, who is asked, and how many of them."""

    due_at: datetime | None = None
    people: tuple[str, ...] = ()
    count: int | None = None
    wait: Wait | None = None


@dataclass(frozen=True)
class Past:
    """A step that was finished."""

    element: str
    finished: Finished


@dataclass(frozen=True)
class Coming:
    """A step to come, or that the case stands at."""

    ahead: Ahead
    handlers: Handlers | None
    now: Now | None = None


@dataclass(frozen=True)
class Path:
    """The whole path, in order."""

    process: CompiledProcess
    done: tuple[Past, ...]
    coming: tuple[Coming, ...]


def path_before(
    session: Session, actor: Actor, process_key: str, organization_id: int, values: Mapping[str, Any]
) -> Path:
    """Return the path of a case that a person may file with what is typed so far. Raises NotFound, Forbidden, Conflict."""
    version, organization = starts.startable_version(session, actor, process_key, organization_id)
    process, _callees = starts.whole(session, version, organization)
    start = process.model.start
    form = process.form_of(start.id)
    typed = {key: values[key] for key in (form.fields if form else ()) if key in values}
    subject = _subject(session, typed, organization)
    pinned = pinnings.pinned_for(session, version, organization, subject)
    round_place = subject.round.organization_id if subject.round else None
    place = Place(organization, subject.studio_id, actor.person_id, actor.name, round_place)
    path = forecast_start(process, {start.id: typed}, context_of(pinned, ""))
    done_by = {start.id: {actor.person_id}}
    return Path(process, (), tuple(_coming(session, actor, place, process, path, done_by)))


def path_of(session: Session, actor: Actor, instance_id: int) -> Path:
    """Return the path of a case in the person's sight. Raises NotFound."""
    return path_in(session, actor, case_view(session, actor, instance_id))


def path_in(session: Session, actor: Actor, view: CaseView) -> Path:
    """Return the path of a case that is seen."""
    case, process = view.case, view.process
    standing = _standing(view)
    path = forecast(process, view.values, context_of(case.rules, case.serial), standing) if standing else []
    initiator = case.initiator.name if case.initiator else None
    found = round_of(session, case.id)
    round_place = found.organization_id if found else None
    place = Place(case.organization, case.studio_id, case.initiator_id, initiator, round_place)
    done_by = _done_by(session, view, path)
    coming = [
        Coming(one.ahead, one.handlers, standing.get(one.ahead.path))
        for one in _coming(session, actor, place, process, path, done_by)
    ]
    return Path(process, tuple(_done(session, view, {one.path for one in path})), tuple(coming))


def _subject(session: Session, typed: Mapping[str, Any], organization: Organization) -> Subject:
    """Return the studio or round that is chosen already; what is typed may still be wrong."""
    texts = {key: str(typed.get(key)) for key in SUBJECT_KEYS}
    chosen = {key: int(text) for key, text in texts.items() if text.isdecimal() and len(text) <= LONGEST_NUMBER}
    try:
        return pinnings.subject_of(session, chosen, organization)
    except Invalid:
        return pinnings.NOTHING


def _coming(
    session: Session,
    actor: Actor,
    place: Place,
    process: CompiledProcess,
    path: Iterable[Ahead],
    done_by: Mapping[str, set[int]],
) -> list[Coming]:
    found = list(path)
    tasks = {one.path: item for one in found if isinstance(item := process.element(one.path), UserTask)}
    barred = {
        one: {person for name in task.distinct_from for person in done_by.get(beside(one, name), ())}
        for one, task in tasks.items()
    }
    handlers = handlers_ahead.handlers_of(session, actor, place, tasks, barred)
    return [Coming(one, handlers.get(one.path)) for one in found]


def _done_by(session: Session, view: CaseView, path: Iterable[Ahead]) -> dict[str, set[int]]:
    """Return who did what tasks to come must be kept apart from."""
    process = view.process
    tasks = [(one.path, item) for one in path if isinstance(item := process.element(one.path), UserTask)]
    apart = {beside(one, name) for one, task in tasks for name in task.distinct_from}
    start = process.model.start.id
    asked = sorted(apart - {start})
    known = work_items.last_answerers(session, view.case.id, asked) if asked else {}
    filed = {start: {view.case.initiator_id}, **known}
    return {element: {one for one in people if one is not None} for element, people in filed.items()}


def _standing(view: CaseView) -> dict[str, Now]:
    """Return what the case stands at, by path."""
    if view.case.status not in {InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.FAILED}:
        return {}
    found: dict[str, Now] = {}
    for item in view.open_items:
        people = (item.assignee.name,) if item.assignee else ()
        found.setdefault(item.element, Now(item.due_at, people))
    for standing in view.asked:
        found[standing.task.element] = Now(standing.task.due_at, count=standing.count.missing)
    for wait in view.waits:
        found[wait.element] = Now(wait.due_at, wait=wait)
    return found


def _done(session: Session, view: CaseView, ahead: set[str]) -> list[Past]:
    """Return what was finished and is not to be done again, in the order in which it was."""
    start = view.process.model.start
    filed = {} if view.case.initiator_id is None else {start.id: finished_tasks.filing(session, view.case.id)}
    done = {**filed, **finished_tasks.latest(session, view.case.id)}
    found = [Past(path, one) for path, one in done.items() if path not in ahead]
    return sorted(found, key=lambda one: one.finished.order)
