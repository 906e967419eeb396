"""When positions and signing authorisations hold; the day is a value, or a parameter of a prebuilt statement."""

from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, exists, or_

from app.db.people import Position, SigningAuthorization
from app.domain.vocabulary import WORKING_ROLES

Day = date | BindParameter[date]


def is_held(on: Day, position: type[Position] = Position) -> ColumnElement[bool]:
    """Return the condition of a position, or of an alias of it, that is held on a day; both of its dates count."""
    return and_(position.from_on <= on, or_(position.until_on.is_(None), position.until_on >= on))


def is_work(on: Day) -> ColumnElement[bool]:
    """Return the condition of a position in which somebody works in its organisation on a day."""
    return and_(is_held(on), Position.role.in_(WORKING_ROLES))


def is_authorized(on: Day) -> ColumnElement[bool]:
    """Return the condition of an authorisation that is confirmed, not revoked, in its period, and of office.

    Whoever authorised must still hold the position: a successor is bound by no predecessor's paper.
    """
    is_in_office = exists().where(
        Position.person_id == SigningAuthorization.principal_id,
        Position.organization_id == SigningAuthorization.organization_id,
        Position.role == SigningAuthorization.role,
        is_held(on),
    )
    return and_(
        is_in_office,
        SigningAuthorization.confirmed_at.is_not(None),
        SigningAuthorization.revoked_at.is_(None),
        SigningAuthorization.from_on <= on,
        SigningAuthorization.until_on >= on,
    )
