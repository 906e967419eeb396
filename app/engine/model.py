"""What a diagram says, read once and never changed: elements, flows, and the order of the main line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from app.domain import tally
from app.domain.handling import Otherwise
from app.domain.overdue import USUAL_REMINDERS, Plan, read_days, read_reminders

INITIATOR = "initiator"
# One person whom the case names, by an expression.
PERSON = "person"
Kind = TypeVar("Kind", bound="Element")


@dataclass(frozen=True, kw_only=True)
class Element:
    """A node of the diagram; `parent` is the embedded subprocess that it stands in."""

    id: str
    name: str = ""
    documentation: str = ""
    lane: str | None = None
    parent: str | None = None
    # The key of a rule parameter whose clause is shown beside the element.
    clause: str | None = None


@dataclass(frozen=True, kw_only=True)
class StartEvent(Element):
    """Where a person files the case: with which form, in which roles, of which organisation."""

    form: str | None = None
    roles: tuple[str, ...] = ()
    of: str = "own"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A message to other cases: its name, the key that must match, how far it goes, what it carries."""

    message: str = ""
    key: str = ""
    to: str = "own"
    # How long it is kept for those who do not wait for it yet.
    life: str = "P30D"
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EndEvent(Element):
    """Where a token ends; a terminating end event ends the others too, one with a message sends it."""

    is_terminating: bool = False
    sending: Sending | None = None


@dataclass(frozen=True, kw_only=True)
class ThrowEvent(Element):
    """Where a token sends a message and goes on."""

    sending: Sending = Sending()


@dataclass(frozen=True, kw_only=True)
class Collective:
    """How a task that many people are asked at once closes; the numbers and the person judged are expressions."""

    closing: str = tally.Closing.ALL
    quorum: str | None = None
    majority: str | None = None
    secrecy: str = tally.Secrecy.NAMED
    # The answers that must say why.
    reasons: tuple[str, ...] = ()
    # Who is judged and therefore not asked.
    about: str | None = None
    # The list of those among the role's holders who are asked; without one, all of them are.
    among: str | None = None
    # How many working days before the deadline the missing are reminded.
    remind: str | None = None
    # Of a secret ballot: the names, how many may be chosen on a paper and how many places there are, who opens it,
    # who keeps the key, the one extension; whether assistants vote, and whether a vote may be changed.
    choices: str | None = None
    seats: str | None = None
    places: str | None = None
    scrutineers: str | None = None
    custody: str | None = None
    extend: str | None = None
    assistants_vote: str | None = None
    vote_change: str | None = None
    # Of a panel: whom its members score, and on what.
    candidates: str | None = None
    criteria: str | None = None

    @property
    def is_scored(self) -> bool:
        """Tell whether its members score candidates."""
        return self.candidates is not None

    @property
    def is_secret(self) -> bool:
        """Tell whether it is a ballot that nobody can read before it is counted."""
        return self.secrecy == tally.Secrecy.SECRET

    @property
    def expressions(self) -> tuple[str, ...]:
        """Return what is evaluated when the task opens."""
        about = None if self.about == INITIATOR else self.about
        ballot = (self.choices, self.seats, self.places, self.scrutineers, self.custody)
        voting = (self.assistants_vote, self.vote_change)
        panel = (self.candidates, self.criteria)
        alone = (self.quorum, self.majority, about, self.remind)
        return tuple(text for text in (*alone, *ballot, *voting, *panel) if text)


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What the diagram says of a task's deadline, as it is written; the check has read it before it is published."""

    remind: str | None = None
    escalate_to: str | None = None
    escalate_after: str | None = None
    verdict: str | None = None
    verdict_after: str | None = None

    @cached_property
    def plan(self) -> Plan:
        """Return the same as numbers."""
        reminders = read_reminders(self.remind) if self.remind else None
        return Plan(
            USUAL_REMINDERS if reminders is None else reminders,
            self.escalate_to,
            read_days(self.escalate_after or ""),
            self.verdict,
            read_days(self.verdict_after or ""),
        )


@dataclass(frozen=True, kw_only=True)
class Handling:
    """Who does a task: where nobody holds its position, where it is the initiator's own, where one did a step before."""

    unheld: str = Otherwise.ADMINISTRATORS
    initiator: str = Otherwise.SELF
    repeated: str = Otherwise.SELF


@dataclass(frozen=True, kw_only=True)
class UserTask(Element):
    """What a person is asked to do."""

    role: str = ""
    of: str = "own"
    # Who is asked, where the role is `person`.
    person: str | None = None
    form: str | None = None
    # The element whose values this task shows and replaces.
    edits: str | None = None
    verdicts: tuple[str, ...] = ()
    due: str | None = None
    # Elements that another person must have completed.
    distinct_from: tuple[str, ...] = ()
    # The statement of intent that the person signs.
    signature: str | None = None
    # Elements whose values the signature binds.
    signs: tuple[str, ...] = ()
    ask: str = ""
    next: str = ""
    # What of the initiator's file whoever may take it reads while it is open.
    reads: tuple[str, ...] = ()
    # `none` where whoever does it may send the case nowhere back beside the diagram.
    returns: str | None = None
    # Set where the task carries the multi-instance marker: everyone who holds the role is asked.
    collective: Collective | None = None
    overdue: Overdue = Overdue()
    handling: Handling = Handling()

    @property
    def outcomes(self) -> frozenset[str]:
        """Return every verdict that the task may leave in the case."""
        if self.collective is None:
            return frozenset(self.verdicts)
        if self.collective.is_secret:
            return tally.BALLOT_OUTCOMES
        if self.collective.is_scored:
            return tally.PANEL_OUTCOMES
        return tally.outcomes_of(
            self.collective.closing,
            self.verdicts,
            has_majority=self.collective.majority is not None,
            has_deadline=self.due is not None,
        )

    @property
    def may_return(self) -> bool:
        """Tell whether whoever does it may return the case to a task that was finished before."""
        return self.collective is None and self.returns is None

    @property
    def is_initiator(self) -> bool:
        """Tell whether the person who started the case is asked."""
        return self.role == INITIATOR

    @property
    def is_person(self) -> bool:
        """Tell whether one person is asked whom the case names."""
        return self.role == PERSON


@dataclass(frozen=True, kw_only=True)
class ServiceTask(Element):
    """What the platform does: an operation with its parameters, each an expression."""

    operation: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DecisionTask(Element):
    """A business rule task: a decision of the package's DMN files, its inputs each an expression."""

    decision: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CallActivity(Element):
    """A called process: its key, what is handed in, what is taken out, each an expression."""

    called: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SubProcess(Element):
    """An embedded subprocess."""


@dataclass(frozen=True, kw_only=True)
class Gateway(Element):
    """A gateway: exclusive, parallel or event."""

    kind: str = "exclusive"
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class WaitEvent(Element):
    """What waits for the world outside: between two elements, or at the border of one."""

    attached_to: str | None = None
    is_interrupting: bool = True


@dataclass(frozen=True, kw_only=True)
class TimerEvent(WaitEvent):
    """A deadline."""

    due: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageEvent(WaitEvent):
    """A wait for a message with a matching key; what it carries becomes the element's result."""

    message: str = ""
    key: str = ""
    # From where: cases of the same organisation, of the one above, of those directly below.
    origin: str = "own"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None


@dataclass(frozen=True)
class ProcessModel:
    """One diagram: its elements by id in drawn order, its flows, its main line."""

    key: str
    name: str
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    # Ids of the top level's main line, gateways left out: the strip of steps on a page.
    order: tuple[str, ...] = ()
    # End events that only a reminder's branch comes to: never the outcome while there is another.
    side_ends: frozenset[str] = frozenset()

    @cached_property
    def start(self) -> StartEvent:
        """Return the start event of the process itself."""
        return next(item for item in self.elements.values() if isinstance(item, StartEvent) and item.parent is None)

    def user_task(self, element: str) -> UserTask:
        """Return a user task. Raises KeyError when the element is something else."""
        found = self.elements[element]
        if not isinstance(found, UserTask):
            raise KeyError(element)
        return found

    def of_kind(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return all elements of a kind, in drawn order."""
        return tuple(item for item in self.elements.values() if isinstance(item, kind))
