"""Who may import what, and into which school."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.errors import Forbidden
from app.domain.identity import Actor
from app.domain.policy import Action, Place, allows
from app.domain.sheets import SheetKind
from app.domain.vocabulary import OrganizationKind
from app.services.accounts.organizations import get_organization, organizations_for, place_of

# Studios come with posts: who administers them may import them as well.
KEEPING: Mapping[SheetKind, tuple[Action, ...]] = {
    SheetKind.SERVICE: (Action.KEEP_REGISTERS,),
    SheetKind.HONOURS: (Action.KEEP_REGISTERS,),
    SheetKind.RANKS: (Action.KEEP_REGISTERS,),
    SheetKind.STUDIOS: (Action.KEEP_REGISTERS, Action.MANAGE_STUDIOS),
}


def may_import(actor: Actor, kind: SheetKind, place: Place) -> bool:
    """Tell whether a position held today allows such imports there."""
    return any(allows(actor, action, place) for action in KEEPING[kind])


def kinds_for(actor: Actor, organization: Organization) -> list[SheetKind]:
    """Return what the actor may import into an organisation."""
    if organization.kind != OrganizationKind.SCHOOL:
        return []
    return [kind for kind in SheetKind if may_import(actor, kind, place_of(organization))]


def schools_for(session: Session, actor: Actor) -> list[Organization]:
    """Return the schools into which the actor may import something, from the top down."""
    found = {
        one.id: one
        for action in (Action.KEEP_REGISTERS, Action.MANAGE_STUDIOS)
        for one in organizations_for(session, actor, action)
        if one.kind == OrganizationKind.SCHOOL
    }
    return sorted(found.values(), key=lambda one: one.path)


def school_for(session: Session, actor: Actor, organization_id: int | None) -> Organization:
    """Return the school to import into, by default the one in which the actor acts or the first.

    Raises NotFound, and Forbidden where the actor may import nothing.
    """
    if organization_id is not None:
        organization = get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION)
        if not kinds_for(actor, organization):
            raise Forbidden
        return organization
    found = schools_for(session, actor)
    if not found:
        raise Forbidden
    acting = actor.acting.organization_id if actor.acting else None
    return next((one for one in found if one.id == acting), found[0])
