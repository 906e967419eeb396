"""To whom a task may be given by hand: colleagues who could hold it, four eyes and all."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.people import Person, Position
from app.db.work import IS_UNDONE, WorkItem, WorkItemExclusion
from app.domain.errors import Invalid
from app.domain.objections import CONCLUDING_TASK, HANDLER_TASKS, PROCESS
from app.domain.text import N_
from app.services.accounts.actors import holds_today
from app.services.objections import parts

MOST_LISTED = 30
OF_STRANGER = N_("只能交给本单位在职的人，请从列出的人里选。")
OF_SEAL = N_(
    "办这一步的人看得到异议的原文和是谁提的，只能交给督导室、校纪委（教育局是审计、经办）里"
    "没有收过、评过这份申报的人，请从列出的人里选；没有列出人的，请先任命一位。"
)
OF_CONCLUSION = N_(
    "作结论的要是上级教育局的人，上面没有单位的是本单位领导小组以外的人，而且没有收过这份申报；请从列出的人里选。"
)


def require(session: Session, item: Any, person_id: int, field: str) -> Person:
    """Return a person who may receive a task. Raises Invalid for the field, with the reason."""
    person = session.scalar(select(Person).where(Person.id == person_id, _is_fit(session, item)))
    if person is None:
        raise Invalid.field(field, _refusal(item))
    _refuse_asked(session, item.parent_id or item.id, person, field)
    if session.get(WorkItemExclusion, (item.parent_id or item.id, person_id)) is not None:
        message = N_("%(name)s办过要由另一个人办的一步，不能再办这一步，请选别人。")
        raise Invalid.field(field, message, name=person.name)
    return person


def _refusal(item: Any) -> str:
    if _opens_seal(item):
        return OF_SEAL
    return OF_CONCLUSION if _concludes(item) else OF_STRANGER


def name_of(session: Session, person_id: int) -> str:
    """Return the name of who received a task."""
    return session.get_one(Person, person_id).name


def _refuse_asked(session: Session, task_id: int, person: Person, field: str) -> None:
    """Refuse who has the task on which an opinion is asked, or is asked already. Raises Invalid."""
    concerned = or_(WorkItem.id == task_id, and_(WorkItem.parent_id == task_id, IS_UNDONE))
    if session.scalar(select(WorkItem.id).where(concerned, WorkItem.assignee_id == person.id).limit(1)) is not None:
        raise Invalid.field(field, N_("%(name)s自己在办这一步，或者已经请过，请选别人。"), name=person.name)


def listed(
    session: Session, item: WorkItem, text: str = "", chosen: Sequence[int] = (), without: Sequence[int] = ()
) -> list[Person]:
    """Return colleagues whose name holds the text and who may receive a task.

    Those chosen before stand first and always there, then who holds the task's position.
    """
    excluded = exists().where(
        WorkItemExclusion.work_item_id == (item.parent_id or item.id), WorkItemExclusion.person_id == Person.id
    )
    wanted = or_(Person.name.contains(text.strip(), autoescape=True), Person.id.in_(chosen))
    query = select(Person).where(_is_fit(session, item), wanted, ~excluded, Person.id.not_in(without))
    query = query.options(selectinload(Person.positions))
    query = query.order_by(Person.id.in_(chosen).desc(), _holds(item).desc(), Person.name)
    return list(session.scalars(query.limit(MOST_LISTED)))


def _is_fit(session: Session, item: Any) -> ColumnElement[bool]:
    """Return the condition of who may receive a task at all."""
    if _opens_seal(item):
        return Person.id.in_(parts.may_handle(session, item.id))
    if _concludes(item):
        return Person.id.in_(parts.may_conclude(session, item.id))
    return is_here(item.organization_id)


def _opens_seal(item: Any) -> bool:
    return item.process_key == PROCESS and item.element in HANDLER_TASKS


def _concludes(item: Any) -> bool:
    return item.process_key == PROCESS and bool(item.element == CONCLUDING_TASK)


def _holds(item: WorkItem) -> ColumnElement[bool]:
    """Return the condition of who holds the position that a task was opened for."""
    return Person.positions.any(
        holds_today() & (Position.organization_id == item.organization_id) & (Position.role == item.role)
    )


def is_here(organization_id: int) -> ColumnElement[bool]:
    """Return the condition of somebody with an account who holds a position in an organisation today."""
    return Person.is_active & Person.positions.any(holds_today() & (Position.organization_id == organization_id))
