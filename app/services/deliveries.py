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
from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.vocabulary import InstanceStatus
from app.engine import run
from app.services import outbox, steps, subscriptions
from app.services.steps import Step

logger = logging.getLogger(__name__)


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
    """Give a message to a case that waits, as a step of its own; a case that breaks on it is stopped.

    One that stands still gets it when it goes on. Raises OperationalError where the database could not be reached.
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
    except Exception as error:
        logger.exception("message %s broke instance %s", message.id, wait.instance_id)
        steps.fail(steps.locked(session, wait.instance_id, None), error, {"message": message.id})


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
    changes = run.receive(
        step.process, case.state, case.values, wait.task_id, message.payload, step.context, step.operations
    )
    steps.apply(step, changes)
    session.add(Delivery(message_id=message.id, instance_id=case.id, element=wait.element))
    message.received_at = message.received_at or clock.now()
    session.flush()
    details = {"element": wait.element, "message": message.name, "id": message.id, "from": _sender(session, message)}
    steps.conclude(step, "message", {**details, "elements": fired} if fired else details)


def _sender(session: Session, message: Message) -> str | None:
    """Return the serial number of the case that sent a message."""
    return session.scalar(select(ProcessInstance.serial).where(ProcessInstance.id == message.instance_id))
