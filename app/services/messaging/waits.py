"""What a case waits for that no person is asked for: messages and instants on its way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.messages import Subscription
from app.db.processes import Timer
from app.engine.compiler import CompiledProcess
from app.engine.model import WaitEvent


@dataclass(frozen=True)
class Wait:
    """An event that a case has come to: `kind` is message or timer; a timer's end is `due_at`, a message is awaited `since`."""

    element: str
    name: str
    kind: Literal["message", "timer"]
    due_at: datetime | None = None
    since: datetime | None = None


def waits(session: Session, instance_id: int, process: CompiledProcess) -> list[Wait]:
    """Return the events that a case stands at; those at the border of a task wait beside it and are left out."""
    if not process.waits_alone:
        return []
    # What has a day is told before what may come at any time.
    found = (*_timers(session, instance_id, process), *_messages(session, instance_id, process))
    return [wait for wait in found if _is_alone(process, wait.element)]


def _messages(session: Session, instance_id: int, process: CompiledProcess) -> Iterator[Wait]:
    is_open = Subscription.instance_id == instance_id, Subscription.closed_at.is_(None)
    query = select(Subscription.element, Subscription.opened_at).where(*is_open).order_by(Subscription.id)
    for element, opened_at in session.execute(query):
        yield Wait(element, process.element(element).name, "message", since=opened_at)


def _timers(session: Session, instance_id: int, process: CompiledProcess) -> Iterator[Wait]:
    is_open = Timer.instance_id == instance_id, Timer.fired_at.is_(None)
    for element, due_at in session.execute(select(Timer.element, Timer.due_at).where(*is_open).order_by(Timer.id)):
        yield Wait(element, process.element(element).name, "timer", due_at=due_at)


def _is_alone(process: CompiledProcess, element: str) -> bool:
    event = process.element(element)
    return isinstance(event, WaitEvent) and event.attached_to is None
