"""Who acts: a person with the positions held today."""

from dataclasses import dataclass

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
class Actor:
    """A signed-in person; `acting` is the position the person chose to see the platform from."""

    person_id: int
    name: str
    username: str
    holdings: tuple[Holding, ...] = ()
    acting: Holding | None = None
    must_change_password: bool = False

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
