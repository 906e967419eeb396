"""Work items: the inbox rows of a case's open user tasks, opened and closed with each step."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.db.work import Submission, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.text import N_
from app.domain.vocabulary import STUDIO_ROLES, Role, WorkItemStatus
from app.engine.changes import Opened
from app.engine.compiler import CompiledProcess
from app.engine.model import StartEvent, UserTask
from app.engine.paths import beside, name_in
from app.services.dues import due_at

FOUR_EYES = N_("同一件事要由两位不同的人签字")


def open_items(
    session: Session,
    case: ProcessInstance,
    process: CompiledProcess,
    opened: Iterable[Opened],
    *,
    is_returned: bool,
) -> list[WorkItem]:
    """Insert a work item for each user task that became ready."""
    items = [_item(session, case, process, task, is_returned=is_returned) for task in opened]
    session.add_all(items)
    session.flush()
    for item in items:
        _exclude(session, case, process, item)
    return items


def close_items(session: Session, instance_id: int, task_ids: Iterable[int] | None = None) -> None:
    """Cancel open work items: those of the named engine tasks, or all of the case."""
    wanted = None if task_ids is None else list(task_ids)
    if wanted == []:
        return
    condition = [WorkItem.instance_id == instance_id, WorkItem.status == WorkItemStatus.OPEN]
    if wanted is not None:
        condition.append(WorkItem.task_id.in_(wanted))
    session.execute(
        update(WorkItem)
        .where(*condition)
        .values(status=WorkItemStatus.CANCELLED, closed_at=clock.now(), revision=WorkItem.revision + 1)
    )


def open_of(session: Session, instance_id: int) -> list[WorkItem]:
    """Return a case's open work items."""
    query = select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.status == WorkItemStatus.OPEN)
    return list(session.scalars(query.order_by(WorkItem.id)))


def _item(
    session: Session, case: ProcessInstance, process: CompiledProcess, opened: Opened, *, is_returned: bool
) -> WorkItem:
    task = _user_task(process, opened.element)
    due = due_at(opened.due)
    item = WorkItem(
        instance_id=case.id,
        task_id=opened.task_id,
        element=opened.element,
        element_name=task.name,
        process_key=case.process_key,
        process_title=process.package.manifest.title,
        title=case.title,
        amount=case.amount,
        organization_id=case.organization_id,
        is_signature=task.signature is not None,
        is_returned=is_returned,
        due_at=due.instant,
        is_due_provisional=due.is_provisional,
        opened_at=clock.now(),
    )
    _offer(session, case, task, item)
    return item


def _user_task(process: CompiledProcess, path: str) -> UserTask:
    task = process.element(path)
    if not isinstance(task, UserTask):
        raise TypeError(path)
    return task


def _offer(session: Session, case: ProcessInstance, task: UserTask, item: WorkItem) -> None:
    """Name the assignee, or the position whose holders are the candidates."""
    if task.is_initiator and case.initiator_id is not None:
        item.assignee_id = case.initiator_id
        return
    # What would go to the initiator of a case that the platform started goes to the office that runs it.
    item.role = Role.PROCESS_ADMIN if task.is_initiator else Role(task.role)
    if item.role in STUDIO_ROLES:
        item.studio_id = case.studio_id
    if task.of == "parent":
        parent = session.get_one(Organization, case.organization_id).parent_id
        item.organization_id = parent or case.organization_id


def keep_apart(session: Session, process: CompiledProcess, done: WorkItem, person_id: int) -> None:
    """Bar who did a task from the tasks open beside it, where either must be distinct from the other."""
    model, name = process.part_of(done.element).model, name_in(done.element)
    own = model.user_task(name).distinct_from
    if not own and not any(name in task.distinct_from for task in model.of_kind(UserTask)):
        return
    for item in open_of(session, done.instance_id):
        other = name_in(item.element)
        is_beside = item.element == beside(done.element, other)
        if (
            is_beside
            and (other in own or name in model.user_task(other).distinct_from)
            and not session.get(WorkItemExclusion, (item.id, person_id))
        ):
            session.add(WorkItemExclusion(work_item_id=item.id, person_id=person_id, reason=FOUR_EYES))


def _exclude(session: Session, case: ProcessInstance, process: CompiledProcess, item: WorkItem) -> None:
    """Bar the people who did the elements that this one must be distinct from."""
    task = _user_task(process, item.element)
    for person_id in _who_did(session, case, process, [beside(item.element, name) for name in task.distinct_from]):
        session.add(WorkItemExclusion(work_item_id=item.id, person_id=person_id, reason=FOUR_EYES))
    session.flush()


def _who_did(session: Session, case: ProcessInstance, process: CompiledProcess, elements: Iterable[str]) -> set[int]:
    people: set[int] = set()
    for element in elements:
        if isinstance(process.element(element), StartEvent):
            people |= {case.initiator_id} if case.initiator_id else set()
        else:
            people |= _last_answerer(session, case.id, element)
    return people


def _last_answerer(session: Session, instance_id: int, element: str) -> set[int]:
    last = session.scalar(
        select(Submission.person_id)
        .where(Submission.instance_id == instance_id, Submission.element == element)
        .order_by(Submission.id.desc())
        .limit(1)
    )
    return set() if last is None else {last}
