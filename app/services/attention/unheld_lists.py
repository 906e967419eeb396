"""The tasks that nobody holds, for who names somebody for them: administrators, or the initiator who is asked."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, joinedload

from app.db.processes import ProcessInstance
from app.db.queries.unheld import count_of
from app.db.work import IS_OPEN, WorkItem
from app.domain.errors import Forbidden
from app.domain.handling import Otherwise
from app.domain.identity import Actor
from app.domain.policy import ADMIN_ROLE
from app.domain.text import N_
from app.services import visibility, work_items
from app.services.acts.item_acts import administers
from app.services.attention import unheld
from app.services.reading import cases
from app.services.reading.cases import CaseView

MOST = 200


def places(actor: Actor) -> list[int]:
    """Return the organisations whose processes a person administers."""
    roles = set(ADMIN_ROLE.values())
    return sorted({held.organization_id for held in actor.holdings if held.role in roles})


def count(session: Session, actor: Actor) -> int:
    """Count the tasks that nobody holds where a person administers the processes; nobody else is asked of."""
    administered = places(actor)
    return (session.scalar(count_of(administered).where(_is_offices())) or 0) if administered else 0


def listed(session: Session, actor: Actor) -> list[WorkItem]:
    """Return the tasks that nobody holds where a person administers the processes. Raises Forbidden for others."""
    administered = places(actor)
    if not administered:
        raise Forbidden(N_("只有流程管理员能看没有人办理的事。"))
    wanted = _unheld().where(WorkItem.organization_id.in_(administered), _is_offices())
    return list(session.scalars(wanted.limit(MOST)))


def to_name(session: Session, actor: Actor, item_id: int) -> WorkItem:
    """Return a task for which a person may name somebody. Raises NotFound, Forbidden."""
    found = cases.task_view(session, actor, item_id)
    if not may_name(session, actor, found.view, found.item):
        raise Forbidden(N_("这件事现在有人办，或者不由您指定办理人。"))
    return found.item


def may_name(session: Session, actor: Actor, view: CaseView, item: WorkItem) -> bool:
    """Tell whether a person may name who does a task that nobody holds; a signature is nobody's to give."""
    if not item.is_unheld or item.assignee_id is not None or item.is_signature:
        return False
    if administers(actor, item.organization_id):
        return True
    task = work_items.user_task(view.process, item.element)
    is_asked = unheld.setting_of(session, item.id, task) == Otherwise.ASK
    return is_asked and view.case.initiator_id == actor.person_id


def _unheld() -> Select[Any]:
    shown = (joinedload(WorkItem.instance), joinedload(WorkItem.organization))
    is_unheld = (IS_OPEN, WorkItem.is_unheld, WorkItem.assignee_id.is_(None))
    return select(WorkItem).where(*is_unheld).options(*shown).order_by(WorkItem.due_at.nulls_last(), WorkItem.id)


def _is_offices() -> ColumnElement[bool]:
    """Return the condition of a task whose case may be seen by office."""
    return ~exists().where(ProcessInstance.id == WorkItem.instance_id, visibility.is_confidential())
