"""Who does a task of a scenario where its diagram says more than a position (docs/bpmn.md §2.4)."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.handling import OF_THE_LEVEL_ABOVE, Otherwise, affirmative, superiors
from app.domain.vocabulary import Role
from app.engine.model import Handling, UserTask

USUAL = Handling()
Holders = Callable[[str], set[str]]


@dataclass(frozen=True)
class Seat:
    """Who a task waits for: holders of a role who are not barred, or who was named; or the verdict by which it passes."""

    # None where nobody is left.
    role: str | None
    barred: frozenset[str] = frozenset()
    verdict: str | None = None
    named: str = ""
    # Whether the initiator names somebody, in the administrators' place.
    is_asked: bool = False

    def holds(self, person: str, roles: frozenset[str]) -> bool:
        """Tell whether a person with these roles may do the task."""
        return person == self.named if self.named else self.role in roles and person not in self.barred


@dataclass(frozen=True)
class Around:
    """What a seat depends on: who holds a role and did nothing that bars, the initiator, and who agreed in this round."""

    holders: Holders
    initiator: str
    agreed: frozenset[str]


def seat(task: UserTask, around: Around) -> Seat:
    """Return for whom a task waits as it opens."""
    if task.is_initiator or task.collective is not None:
        return Seat(task.role)
    why, barred = _why_not(task, around)
    if why is None:
        return Seat(task.role, barred)
    choice = getattr(task.handling, why)
    verdict = affirmative(task.verdicts)
    if choice == Otherwise.SKIP and verdict:
        return Seat(task.role, barred, verdict)
    above = _above(task, around, barred) if choice == Otherwise.SUPERIOR else None
    return Seat(above, barred, is_asked=choice == Otherwise.ASK)


def _why_not(task: UserTask, around: Around) -> tuple[str | None, frozenset[str]]:
    """Return which setting holds, if any, and who may not do the task because of it."""
    able, barred = around.holders(task.role), frozenset[str]()
    if around.initiator in able and task.handling.initiator != Otherwise.SELF:
        able, barred = able - {around.initiator}, frozenset({around.initiator})
        if not able:
            return "initiator", barred
    if not able:
        return "unheld", barred
    if len(able) == 1 and able <= around.agreed and task.handling.repeated != Otherwise.SELF:
        return "repeated", barred | able
    return None, barred


def _above(task: UserTask, around: Around, barred: frozenset[str]) -> str | None:
    """Return the next position up that somebody holds who may do the task."""
    chain = (*superiors(Role(task.role)), OF_THE_LEVEL_ABOVE, *superiors(OF_THE_LEVEL_ABOVE))
    return next((role for role in chain if around.holders(role) - barred), None)
