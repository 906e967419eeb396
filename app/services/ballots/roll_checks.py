"""Checking the roll 名册 of a ballot: who is on it, by which list, who is not and why, who came or went since."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.ballots import Ballot
from app.db.collectives import CollectiveTask
from app.db.people import Person
from app.db.queries import ballots as queries
from app.domain import clock
from app.domain.vocabulary import Role
from app.services import pages
from app.services.ballots import electors
from app.services.ballots.standings import BallotView
from app.services.homeroom.electorates import holders_on
from app.services.homeroom.lists import latest, lines_in
from app.services.pages import Page
from app.services.transactions import connection_of


class Remark(StrEnum):
    """Why somebody is not on the roll, or stands out on it."""

    LEFT_OUT = "left_out"
    GONE = "gone"
    UNLISTED = "unlisted"
    CLOSED = "closed"
    TWICE = "twice"
    JOINED = "joined"
    LEFT = "left"


@dataclass(frozen=True)
class RollCheck:
    """The roll as it was frozen, or as it would be now, with the names that each remark is about."""

    is_frozen: bool
    people: frozenset[int]
    # From when the confirmed list holds that the roll goes by; None where positions alone count.
    list_from_on: date | None
    names: Mapping[Remark, list[str]]


def roll_check(session: Session, view: BallotView) -> RollCheck:
    """Return the roll of a ballot with what was checked."""
    task, ballot = view.task, view.ballot
    is_frozen = ballot.voting_at is not None
    today = clock.today()
    on = clock.shanghai(ballot.voting_at).date() if ballot.voting_at is not None else today
    able = electors.eligible(session, task, ballot, on)
    seated = set(queries.voters_of(connection_of(session), ballot.id)) if is_frozen else able
    found: dict[Remark, Iterable[int]] = {Remark.LEFT_OUT: ballot.left_out}
    from_on = None
    if task.role == Role.HOMEROOM_TEACHER:
        from_on = _list_remarks(session, task, ballot, on, found)
    if is_frozen:
        able_now = electors.eligible(session, task, ballot, today)
        found |= {Remark.JOINED: able_now - seated, Remark.LEFT: seated - able_now}
    return RollCheck(is_frozen, frozenset(seated), from_on, _named(session, found))


def people_on(session: Session, check: RollCheck, cursor: str | None, limit: int | None = None) -> Page[Person]:
    """Return who is on the roll, a page at a time in the order of their numbers."""
    size, after = pages.limit_of(limit), pages.decode(cursor, 1)
    wanted = sorted(one for one in check.people if after is None or one > after[0])[: size + 1]
    rows = list(session.scalars(select(Person).where(Person.id.in_(wanted)).order_by(Person.id)))
    return Page(rows[:size], pages.encode([rows[size - 1].id]) if len(rows) > size else None)


def _list_remarks(
    session: Session, task: CollectiveTask, ballot: Ballot, on: date, found: dict[Remark, Iterable[int]]
) -> date | None:
    """Add how the confirmed list and the positions differ; return from when the list holds."""
    posts = electors.posts_of(ballot)
    holders = {one for one in holders_on(session, task.organization_id, on) if one[1] in posts}
    confirmed = latest(session, task.organization_id, on)
    rows = lines_in(session, confirmed) if confirmed else []
    lines = [(line.person_id, line.post) for line in rows if line.post in posts]
    voting = [person_id for person_id, post in (lines or holders) if (person_id, post) in holders]
    known = Counter(voting)
    found[Remark.GONE] = {person_id for person_id, _post in lines} - known.keys()
    found[Remark.UNLISTED] = {person_id for person_id, _post in holders} - known.keys()
    found[Remark.TWICE] = {person_id for person_id, times in known.items() if times > 1}
    closed = select(Person.id).where(Person.id.in_(known.keys() - set(ballot.left_out)), Person.is_active.is_(False))
    found[Remark.CLOSED] = set(session.scalars(closed))
    return confirmed.from_on if confirmed else None


def _named(session: Session, found: Mapping[Remark, Iterable[int]]) -> dict[Remark, list[str]]:
    people = {person_id for numbers in found.values() for person_id in numbers}
    names = {person.id: person.name for person in session.scalars(select(Person).where(Person.id.in_(people)))}
    named = {remark: sorted(names[person_id] for person_id in set(numbers)) for remark, numbers in found.items()}
    return {remark: words for remark, words in named.items() if words}
