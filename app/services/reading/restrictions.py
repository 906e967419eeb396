"""Fields that a form hides from a task are hidden from whoever does that task, wherever the case is read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.work import Submission, WorkItem
from app.domain.identity import Actor
from app.domain.vocabulary import STUDIO_ROLES
from app.engine.compiler import CompiledProcess
from app.engine.forms import Form
from app.engine.forms.components import Field
from app.engine.model import CallActivity, StartEvent, UserTask
from app.engine.paths import beside, name_in
from app.services import candidates
from app.services.elsewhere import asked_elsewhere

Hidden = Mapping[str, frozenset[str]]


def contents(process: CompiledProcess, calls: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the paths of what people fill in, in the order of the diagram, a called process's where it is called."""
    for element in process.part_at(calls).model.elements.values():
        is_edit = isinstance(element, UserTask) and element.edits
        if isinstance(element, StartEvent | UserTask) and element.form and not is_edit:
            yield "/".join((*calls, element.id))
        elif isinstance(element, CallActivity):
            yield from contents(process, (*calls, element.id))


def hidden_fields(
    session: Session, actor: Actor, case: ProcessInstance, process: CompiledProcess, open_items: Iterable[WorkItem]
) -> Hidden:
    """Return the keys that a reader may not see, by the path of what was filled in; own words are never hidden."""
    restricted = {path: found for path in contents(process) if (found := _restrictions(process, path))}
    if not restricted:
        return {}
    reader = _Reader(session, actor, case, list(open_items))
    return {path: _hidden(process, path, by_task, reader) for path, by_task in restricted.items()}


def without(values: Mapping[str, Any], hidden: Hidden) -> dict[str, Any]:
    """Return a case's values without hidden fields."""
    shown = dict(values)
    for path, keys in hidden.items():
        shown = _dropped(shown, path.split("/"), keys)
    return shown


def _dropped(values: dict[str, Any], path: list[str], keys: frozenset[str]) -> dict[str, Any]:
    first, *rest = path
    inner = values.get(first)
    if not isinstance(inner, dict):
        return values
    kept = _dropped(inner, rest, keys) if rest else {key: one for key, one in inner.items() if key not in keys}
    return {**values, first: kept}


def _restrictions(process: CompiledProcess, path: str) -> dict[str, frozenset[str]]:
    """Return the keys of what is filled in at a path that are hidden from each task that its form names."""
    form = process.form_of(path)
    tasks = (path, *(beside(path, task.id) for task in process.part_of(path).model.of_kind(UserTask)))
    found = {task: _keys(form, name_in(task)) for task in tasks} if form else {}
    return {task: keys for task, keys in found.items() if keys}


def _showing(process: CompiledProcess, path: str) -> list[str]:
    """Return the element that fills in a form and the tasks that edit it."""
    tasks = process.part_of(path).model.of_kind(UserTask)
    return [path, *(beside(path, task.id) for task in tasks if task.edits == name_in(path))]


def _keys(form: Form, element: str) -> frozenset[str]:
    fields = (one for one in form.components if isinstance(one, Field))
    return frozenset(one.key for one in fields if one.access.mode(element) == "hidden")


def _hidden(
    process: CompiledProcess, path: str, by_task: Mapping[str, frozenset[str]], reader: "_Reader"
) -> frozenset[str]:
    shown = [by_task.get(task, frozenset()) for task in _showing(process, path) if task in reader.answered]
    kept = [keys for task, keys in by_task.items() if reader.does(process, task)]
    # Who wrote or read them as the hand of another task of the same form knows them already.
    return frozenset().union(*kept).intersection(*shown)


class _Reader:
    """Which tasks of a case a person does, did, or could do."""

    def __init__(self, session: Session, actor: Actor, case: ProcessInstance, open_items: list[WorkItem]) -> None:
        self._session, self._actor, self._case, self._open_items = session, actor, case, open_items
        done = select(Submission.element).where(
            Submission.instance_id == case.id, Submission.person_id == actor.person_id
        )
        # Whose opinion was asked on a task read no more than who does it.
        said = select(WorkItem.element).where(
            WorkItem.instance_id == case.id, WorkItem.parent_id.is_not(None), WorkItem.closed_by_id == actor.person_id
        )
        self.answered = frozenset(session.scalars(done.union(said)))

    def does(self, process: CompiledProcess, path: str) -> bool:
        task = process.element(path)
        if path in self.answered or not isinstance(task, UserTask):
            return path in self.answered
        asked = (item for item in self._open_items if item.element == path)
        return self._could(task) or any(candidates.capacity(self._session, self._actor, item) for item in asked)

    def _could(self, task: UserTask) -> bool:
        if task.is_initiator:
            return self._case.initiator_id == self._actor.person_id
        if task.is_person:
            # Of a task that is open the person is known, and before that nobody is.
            return False
        own = self._case.organization_id
        organization_id = asked_elsewhere(self._session, task.of, self._case.id, own) or own
        studio_id = self._case.studio_id if task.role in STUDIO_ROLES else None
        return any(
            (held.organization_id, held.role) == (organization_id, task.role) and studio_id in {None, held.studio_id}
            for held in self._actor.holdings
        )
