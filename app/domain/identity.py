"""Who acts: a person with the positions held today."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.vocabulary import BUREAU_ROLES, Role


@dataclass(frozen=True)
class Holding:
    """A position held today; the path is the organisation's materialised path such as `/1/4/17/`."""

    position_id: int
    role: Role
    organization_id: int
    organization_name: str
    organization_path: str
    studio_id: int | None = None


@dataclass(frozen=True)
class StandIn:
    """Somebody away, whose tasks in one organisation a person does for a time.

    `through` are substitutes between the two who are away themselves; no `processes` means all of them.
    """

    absence_id: int
    principal_id: int
    name: str
    organization_id: int
    holdings: tuple[Holding, ...]
    processes: frozenset[str] | None
    through: tuple[int, ...]
    until_at: datetime

    @property
    def people(self) -> tuple[int, ...]:
        """Return those in whose place the person acts: the principal, and those between."""
        return (self.principal_id, *self.through)

    def concerns(self, process_key: str) -> bool:
        """Tell whether the person stands in for tasks of a process."""
        return self.processes is None or process_key in self.processes


@dataclass(frozen=True)
class Actor:
    """A signed-in person; `acting` is the position the person chose to see the platform from."""

    person_id: int
    name: str
    username: str
    holdings: tuple[Holding, ...] = ()
    acting: Holding | None = None
    must_change_password: bool = False
    # For whom the person stands in at this moment.
    stand_ins: tuple[StandIn, ...] = ()

    def holds(self, role: Role, organization_id: int, studio_id: int | None = None) -> bool:
        """Tell whether the person holds the role in this very organisation (and studio, if given)."""
        return any(
            held.role == role
            and held.organization_id == organization_id
            and (studio_id is None or held.studio_id == studio_id)
            for held in self.holdings
        )

    def covers(self, organization_path: str, roles: frozenset[Role] = BUREAU_ROLES) -> bool:
        """Tell whether a position in one of the roles stands at or above the organisation."""
        return any(
            held.role in roles and organization_path.startswith(held.organization_path) for held in self.holdings
        )

    def belongs_to(self, organization_id: int) -> bool:
        """Tell whether the person holds any position in the organisation."""
        return any(held.organization_id == organization_id for held in self.holdings)

    def positions_in(self, organization_id: int) -> tuple[Holding, ...]:
        """Return the positions held in one organisation."""
        return tuple(held for held in self.holdings if held.organization_id == organization_id)
