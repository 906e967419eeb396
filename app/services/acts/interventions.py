"""What people do to a case beside its tasks: withdraw, cancel, suspend, resume, retry, return, copy."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person
from app.db.queries.step_locks import LockedCase
from app.db.work import WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus, Role, Verdict, WorkItemStatus
from app.engine import run
from app.services import incidents, outbox, participations, steps, visibility, work_items
from app.services.acts import item_acts, receivers, returns, withdrawals
from app.services.acts.returns import Mode, Return
from app.services.attention import reminders
from app.services.candidates import Capacity, capacity
from app.services.collective import collectives
from app.services.filling import submissions
from app.services.journal import RequestKey
from app.services.messaging import subscriptions
from app.services.participations import Part
from app.services.starting.starts import Answer
from app.services.steps import Step
from app.services.telling.notices import Last
from app.services.timing import wakes
from app.services.transactions import writing
from app.services.work_items import Reopening

Act = Callable[[Step], dict[str, Any]]
# Acts that come too late once a deadline has passed: it is fired first.
OVERTAKEN = frozenset({"withdraw", "return"})


def withdraw(
    session: Session, actor: Actor, instance_id: int, reason: str, request_key: RequestKey | None = None
) -> Answer:
    """Take back an own case while nobody else has decided in it, or as long as its process lets one.

    Raises NotFound, Forbidden for others' cases, Conflict once another person has decided.
    """

    def act(step: Step) -> dict[str, Any]:
        if step.case.initiator_id != actor.person_id:
            raise Forbidden(N_("只有发起人能撤回。"))
        steps.refuse_unless_running(step.case)
        withdrawals.refuse(step)
        steps.abandon(step, InstanceStatus.WITHDRAWN)
        return {"reason": submissions.clean_comment(reason, is_required=False)}

    return _act(session, actor, instance_id, "withdraw", act, request_key)


def cancel(
    session: Session, actor: Actor, instance_id: int, reason: str, request_key: RequestKey | None = None
) -> Answer:
    """End a case for a reason, as an administrator; what it holds is given back."""

    def act(step: Step) -> dict[str, Any]:
        _refuse_unless_administrator(actor, step)
        if step.case.ended_at is not None:
            steps.refuse_unless_running(step.case)
        told = submissions.clean_comment(reason, is_required=True)
        steps.abandon(step, InstanceStatus.CANCELLED)
        return {"reason": told}

    return _act(session, actor, instance_id, "cancel", act, request_key)


def suspend(session: Session, actor: Actor, instance_id: int, reason: str) -> Answer:
    """Let nobody act in a case until it is resumed; deadlines stay."""

    def act(step: Step) -> dict[str, Any]:
        _refuse_unless_administrator(actor, step)
        steps.refuse_unless_running(step.case)
        told = submissions.clean_comment(reason, is_required=True)
        step.case.status = InstanceStatus.SUSPENDED
        step.case.revision += 1
        return {"reason": told}

    return _act(session, actor, instance_id, "suspend", act)


def resume(session: Session, actor: Actor, instance_id: int) -> Answer:
    """Let a suspended case go on."""

    def act(step: Step) -> dict[str, Any]:
        _refuse_unless_administrator(actor, step)
        if step.case.status != InstanceStatus.SUSPENDED:
            raise Conflict(N_("这件事没有暂停。"))
        step.case.status = InstanceStatus.RUNNING
        step.case.revision += 1
        subscriptions.look_again(session, instance_id)
        return {}

    return _act(session, actor, instance_id, "resume", act)


def retry(session: Session, actor: Actor, instance_id: int) -> Answer:
    """Run again what failed without a person at it: due timers and automatic steps."""

    def act(step: Step) -> dict[str, Any]:
        _refuse_unless_administrator(actor, step)
        if step.case.status != InstanceStatus.FAILED:
            raise Conflict(N_("这件事没有要重试的步骤。"))
        step.case.status = InstanceStatus.RUNNING
        step.case.revision += 1
        incidents.resolve(session, instance_id)
        subscriptions.look_again(session, instance_id)
        return {"elements": steps.fire_due_timers(step)}

    return _act(session, actor, instance_id, "retry", act)


def return_to(
    session: Session, actor: Actor, item_id: int, asked: Return, request_key: RequestKey | None = None
) -> Answer:
    """Send a case back from an own task to a user task that was finished before; typed values stay.

    Without a revision the task is taken as it stands. Raises NotFound, Forbidden, Stale, Conflict for a task that
    many people do, Invalid for a target that is none or no way to go on from it.
    """
    instance_id = session.scalar(select(WorkItem.instance_id).where(WorkItem.id == item_id))
    if instance_id is None:
        raise NotFound

    def act(step: Step) -> dict[str, Any]:
        item, found = _own_open_item(step, item_id, asked.revision)
        told = item_acts.told(asked.reason, is_required=True) or ""
        case, process = step.case, step.process
        target = returns.offers(session, case, process, item.element).target(asked.to, asked.mode)
        work_items.finish_item(session, item.id, Verdict.RETURN, actor.person_id, step.for_person_id)
        step.returned_by = Last(actor.name, found.title, told)
        step.reopening = Reopening(target.element, item.element if asked.mode == Mode.BACK else None)
        changes = run.jump(process, case.state, case.values, target.element, step.context, step.operations)
        steps.apply(step, changes, is_returned=True)
        ways = {"from": item.element, "to": target.element, "mode": asked.mode}
        return {**ways, "position": found.title, "reason": told}

    return _act(session, actor, instance_id, "return", act, request_key)


def remind(session: Session, actor: Actor, instance_id: int, request_key: RequestKey | None = None) -> Answer:
    """Urge whoever a case waits for, once a day: as its initiator or an administrator."""

    def act(step: Step) -> dict[str, Any]:
        if actor.person_id != step.case.initiator_id:
            _refuse_unless_administrator(actor, step)
        steps.refuse_unless_running(step.case)
        if not reminders.has_anyone(session, step.case.id):
            raise Conflict(N_("现在没有等谁办理，不用催办。"))
        if reminders.is_reminded_today(session, step.case.id):
            raise Conflict(N_("今天已经催办过了，请明天再催。"))
        outbox.put(session, "reminded", {"instance": step.case.id})
        return {"people": reminders.count_reminder(session, step.case.id)}

    return _act(session, actor, instance_id, "remind", act, request_key)


def copy(
    session: Session, actor: Actor, instance_id: int, people: Sequence[int], request_key: RequestKey | None = None
) -> Answer:
    """Let colleagues of the case's organisation see it."""

    def act(step: Step) -> dict[str, Any]:
        known = _colleagues(session, step.case, people)
        if not known:
            raise Invalid.field("people", N_("请选要抄送的人。"))
        fresh = participations.add(session, step.case.id, known, Part.COPIED)
        outbox.put(session, "copied", {"instance": step.case.id, "people": fresh, "by": actor.name})
        return {"people": fresh}

    return _act(session, actor, instance_id, "copy", act, request_key)


def _act(
    session: Session,
    actor: Actor,
    instance_id: int,
    action: str,
    act: Act,
    request_key: RequestKey | None = None,
) -> Answer:
    """Lock a case that the person may see, act, and write the journal."""
    if not visibility.may_see_id(session, actor, instance_id):
        raise NotFound
    if action in OVERTAKEN:
        wakes.catch_up(session, instance_id)
    with incidents.guarded(session, {"action": action}, instance_id), writing(session):
        step = steps.locked(session, instance_id, actor, request_key)
        if (known := step.first_answer) is not None:
            return Answer(**known)
        steps.conclude(step, action, act(step), {"instance": instance_id})
    return Answer(instance_id)


def administers(actor: Actor, organization: Organization) -> bool:
    """Tell whether a person may suspend, cancel and retry the cases of an organisation."""
    is_own = actor.holds(Role.PROCESS_ADMIN, organization.id)
    return is_own or actor.covers(organization.path, frozenset({Role.BUREAU_ADMIN}))


def _refuse_unless_administrator(actor: Actor, step: Step) -> None:
    if not administers(actor, step.session.get_one(Organization, step.case.organization_id)):
        raise Forbidden(N_("只有本单位的流程管理员能这样办。"))


def _own_open_item(step: Step, item_id: int, revision: int | None) -> tuple[WorkItem, Capacity]:
    assert step.actor is not None  # noqa: S101 - people return, the system does not
    item = step.session.get_one(WorkItem, item_id, with_for_update=True, populate_existing=True)
    found = capacity(step.session, step.actor, item)
    if found is None:
        raise NotFound if collectives.is_hidden(step.session, item) else Forbidden
    step.for_person = found.for_person
    steps.refuse_unless_running(step.case)
    returns.refuse_others(item)
    if item.status != WorkItemStatus.OPEN or revision not in {None, item.revision}:
        raise Stale
    return item, found


def _colleagues(session: Session, case: LockedCase, people: Sequence[int]) -> list[int]:
    """Return those of the people who hold a position in the case's organisation; raises Invalid for others."""
    known = set(
        session.scalars(select(Person.id).where(Person.id.in_(people), receivers.is_here(case.organization_id)))
    )
    if known != set(people):
        raise Invalid.field("people", N_("只能抄送给本单位的人。"))
    return sorted(known)
