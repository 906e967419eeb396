"""What one step of the engine did: the new state, and all that the caller must write down."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from app.engine.due_values import DueValue, Period


class VisitKind(StrEnum):
    """What happened to an element in the step."""

    ENTERED = "entered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Visit:
    """An element that the step touched."""

    element: str
    kind: VisitKind


class Opened(NamedTuple):
    """A user task that now waits for a person."""

    task_id: int
    element: str
    due: DueValue | None = None


@dataclass(frozen=True)
class Armed:
    """A timer that now waits for its time; one at a border that has none never comes."""

    task_id: int
    element: str
    due: DueValue | None = None
    is_at_border: bool = False


@dataclass(frozen=True)
class Awaited:
    """An event that now waits for a message with a key, from cases of its own organisation, the one above or those below."""

    task_id: int
    element: str
    message: str
    key: str
    origin: str


@dataclass(frozen=True)
class Sent:
    """A message that the step sends, and how long it is kept for those who do not wait for it yet."""

    element: str
    message: str
    key: str
    to: str
    life: Period
    payload: dict[str, Any]


@dataclass(frozen=True)
class Decided:
    """A decision that the step made: what it was given, what came out, and why, all of it JSON."""

    element: str
    decision: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    explanation: Mapping[str, Any]


class Changes(NamedTuple):
    """The result of a step; elements are paths such as `legal_sign` or `panel_review/score`."""

    state: bytes
    values: dict[str, Any]
    opened: tuple[Opened, ...] = ()
    # User tasks that ended without being completed.
    closed: tuple[int, ...] = ()
    armed: tuple[Armed, ...] = ()
    # Timers that ended, the one that was woken included.
    disarmed: tuple[int, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    # Waits for a message that ended, the one that received it included.
    unawaited: tuple[int, ...] = ()
    sent: tuple[Sent, ...] = ()
    visited: tuple[Visit, ...] = ()
    # Elements entered again whose earlier verdict or result was taken away.
    cleared: tuple[str, ...] = ()
    # The end event reached last, once the process has ended; that of a reminder only where there is no other.
    outcome: str | None = None
    is_ended: bool = False
    decided: tuple[Decided, ...] = ()
