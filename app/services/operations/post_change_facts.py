"""What the database says of who hands posts over, and of who takes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from app.db.people import Organization, Person, Position
from app.db.processes import ProcessInstance
from app.db.queries.offices import is_held
from app.db.work import IS_UNDONE, WorkItem
from app.domain import clock
from app.domain.vocabulary import InstanceStatus, Role
from app.services.accounts.terms import not_ended
from app.services.operations.call import Call
from app.services.operations.post_change import DRAFT, PostChange

OPEN = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.FAILED)
# Who signs for money beside a studio's host, or books it.
SIGNERS = frozenset({Role.STUDIO_HOST, Role.FINANCE_OFFICER})


@dataclass(frozen=True)
class Facts:
    """The school, who leaves with the positions there on the last day, and from when the hand-over holds.

    Agreed late, it holds from today.
    """

    organization: Organization
    leaver: Person
    held: tuple[Position, ...]
    effective_on: date

    def holds(self, role: Role) -> bool:
        """Tell whether the leaver holds a role on the last day."""
        return any(position.role == role for position in self.held)


def gather(call: Call, change: PostChange) -> Facts | None:
    """Read what the checks compare with, and hold the leaver's positions; None where nobody of that id works here."""
    leaver = call.session.get(Person, change.leaver) if change.leaver is not None else None
    if leaver is None:
        return None
    effective_on = max(change.from_on, clock.today())
    last_on = max(effective_on - timedelta(days=1), clock.today())
    held = select(Position).where(
        Position.person_id == leaver.id, Position.organization_id == call.organization_id, is_held(last_on)
    )
    positions = tuple(call.session.scalars(held.order_by(Position.id).with_for_update()))
    organization = call.session.get_one(Organization, call.organization_id)
    return Facts(organization, leaver, positions, effective_on) if positions else None


def other_changes(call: Call, leaver_id: int) -> Iterable[str]:
    """Return the serial numbers of other hand-overs of the same person that are being decided."""
    rows: Iterable[Any] = call.session.execute(
        select(ProcessInstance.serial, ProcessInstance.values).where(
            ProcessInstance.process_key == call.process_key,
            ProcessInstance.organization_id == call.organization_id,
            ProcessInstance.status.in_(OPEN),
            ProcessInstance.id != call.instance_id,
        )
    )
    return [serial for serial, values in rows if (values.get(DRAFT) or {}).get("leaver") == leaver_id]


def tasks_in_hand(call: Call, person_id: int) -> int:
    """Return how many tasks of the school a person has in hand alone, which follow no post."""
    mine = select(func.count()).where(
        WorkItem.organization_id == call.organization_id,
        WorkItem.assignee_id == person_id,
        WorkItem.role.is_(None),
        WorkItem.instance_id != call.instance_id,
        IS_UNDONE,
    )
    return call.session.scalar(mine) or 0


def roles_of(call: Call, person_id: int) -> frozenset[Role]:
    """Return the roles that a person holds or will hold in the school."""
    held = select(Position.role).where(
        Position.person_id == person_id, Position.organization_id == call.organization_id, not_ended()
    )
    return frozenset(Role(role) for role in call.session.scalars(held))


def held_from(call: Call, person_id: int, role: Role, day: date) -> Sequence[Position]:
    """Return the positions in a role that a person holds in the school on a day or later, the earliest first."""
    held = select(Position).where(
        Position.person_id == person_id,
        Position.organization_id == call.organization_id,
        Position.role == role,
        or_(Position.until_on.is_(None), Position.until_on >= day),
    )
    return call.session.scalars(held.order_by(Position.from_on).with_for_update()).all()
