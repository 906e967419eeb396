"""What is done with a task beside answering it: in one step, which locks the case and then the task.

`act_on` is the frame of claiming, releasing, transferring and asking for opinions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db.queries import step_locks
from app.db.queries.step_locks import LockedItem
from app.db.work import WorkItem, WorkItemHanding
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.policy import ADMIN_ROLE
from app.domain.text import N_, visible
from app.domain.vocabulary import UNDONE, WorkItemKind, WorkItemStatus
from app.engine.model import UserTask
from app.services import candidates, incidents, outbox, steps, visibility
from app.services.candidates import Capacity
from app.services.collective import collectives
from app.services.journal import RequestKey
from app.services.starting.starts import Answer
from app.services.steps import Step
from app.services.timing import wakes
from app.services.transactions import connection_of, writing

LONGEST_REASON = 1000
OF_MANY = N_("这一步由多人办理，每个人只能本人办，不能认领、转办、委派或者加签。")
OF_SIGNER = N_("签字只能由规定的人或者授权书上的代理人来签，不能认领、转办、委派或者加签。")
OF_INITIATOR = N_("这一步要发起人本人办，不能转给别人。")
OF_OPINION = N_("这里只请您出意见，不能再转给别人；办不了的请告诉请您的人，由他收回。")


@dataclass(frozen=True)
class Asked:
    """Who acts on which task, as it was seen at a revision; None takes the task as it stands."""

    actor: Actor
    item_id: int
    revision: int | None = None
    request_key: RequestKey | None = None


@dataclass(frozen=True)
class Held:
    """A task that is locked for an act, with the step of its case."""

    step: Step
    item: LockedItem
    actor: Actor
    capacity: Capacity | None
    is_administrator: bool

    @property
    def session(self) -> Session:
        """Return the session of the step."""
        return self.step.session

    @property
    def is_own(self) -> bool:
        """Tell whether the person is the one who has the task, or stands in for that one."""
        return self.item.assignee_id is not None and self.capacity is not None

    @property
    def taker_id(self) -> int:
        """Return whose the task becomes: the person's, or whose place the person takes."""
        return (self.capacity.for_person_id if self.capacity else None) or self.actor.person_id


Act = Callable[[Held], dict[str, Any]]


def act_on(session: Session, asked: Asked, action: str, act: Act) -> Answer:
    """Lock a task that the person sees, act, and write the journal; a repeated request gets the first answer.

    Raises NotFound, Forbidden for signatures and tasks of many, Conflict, and Stale for a changed or closed task.
    """
    instance_id = _seen(session, asked)
    # Whoever comes after a deadline finds what it left.
    wakes.catch_up(session, instance_id)
    with incidents.guarded(session, {"task": asked.item_id, "action": action}), writing(session):
        held = _locked(session, asked)
        if (known := held.step.first_answer) is not None:
            return Answer(**known)
        _refuse_unless_undone(held)
        details = {"element": held.item.element, "work_item": asked.item_id, **act(held)}
        answer = {"instance": instance_id, "task": asked.item_id}
        steps.conclude(held.step, action, details, answer)
    return Answer(**answer)


def refuse_changed(held: Held, revision: int | None) -> None:
    """Refuse a task that is not as it was seen. Raises Stale."""
    if revision not in {None, held.item.revision}:
        raise Stale


def refuse_colleagues(session: Session, actor: Actor, item: Any) -> None:
    """Tell the holder of a queue's position which colleague has the task. Raises Conflict."""
    if item.assignee_id in {None, actor.person_id} or not candidates.holds_position(actor, item):
        return
    raise Conflict(N_("%(name)s已经认领，正在办。"), name=candidates.name_of(session, item.assignee_id))


def require_taker(held: Held) -> None:
    """Demand that the person may take the task. Raises Conflict for a colleague's, Forbidden."""
    if held.capacity is None:
        refuse_colleagues(held.session, held.actor, held.item)
        raise Forbidden


def refuse_opinion(held: Held) -> None:
    """Refuse what does not go with an opinion that is asked. Raises Forbidden."""
    if held.item.kind != WorkItemKind.TASK:
        raise Forbidden(OF_OPINION)


def is_of_initiator(task: UserTask, assignee_id: int | None, initiator_id: int | None) -> bool:
    """Tell whether a task is asked of who started the case, and waits for that person."""
    return task.is_initiator and initiator_id is not None and assignee_id == initiator_id


def refuse_waiting(held: Held) -> None:
    """Refuse a task on which opinions are awaited. Raises Conflict."""
    if held.item.status == WorkItemStatus.WAITING:
        raise Conflict(N_("这一步正在等别人的意见，请先收回，再这样办。"))


def told(reason: str | None, *, is_required: bool) -> str | None:
    """Return a reason without blanks at its ends. Raises Invalid where it is missing or too long."""
    text = visible(reason or "").strip()
    if is_required and not text:
        raise Invalid.field("reason", N_("请写明理由，对方才知道为什么。"))
    if len(text) > LONGEST_REASON:
        message = N_("理由最多 %(most)d 字，您写了 %(given)d 字。")
        raise Invalid.field("reason", message, most=LONGEST_REASON, given=len(text))
    return text or None


def change(session: Session, item_id: int, **values: Any) -> None:
    """Write what an act changes of its task; who saw it before has seen another."""
    changed = update(WorkItem).where(WorkItem.id == item_id)
    session.execute(changed.values(revision=WorkItem.revision + 1, **values))


def hand(held: Held, item_id: int, reason: str | None) -> None:
    """Keep who gave a task to its assignee, and why."""
    session = held.session
    kept = session.get(WorkItemHanding, item_id)
    if kept is None:
        kept = WorkItemHanding(work_item_id=item_id)
        session.add(kept)
    kept.person_id, kept.reason, kept.handed_at = held.actor.person_id, reason, clock.now()
    session.flush()


def tell(step: Step, people: Iterable[int | None], text: str, item_id: int) -> None:
    """Put a sentence about a task in the outbox, for others than who acts."""
    actor_id = step.actor.person_id if step.actor else None
    told_to = [one for one in people if one is not None and one != actor_id]
    if told_to:
        about = {"instance": step.case.id, "task": item_id, "kind": NotificationKind.HANDED}
        outbox.put(step.session, "notify", {**about, "people": told_to, "text": text})


def _seen(session: Session, asked: Asked) -> int:
    """Return the case of a task that the person sees and that one person does alone. Raises NotFound, Forbidden."""
    item = session.get(WorkItem, asked.item_id, populate_existing=True)
    if item is None or not visibility.may_see_id(session, asked.actor, item.instance_id):
        raise NotFound
    if item.collective_id is not None:
        is_others = item.assignee_id != asked.actor.person_id
        raise NotFound if is_others and collectives.is_hidden(session, item) else Forbidden(OF_MANY)
    if item.is_signature:
        raise Forbidden(OF_SIGNER)
    return item.instance_id


def _locked(session: Session, asked: Asked) -> Held:
    actor, key = asked.actor, asked.request_key
    found = step_locks.lock_item(connection_of(session), asked.item_id, actor.person_id, key.key if key else None)
    if found is None or found.item is None:
        raise NotFound
    step, item = steps.step_of(session, found, actor, key), found.item
    capacity = None if item.is_excluded else candidates.capacity_unless_excluded(session, actor, item)
    step.for_person = capacity.for_person if capacity else None
    return Held(step, item, actor, capacity, administers(actor, item.organization_id))


def administers(actor: Actor, organization_id: int) -> bool:
    """Tell whether a person administers the processes of this very organisation."""
    return any(actor.holds(role, organization_id) for role in set(ADMIN_ROLE.values()))


def _refuse_unless_undone(held: Held) -> None:
    """Refuse a task that is closed, or that a deadline takes away in this instant. Raises Conflict, Stale."""
    if held.item.status not in UNDONE:
        raise Stale
    steps.refuse_unless_running(held.step.case)
    steps.fire_due_timers(held.step)
    if held.item.task_id in held.step.ended:
        raise Stale
