"""The register of appointments: who holds or held which post, where, from when to when."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from app.db.people import Position
from app.db.queries import posts
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.vocabulary import Role
from app.services.accounts.organizations import in_scope
from app.services.pages import Page, limit_of
from app.services.registers.filters import PAGE, Filters, Place, dated_page, path_of

# A post, and the name of its studio.
Appointment = tuple[Position, str | None]


@dataclass(frozen=True)
class AppointmentFilters(Filters):
    """What is asked of the appointments."""

    role: Role | None = None
    studio_id: int | None = None


def appointments(
    session: Session, actor: Actor, filters: AppointmentFilters, *, cursor: str | None = None, limit: int | None = None
) -> Page[Appointment]:
    """Return posts in the person's scope, those begun last first. Raises NotFound, Invalid."""
    wanted = posts.Wanted(
        path=path_of(session, actor, filters.organization_id),
        person_id=filters.person_id,
        studio_id=filters.studio_id,
        role=filters.role,
        year=filters.year,
        as_of=filters.as_of,
    )

    def read(after: Place | None, size: int) -> list[Appointment]:
        return posts.appointments(session, _scope(actor), wanted, after=after, limit=size)

    return dated_page(cursor, limit_of(limit, PAGE), read, lambda row: (row[0].from_on, row[0].id))


def _scope(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the own posts, and of those where the person sees files or looks after people."""
    offices = (in_scope(actor, action) for action in (Action.SEE_DOSSIERS, Action.MANAGE_PEOPLE))
    return or_(Position.person_id == actor.person_id, *offices)
