"""A case as a person reads it: what it is, where it stands, what is asked, what happened."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, joinedload

from app.db.processes import ProcessInstance
from app.db.work import Draft, Participation, WorkItem
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.vocabulary import OPINIONS, InstanceStatus, WorkItemStatus
from app.engine.compiler import CompiledProcess
from app.engine.forms import Form, Option
from app.engine.model import UserTask
from app.engine.paths import beside, values_at, values_beside
from app.services import signatures, visibility, work_items
from app.services.acts import asked_items
from app.services.candidates import Capacity, capacity
from app.services.collective import collective_views
from app.services.collective.collective_views import Standing
from app.services.filling import drafts, option_lists
from app.services.messaging import waits
from app.services.messaging.waits import Wait
from app.services.pages import Page
from app.services.panels.scoring import MemberSheet, member_sheet
from app.services.participations import Part
from app.services.publishing import definitions
from app.services.reading import restrictions
from app.services.reading.inbox import Query, cases_where
from app.services.reading.restrictions import Hidden
from app.services.selections.reading import closed_stages
from app.services.telling import notifications
from app.services.transactions import writing


@dataclass(frozen=True)
class CaseView:
    """A case that the person may see, with its process, its open work items, the tasks that many are asked, and its waits."""

    case: ProcessInstance
    process: CompiledProcess
    open_items: list[WorkItem]
    standings: list[Standing] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    # What is filled in that the reader may not see: keys by path.
    hidden: Hidden = field(default_factory=dict)
    # The opinions that are asked now on open tasks.
    opinions: list[WorkItem] = field(default_factory=list)
    # The calls of which the reader sees no contents.
    closed: frozenset[str] = frozenset()

    @property
    def values(self) -> Mapping[str, Any]:
        """Return the case's values as they may be shown."""
        shown = restrictions.without(collective_views.shown_values(self.case, self.standings), self.hidden)
        return {name: value for name, value in shown.items() if name not in self.closed}

    def shown(self, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was once filled in at a path as it may be shown."""
        hidden = self.hidden.get(path, frozenset())
        if self.is_closed(path):
            return {}
        return {key: value for key, value in values.items() if key not in hidden}

    def is_closed(self, path: str) -> bool:
        """Tell whether what is done at a path is in a call whose contents the reader does not see."""
        return path.split("/", maxsplit=1)[0] in self.closed

    @property
    def asked(self) -> list[Standing]:
        """Return the tasks that many people are asked now."""
        return [standing for standing in self.standings if standing.is_open]

    @property
    def own_places(self) -> list[WorkItem]:
        """Return the person's own open places on rolls."""
        places = [standing.place for standing in self.asked if standing.place is not None]
        return [place for place in places if place.status == WorkItemStatus.OPEN]


@dataclass(frozen=True)
class Asked:
    """The signature that a task asks for: the statement and the hash of what it binds."""

    statement: str
    content_hash: str


@dataclass(frozen=True)
class TaskView:
    """A work item as the person sees it; `capacity` is None where it is not for this person to do."""

    item: WorkItem
    view: CaseView
    task: UserTask
    form: Form | None
    values: Mapping[str, Any]
    options: Mapping[str, list[Option]]
    capacity: Capacity | None
    signature: Asked | None
    # The task of many people on whose roll the item is a place.
    standing: Standing | None = None
    # What the person typed before and has not handed in.
    draft: Draft | None = None
    # Of a place in a panel: whom the person scores.
    scoring: MemberSheet | None = None

    @property
    def verdicts(self) -> Sequence[str]:
        """Return what may be answered: the diagram's verdicts, or an opinion."""
        return OPINIONS[self.item.kind] if self.is_opinion else self.task.verdicts

    @property
    def is_opinion(self) -> bool:
        """Tell whether an opinion is asked on another's task, whose form is not changed."""
        return self.item.parent_id is not None

    @property
    def may_return(self) -> bool:
        """Tell whether the case may be returned from here, to where it was before."""
        return self.task.may_return and not self.is_opinion

    @property
    def is_open(self) -> bool:
        """Tell whether the task can be done now by the person."""
        is_running = self.view.case.status == InstanceStatus.RUNNING
        return self.item.status == WorkItemStatus.OPEN and is_running and self.capacity is not None


def case_view(session: Session, actor: Actor, instance_id: int) -> CaseView:
    """Return a case in the person's sight. Raises NotFound."""
    return _in_sight(session, actor, ProcessInstance.id == instance_id)


def _in_sight(session: Session, actor: Actor, is_wanted: ColumnElement[bool]) -> CaseView:
    """Return the one case wanted; a hidden one and none take the same statement and are the same answer."""
    case = session.scalar(
        select(ProcessInstance)
        .where(is_wanted, visibility.may_see(session, actor))
        .options(joinedload(ProcessInstance.version), joinedload(ProcessInstance.organization))
    )
    if case is None:
        raise NotFound
    process = definitions.of_case(session, case)
    standings = collective_views.standings(session, actor, case, process)
    open_items = work_items.undone_of(session, case.id)
    is_waiting = any(item.status == WorkItemStatus.WAITING for item in open_items)
    opinions = asked_items.open_of(session, case.id) if is_waiting else []
    hidden = restrictions.hidden_fields(session, actor, case, process, [*open_items, *opinions])
    waited = waits.waits(session, case.id, process)
    closed = closed_stages(session, actor, case.id, process)
    return CaseView(case, process, open_items, standings, waited, hidden, opinions, closed)


def task_view(session: Session, actor: Actor, item_id: int) -> TaskView:
    """Return a work item of a case in the person's sight. Raises NotFound."""
    case_id = select(WorkItem.instance_id).where(WorkItem.id == item_id).scalar_subquery()
    view = _in_sight(session, actor, ProcessInstance.id == case_id)
    item = session.get_one(WorkItem, item_id)
    standing = _standing(actor, view, item)
    task = view.process.element(item.element)
    if not isinstance(task, UserTask):
        raise TypeError(item.element)
    # Who gives an opinion reads the case and fills in nothing.
    form = view.process.form_of(item.element) if item.parent_id is None else None
    taken_as = capacity(session, actor, item)
    is_open = item.status == WorkItemStatus.OPEN
    draft = drafts.draft_of(session, actor, drafts.task_subject(item.id)) if is_open else None
    panel = standing.panel if standing is not None and item.assignee_id == actor.person_id else None
    scoring = member_sheet(session, panel, actor.person_id) if panel is not None else None
    values = _values(session, actor, view, item, task, draft) if form is not None or scoring is not None else {}
    seated = taken_as.seated(actor) if taken_as else actor
    return TaskView(
        item=item,
        view=view,
        task=task,
        form=form,
        values=scoring.typed(values) if scoring is not None else values,
        options=_options(session, seated, form, view.case),
        capacity=taken_as,
        signature=_asked(view.case, item, task),
        standing=standing,
        draft=draft,
        scoring=scoring,
    )


def _standing(actor: Actor, view: CaseView, item: WorkItem) -> Standing | None:
    """Return the task of many people that an item belongs to. Raises NotFound for another's on a confidential one."""
    found = next((one for one in view.standings if one.task.id == item.collective_id), None)
    if found is not None and item.assignee_id != actor.person_id and not found.is_named:
        raise NotFound
    return found


def instances(
    session: Session, actor: Actor, query: Query, *, status: str | None = None, organization_id: int | None = None
) -> Page[ProcessInstance]:
    """Return the cases in the person's sight, the latest first."""
    conditions = [visibility.may_see(session, actor)]
    if status:
        conditions.append(ProcessInstance.status == status)
    if organization_id is not None:
        conditions.append(ProcessInstance.organization_id == organization_id)
    return cases_where(session, query, *conditions)


def readable(session: Session, actor: Actor, wanted: Collection[int]) -> set[int]:
    """Return which of some cases are in the person's sight."""
    query = select(ProcessInstance.id).where(ProcessInstance.id.in_(wanted), visibility.may_see(session, actor))
    return set(session.scalars(query)) if wanted else set()


def mark_read(session: Session, actor: Actor, instance_id: int) -> None:
    """Mark a copy as read, the first time it is opened, and what the person was told of the case."""
    notifications.mark_case(session, actor, instance_id)
    unread = (
        Participation.instance_id == instance_id,
        Participation.person_id == actor.person_id,
        Participation.capacity == Part.COPIED,
        Participation.read_at.is_(None),
    )
    if session.scalar(select(Participation.instance_id).where(*unread)) is not None:
        with writing(session):
            session.execute(update(Participation).where(*unread).values(read_at=clock.now()))


def _values(
    session: Session, actor: Actor, view: CaseView, item: WorkItem, task: UserTask, draft: Draft | None
) -> Mapping[str, Any]:
    """Return what the task's form starts from: an own draft, else what the case holds and gives its lists."""
    if draft is not None and draft.values:
        return draft.values
    if item.collective_id is not None:
        # What each of many people filled in is that person's alone.
        response = collective_views.own_response(session, item) if item.assignee_id == actor.person_id else None
        return response.values if response is not None else {}
    around = values_beside(view.case.values, item.element)
    held = values_at(view.case.values, beside(item.element, task.edits or task.id))
    values = {key: value for key, value in held.items() if key != "verdict"}
    form = view.process.form_of(item.element)
    return form.begun(values, around) if form is not None else values


def _options(session: Session, actor: Actor, form: Form | None, case: ProcessInstance) -> Mapping[str, list[Option]]:
    if form is None:
        return {}
    options = option_lists.options_for(session, actor, case.organization_id, form.list_keys, case.id)
    return {key: list(found) for key, found in options.items()}


def _asked(case: ProcessInstance, item: WorkItem, task: UserTask) -> Asked | None:
    if not task.signature:
        return None
    around = values_beside(case.values, item.element)
    return Asked(task.signature, signatures.content_hash(around, task.signs))
