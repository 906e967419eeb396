"""Whom and what a change of posts may name: studios, their members, and who holds a leading post."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.people import Person, Position
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import ROLE_TITLES, Role
from app.engine.forms import Option
from app.services.accounts.actors import holds_today

# Whoever keeps the school's studios may change any of them, a host the own one.
KEEPERS = frozenset({Role.MORAL_EDUCATION_OFFICE})
BETWEEN = "、"
# Posts whose change the school or the bureau above agrees to.
LEADING_POSTS = (
    Role.PRINCIPAL,
    Role.LEGAL_REPRESENTATIVE,
    Role.LEADERSHIP_GROUP_LEADER,
    Role.DEPUTY_PRINCIPAL,
    Role.LEADERSHIP_GROUP_DEPUTY,
    Role.MORAL_EDUCATION_DIRECTOR,
    Role.FINANCE_OFFICER,
    Role.DISCIPLINE_COMMITTEE,
)


def is_running() -> ColumnElement[bool]:
    """Return the condition of a studio that has not ended today."""
    return or_(Studio.ended_on.is_(None), Studio.ended_on > clock.today())


def studios_to_change(session: Session, actor: Actor, organization_id: int) -> list[Option]:
    """Return the running studios whose people the person may propose to change."""
    found = select(Studio).where(*_changeable(actor, organization_id)).order_by(Studio.id)
    return [Option(studio.id, studio.name) for studio in session.scalars(found)]


def studio_members(session: Session, actor: Actor, organization_id: int) -> list[Option]:
    """Return today's members of those studios, each once, with the studios that they belong to."""
    rows = session.execute(
        select(Person.id, Person.name, Studio.name)
        .join(Position, Position.person_id == Person.id)
        .join(Studio, Studio.id == Position.studio_id)
        .where(Position.role == Role.STUDIO_MEMBER, holds_today(), *_changeable(actor, organization_id))
        .order_by(Studio.id, Position.id)
    )
    found = _once(rows)
    # With one studio, its name beside every member tells nothing.
    return found if len({one.hint for one in found}) > 1 else [replace(one, hint="") for one in found]


def post_holders(session: Session, organization_id: int) -> list[Option]:
    """Return who holds a leading post in an organisation today, each once, with those posts."""
    rows = session.execute(
        select(Person.id, Person.name, Position.role)
        .join(Position, Position.person_id == Person.id)
        .where(Position.organization_id == organization_id, Position.role.in_(LEADING_POSTS), holds_today())
        .order_by(Position.id)
    )
    return _once((person, name, ROLE_TITLES[Role(role)]) for person, name, role in rows)


def _changeable(actor: Actor, organization_id: int) -> list[ColumnElement[bool]]:
    held = actor.positions_in(organization_id)
    conditions = [Studio.organization_id == organization_id, is_running()]
    if not any(holding.role in KEEPERS for holding in held):
        conditions.append(Studio.id.in_({one.studio_id for one in held if one.role == Role.STUDIO_HOST}))
    return conditions


def _once(rows: Iterable[tuple[int, str, str]]) -> list[Option]:
    names: dict[int, str] = {}
    hints: dict[int, list[str]] = {}
    for person_id, name, hint in rows:
        names[person_id] = name
        hints.setdefault(person_id, []).append(hint)
    return [Option(person_id, name, BETWEEN.join(hints[person_id])) for person_id, name in names.items()]
