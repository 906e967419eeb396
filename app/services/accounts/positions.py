"""Positions: adding, ending, moving; what ends at once takes effect at once."""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.work import IS_UNDONE, WorkItem
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import Action, allows, may_grant
from app.domain.text import N_
from app.domain.vocabulary import STUDIO_ROLES, OrganizationKind, Role
from app.services.accounts.organizations import get_organization, in_scope, place_of
from app.services.accounts.terms import Term, described, finish, not_ended, place_person
from app.services.acts import leavers
from app.services.attention import unheld_checks
from app.services.journal import record_organization
from app.services.transactions import writing

NOT_ONESELF = N_("不能给自己任职或免职，请另一位管理员来办。")


def require_known(session: Session, actor: Actor, person_id: int) -> None:
    """Demand that the person holds or held a position, or has a task, where the actor administers; raises NotFound.

    Of a position that began and ended on one day, only the tasks may be left.
    """
    reach = or_(in_scope(actor, Action.MANAGE_PEOPLE), in_scope(actor, Action.APPOINT_ADMIN))
    held = select(Position.id).join(Organization).where(Position.person_id == person_id, reach)
    in_hand = select(WorkItem.id).join(Organization, Organization.id == WorkItem.organization_id)
    in_hand = in_hand.where(WorkItem.assignee_id == person_id, IS_UNDONE, reach)
    if session.scalar(select(or_(held.exists(), in_hand.exists()))) is not True:
        raise NotFound


def add_position(
    session: Session, actor: Actor, person_id: int, organization_id: int, role: Role, term: Term
) -> Position:
    """Give a person a position; raises Invalid by field, NotFound or Forbidden.

    A number alone names nobody: people from elsewhere are added by username and name.
    """
    with writing(session):
        require_known(session, actor, person_id)
        organization = _seen(session, actor, organization_id)
        _require_grant(actor, person_id, role, organization)
        position = place_person(session, person_id, organization, role, term)
        record_organization(session, organization.id, actor, "add_position", described(position))
        unheld_checks.recheck(session, organization.id)
    return position


def end_position(session: Session, actor: Actor, position_id: int, last_on: date | None = None) -> None:
    """End a position with its last day, or at once; raises Invalid, NotFound or Forbidden."""
    with writing(session):
        position = _managed(session, actor, position_id)
        finish(session, position, last_on)
        details = described(position) | {"is_at_once": last_on is None}
        record_organization(session, position.organization_id, actor, "end_position", details)
        unheld_checks.recheck(session, position.organization_id)
    leavers.release_left(session)


def move_position(session: Session, actor: Actor, position_id: int, organization_id: int, from_on: date) -> Position:
    """End a position and give the same one in another organisation; the actor administers both."""
    with writing(session):
        old = _managed(session, actor, position_id)
        term = Term(from_on, old.until_on if old.until_on and old.until_on >= from_on else None)
        organization = _seen(session, actor, organization_id)
        if organization.id == old.organization_id:
            raise Invalid.field("organization", N_("请选另一个单位。"))
        _require_grant(actor, old.person_id, Role(old.role), organization)
        details = described(old) | {"to": organization.id}
        finish(session, old, max(from_on - timedelta(days=1), old.from_on) if from_on > clock.today() else None)
        record_organization(session, old.organization_id, actor, "move_position", details)
        position = place_person(session, old.person_id, organization, Role(old.role), term)
        record_organization(session, organization.id, actor, "add_position", described(position))
        for changed in (old.organization_id, organization.id):
            unheld_checks.recheck(session, changed)
    leavers.release_left(session)
    return position


def leave(session: Session, actor: Actor, person_id: int, organization_id: int, last_on: date | None = None) -> None:
    """End all positions of a person in an organisation; the account closes where none is left anywhere."""
    with writing(session):
        organization = get_organization(session, actor, organization_id, Action.MANAGE_PEOPLE)
        if person_id == actor.person_id:
            raise Forbidden(NOT_ONESELF)
        positions = _open_positions(session, person_id)
        here = [position for position in positions if position.organization_id == organization.id]
        if not here:
            raise NotFound
        for position in here:
            finish(session, position, last_on)
        if len(here) == len(positions) and last_on is None:
            session.get_one(Person, person_id).is_active = False
        details = {"person": person_id, "last_on": last_on.isoformat() if last_on else None}
        record_organization(session, organization.id, actor, "leave", details)
        unheld_checks.recheck(session, organization.id)
    leavers.release_left(session)


def get_position(session: Session, actor: Actor, position_id: int) -> Position:
    """Return a position that the actor may end; raises NotFound or Forbidden."""
    return _managed(session, actor, position_id, is_locked=False)


def _seen(session: Session, actor: Actor, organization_id: int) -> Organization:
    return get_organization(session, actor, organization_id, Action.SEE_ORGANIZATION)


def _require_grant(actor: Actor, person_id: int, role: Role, organization: Organization) -> None:
    if person_id == actor.person_id:
        raise Forbidden(NOT_ONESELF)
    if role in STUDIO_ROLES:
        raise Invalid.field("role", N_("工作室的职务请在工作室页面里定。"))
    if not may_grant(actor, person_id, role, OrganizationKind(organization.kind), place_of(organization)):
        raise Forbidden


def _managed(session: Session, actor: Actor, position_id: int, *, is_locked: bool = True) -> Position:
    position = session.get(Position, position_id, with_for_update=True if is_locked else None)
    if position is None:
        raise NotFound
    place = place_of(_seen(session, actor, position.organization_id))
    if position.role in STUDIO_ROLES:
        if not allows(actor, Action.MANAGE_STUDIOS, place):
            raise Forbidden
        return position
    _require_grant(actor, position.person_id, Role(position.role), position.organization)
    return position


def _open_positions(session: Session, person_id: int) -> list[Position]:
    query = select(Position).where(Position.person_id == person_id, not_ended()).order_by(Position.id)
    return list(session.scalars(query.with_for_update()))
