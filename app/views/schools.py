"""Which school a page is about: the one asked for, else the person's own."""

from flask import request

from app.db.people import Organization
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.vocabulary import OrganizationKind
from app.services.accounts.organizations import organizations_for
from app.views.database import get_session
from app.views.numbers import whole
from app.views.session import current_actor


def schools_in_sight() -> list[Organization]:
    """Return the schools that the person may see."""
    seen = organizations_for(get_session(), current_actor(), Action.SEE_ORGANIZATION)
    return [one for one in seen if one.kind == OrganizationKind.SCHOOL]


def school_asked() -> Organization:
    """Return the school asked for, by default the one in which the person acts, else the first in sight.

    Raises NotFound.
    """
    schools, acting = schools_in_sight(), current_actor().acting
    if "organization" in request.args:
        wanted = request.args.get("organization", type=whole)
        schools = [one for one in schools if one.id == wanted]
    own = [one for one in schools if acting is not None and one.id == acting.organization_id]
    found = next(iter([*own, *schools]), None)
    if found is None:
        raise NotFound
    return found
