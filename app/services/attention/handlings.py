"""Who does a task as it opens, where its diagram says more than a position (docs/bpmn.md §2.4)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Position
from app.db.queries.step_locks import LockedCase
from app.db.work import Submission
from app.domain.handling import AGREED, BEGINS_A_ROUND, OF_THE_LEVEL_ABOVE, Otherwise, affirmative, superiors
from app.domain.text import N_, sentence
from app.domain.vocabulary import ROLE_TITLES, Role
from app.engine.model import Handling, UserTask
from app.services.accounts.actors import holds_today

Row = dict[str, Any]
USUAL = Handling()
# Why somebody may not do a task, as its exclusion keeps it.
OWN_CASE = N_("自己发起的，由别人办")
DID_BEFORE = N_("前面的环节已经办过，由别人办")
# Why a step passed by itself, as its history tells it.
PASSED = {
    "unheld": N_("%(role)s现在没有人，按流程图自动通过。"),
    "initiator": N_("办理人就是发起人，按流程图自动通过。"),
    "repeated": N_("办理人在前面的环节已经同意，按流程图自动通过。"),
}


@dataclass(frozen=True)
class Resolved:
    """How a task is offered: what differs in its row, who else may not do it, or the verdict by which it passes."""

    row: Row = field(default_factory=dict)
    barred: Mapping[int, str] = field(default_factory=dict)
    verdict: str | None = None
    words: str = ""


@dataclass(frozen=True)
class _Case:
    """What is asked: the case, the task, the row that it would get, and who may not do it anyway."""

    session: Session
    case: LockedCase
    task: UserTask
    row: Row
    barred: Collection[int]


def is_usual(task: UserTask) -> bool:
    """Tell whether a task says nothing of its own: then nobody is asked for as it opens."""
    return task.handling == USUAL or task.is_initiator or task.is_person


def resolve(
    session: Session, case: LockedCase, task: UserTask, row: Row, barred: Collection[int], *, may_pass: bool
) -> Resolved:
    """Return how a task that opens is offered by what its diagram says."""
    asked = _Case(session, case, task, row, barred)
    why, more = _why_not(asked)
    if why is None:
        return Resolved(barred=more)
    choice = getattr(task.handling, why)
    verdict = affirmative(task.verdicts)
    if choice == Otherwise.SKIP and verdict and may_pass:
        return Resolved(verdict=verdict, words=passed_words(why, task))
    found = _superior(asked, more) if choice == Otherwise.SUPERIOR else None
    return Resolved({**found, "is_nobodys": False} if found else {"is_nobodys": True}, more)


def passed_words(why: str, task: UserTask) -> str:
    """Say why a task passes by itself."""
    return sentence(PASSED[why], role=ROLE_TITLES[Role(task.role)]).chinese()


def superior_of(session: Session, organization_id: int, role: Role, barred: Collection[int]) -> Row | None:
    """Return the next position up that somebody holds who may do it: in the organisation, then in those above it."""
    place, roles = session.get(Organization, organization_id), list(superiors(role))
    while place is not None:
        held = _held_by(session, place.id, roles, barred)
        found = next((each for each in roles if each in held), None)
        if found is not None:
            return {"organization_id": place.id, "role": found, "studio_id": None}
        place, roles = place.parent, [OF_THE_LEVEL_ABOVE, *superiors(OF_THE_LEVEL_ABOVE)]
    return None


def _why_not(asked: _Case) -> tuple[str | None, dict[int, str]]:
    """Return which setting holds, if any, and who else may not do the task because of it."""
    found, own = able(asked.session, asked.row, asked.barred), asked.case.initiator_id
    more: dict[int, str] = {}
    if own is not None and own in found and asked.task.handling.initiator != Otherwise.SELF:
        found, more = found - {own}, {own: OWN_CASE}
        if not found:
            return "initiator", more
    if not found:
        return "unheld", more
    only = next(iter(found))
    is_asked_again = len(found) == 1 and asked.task.handling.repeated != Otherwise.SELF
    if is_asked_again and _has_agreed(asked.session, asked.case.id, only):
        return "repeated", {**more, only: DID_BEFORE}
    return None, more


def able(session: Session, row: Row, barred: Collection[int]) -> set[int]:
    """Return who holds a task's position and may do it."""
    query = select(Position.person_id).where(
        Position.organization_id == row["organization_id"], Position.role == row["role"], holds_today()
    )
    if row["studio_id"] is not None:
        query = query.where(Position.studio_id == row["studio_id"])
    return set(session.scalars(query)) - set(barred)


def _superior(asked: _Case, more: Mapping[int, str]) -> Row | None:
    row, barred = asked.row, {*asked.barred, *more}
    return superior_of(asked.session, row["organization_id"], Role(row["role"]), barred)


def _held_by(session: Session, organization_id: int, roles: Collection[Role], barred: Collection[int]) -> set[Role]:
    query = select(Position.role).where(
        Position.organization_id == organization_id,
        Position.role.in_(roles),
        Position.person_id.not_in(barred),
        holds_today(),
    )
    return {Role(role) for role in session.scalars(query)}


def _has_agreed(session: Session, instance_id: int, person_id: int) -> bool:
    """Tell whether a person has agreed to a step since what is agreed to was handed in or returned last."""
    rows = session.execute(
        select(Submission.person_id, Submission.verdict)
        .where(Submission.instance_id == instance_id)
        .order_by(Submission.id.desc())
    )
    return any(person == person_id and verdict in AGREED for person, verdict in _this_round(iter(rows.all())))


def _this_round(rows: Iterator[Any]) -> Iterator[tuple[int | None, str]]:
    for person, verdict in rows:
        if verdict in BEGINS_A_ROUND:
            return
        yield person, verdict
