"""Bringing messages to the cases that wait for them: through the outbox, once to each, whoever came first.

Sending and waiting both write an outbox row in their own transaction, and each is handled after its commit:
whichever came later finds the other. A delivery is a step of the receiving case.
"""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.messages import Delivery, Message, Subscription
from app.db.processes import Incident, ProcessInstance
from app.domain import clock
from app.domain.errors import ShenpiError
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus
from app.engine import run
from app.engine.expressions import ExpressionError
from app.engine.problems import RunError
from app.services import incidents, outbox, steps
from app.services.messaging import subscriptions
from app.services.messaging.messages import TooManyHops
from app.services.steps import Step

logger = logging.getLogger(__name__)


class MessageRefused(ShenpiError):
    """A case cannot go on with what a message carries."""

    message = N_(
        "收到的消息“%(name)s”（%(key)s，%(sender)s发出）内容不对，没有收下：%(reason)s 这件事接着等，请发的一方改正后再发一次。"
    )


def hand_out(session: Session, payload: Mapping[str, Any]) -> None:
    """Bring a message that was sent to all that wait for it now."""
    message = session.get_one(Message, payload["message"])
    for subscription_id in subscriptions.waiting_for(session, message):
        outbox.put(session, "delivery", {"message": message.id, "subscription": subscription_id})


def look_back(session: Session, payload: Mapping[str, Any]) -> None:
    """Bring what was sent before to one who waits now."""
    wait = session.get_one(Subscription, payload["subscription"])
    if wait.closed_at is None:
        for message_id in subscriptions.messages_for(session, wait):
            outbox.put(session, "delivery", {"message": message_id, "subscription": wait.id})


def deliver(session: Session, payload: Mapping[str, Any]) -> None:
    """Give a message to a case that waits, as a step of its own.

    A case whose diagram does not work with what it carries refuses it and goes on waiting (docs/adr/0013); one that
    breaks otherwise is stopped. One that stands still gets it when it goes on. Raises OperationalError where the
    database could not be reached.
    """
    wait = session.get_one(Subscription, payload["subscription"])
    step = steps.locked(session, wait.instance_id, None)
    session.refresh(wait)
    message = session.get_one(Message, payload["message"])
    if step.case.status != InstanceStatus.RUNNING or not _is_wanted(session, wait, message):
        return
    try:
        with session.begin_nested():
            _receive(step, wait, message)
    except OperationalError:
        raise
    except MessageRefused as error:
        logger.warning("instance %s refused message %s", wait.instance_id, message.id, exc_info=True)
        _refuse(session, wait, message)
        about = {"element": wait.element, "message": message.id}
        incidents.record(session, wait.instance_id, error, about)
        steps.conclude(steps.locked(session, wait.instance_id, None), "refuse_message", about)
    except Exception as error:
        logger.exception("message %s broke instance %s", message.id, wait.instance_id)
        # What breaks a case again after a retry, or would turn for ever, must not do so for its whole life.
        if isinstance(error, TooManyHops) or _broke_before(session, wait.instance_id, message):
            _refuse(session, wait, message)
        steps.fail(steps.locked(session, wait.instance_id, None), error, {"message": message.id})


def _broke_before(session: Session, instance_id: int, message: Message) -> bool:
    query = select(Incident).where(Incident.instance_id == instance_id)
    return any(one.request.get("message") == message.id for one in session.scalars(query))


def _refuse(session: Session, wait: Subscription, message: Message) -> None:
    refused = Delivery(message_id=message.id, instance_id=wait.instance_id, element=wait.element, is_refused=True)
    session.add(refused)
    session.flush()


def _is_wanted(session: Session, wait: Subscription, message: Message) -> bool:
    if wait.closed_at is not None or message.expires_at <= clock.now():
        return False
    return session.get(Delivery, (message.id, wait.instance_id)) is None


def _receive(step: Step, wait: Subscription, message: Message) -> None:
    session, case = step.session, step.case
    # What is late comes too late, as an answer would.
    fired = steps.fire_due_timers(step)
    session.refresh(wait)
    if wait.closed_at is not None:
        steps.conclude(step, "timer", {"elements": fired})
        return
    step.hops = message.hops + 1
    _go_on(step, wait, message)
    session.add(Delivery(message_id=message.id, instance_id=case.id, element=wait.element))
    message.received_at = message.received_at or clock.now()
    session.flush()
    details = {"element": wait.element, "message": message.name, "id": message.id, "from": _sender(session, message)}
    steps.conclude(step, "message", {**details, "elements": fired} if fired else details)


def _go_on(step: Step, wait: Subscription, message: Message) -> None:
    case = step.case
    try:
        changes = run.receive(
            step.process, case.state, case.values, wait.task_id, message.payload, step.context, step.operations
        )
        steps.apply(step, changes)
    except (ExpressionError, RunError) as error:
        sender = _sender(step.session, message)
        raise MessageRefused(name=message.name, key=message.key, sender=sender or "-", reason=error) from error


def _sender(session: Session, message: Message) -> str | None:
    """Return the serial number of the case that sent a message."""
    return session.scalar(select(ProcessInstance.serial).where(ProcessInstance.id == message.instance_id))
