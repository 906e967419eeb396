"""Who may sign in to the demo with the password that everybody may know."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.filings import FilingRun
from app.db.people import Person, Position
from app.db.work import IS_OPEN, WorkItem
from app.domain.identity import Holding
from app.domain.vocabulary import BODY_OF, ROLE_TITLES, Role
from app.services import settings
from app.services.accounts.actors import holds_today, load_actor
from app.services.demo.files import load
from app.services.demo.staff import DEMO_PASSWORD
from app.services.rank_reviews.reviews import APPLIES

FILING_ROLES = (Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER)
ROUND_ROLES = BODY_OF[Role.LEADERSHIP_GROUP_MEMBER] | {Role.HOMEROOM_TEACHER}


def accounts(session: Session) -> list[dict[str, Any]]:
    """Return the personas, the others with memorable names, whom a round and the ranks need, one holder of each other post."""
    if not settings.is_demo(session):
        return []
    usernames = _usernames()
    found = session.execute(select(Person.username, Person.id).where(Person.username.in_(usernames), Person.is_active))
    ids = {row.username: row.id for row in found}
    named = [_account(session, ids[username]) for username in usernames if username in ids]
    told = {position["role"] for account in named for position in account["positions"]}
    round_people, rank_people = _round_people(session, usernames[0]), _rank_people(session)
    others = dict.fromkeys([*round_people, *rank_people, *_first_holders(session, told)])
    return [*named, *(_account(session, person_id) for person_id in others if person_id not in ids.values())]


def _round_people(session: Session, username: str) -> list[int]:
    """Return who reviews and votes at that persona's school: a whole round can be played with its accounts."""
    schools = select(Position.organization_id).join(Person).where(Person.username == username, holds_today())
    held = select(Position.person_id).where(
        Position.organization_id.in_(schools), Position.role.in_(ROUND_ROLES), holds_today()
    )
    return list(session.scalars(held.order_by(Position.person_id)))


def _rank_people(session: Session) -> list[int]:
    """Return who is asked something of a review of ranks now, and who works on filings in a bureau that has any."""
    asked = select(WorkItem.assignee_id).where(
        IS_OPEN, WorkItem.process_key == APPLIES, WorkItem.assignee_id.is_not(None)
    )
    bureaus = select(FilingRun.organization_id)
    held = select(Position.person_id).where(
        Position.organization_id.in_(bureaus), Position.role.in_(FILING_ROLES), holds_today()
    )
    return [*session.scalars(asked.order_by(WorkItem.id)), *session.scalars(held.order_by(Position.id))]


def _first_holders(session: Session, told: set[str]) -> list[int]:
    """Return who has longest held each post beside those told of."""
    firsts = select(func.min(Position.id)).where(holds_today(), Position.role.not_in(told)).group_by(Position.role)
    held = select(Position.person_id).where(Position.id.in_(firsts)).order_by(Position.id)
    return list(dict.fromkeys(session.scalars(held)))


def _usernames() -> list[str]:
    cast = load("cast")
    cards = [card["username"] for card in cast["card"]]
    named = [entry.split()[0] for posts in cast["posts"].values() for entries in posts.values() for entry in entries]
    return list(dict.fromkeys([*cards, *named]))


def _account(session: Session, person_id: int) -> dict[str, Any]:
    actor = load_actor(session, person_id)
    return {
        "username": actor.username,
        "password": DEMO_PASSWORD,
        "person": actor.name,
        "positions": [_position(held) for held in actor.holdings],
    }


def _position(held: Holding) -> dict[str, Any]:
    organization = {"id": held.organization_id, "name": held.organization_name}
    return {"role": str(held.role), "title": ROLE_TITLES[held.role], "organization": organization}
