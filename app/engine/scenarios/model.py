"""What a scenario says: who starts, who does what, how time passes, how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.due_values import DueValue
from app.engine.forms import Option


@dataclass(frozen=True)
class Refusal:
    """An expected refusal: any, one whose sentence contains a text, or one with errors at these paths."""

    text: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Start:
    """Filing the case."""

    # Empty where the process begins by itself.
    by: str
    values: dict[str, Any]
    params: Mapping[str, Any] = field(default_factory=dict)
    refused: Refusal | None = None
    # Empty where the scenario does not care: the first of the year, in an organisation called XX.
    serial: str = ""


@dataclass(frozen=True)
class Complete:
    """A person completes a user task."""

    element: str
    by: str
    values: dict[str, Any]
    verdict: str | None = None
    refused: Refusal | None = None


@dataclass(frozen=True)
class Respond(Complete):
    """One of the many people whom a task asks answers."""


@dataclass(frozen=True)
class Recuse:
    """One of the many people whom a task asks steps aside; of a panel, for one candidate alone."""

    element: str
    by: str
    refused: Refusal | None = None
    candidate: str | None = None


@dataclass(frozen=True)
class Assign:
    """An administrator, or the initiator who is asked, names who does a task that nobody can do."""

    element: str
    by: str
    to: str
    refused: Refusal | None = None


@dataclass(frozen=True)
class Wake:
    """A timer falls due, whatever its time."""

    element: str


@dataclass(frozen=True)
class Pass:
    """Time goes by."""

    period: DueValue


@dataclass(frozen=True)
class Expect:
    """Exactly these user tasks wait."""

    elements: tuple[str, ...]


@dataclass(frozen=True)
class Send:
    """Another case sends a message to the events that wait for it."""

    message: str
    key: str
    values: dict[str, Any]


@dataclass(frozen=True)
class ExpectedMessage:
    """A message that the case should have sent; without a key or values any will do."""

    message: str
    key: str | None = None
    values: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ExpectSent:
    """Exactly these messages were sent since the last time that this was asked."""

    messages: tuple[ExpectedMessage, ...]


@dataclass(frozen=True)
class LateAct:
    """What time did to a late task: reminded of it, put it before a position, or answered it."""

    kind: str
    element: str
    word: str = ""


@dataclass(frozen=True)
class ExpectLate:
    """Exactly this has happened to late tasks since the last time that this was asked."""

    acts: tuple[LateAct, ...]


Step = Complete | Respond | Recuse | Assign | Send | ExpectSent | ExpectLate | Wake | Pass | Expect


@dataclass(frozen=True)
class Stage:
    """What holds in every scenario of a file: people, rules, options, answers of operations."""

    people: Mapping[str, frozenset[str]]
    rules: Mapping[str, Any]
    options: Mapping[str, tuple[Option, ...]]
    attachments: frozenset[str]
    operations: Mapping[str, Any]


@dataclass(frozen=True)
class Scenario:
    """One story."""

    name: str
    stage: Stage
    start: Start
    steps: tuple[Step, ...]
    outcome: str | None
