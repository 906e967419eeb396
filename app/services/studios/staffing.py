"""A studio's posts as dated positions: who holds them on a day, and ending and beginning them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.money import Studio
from app.db.people import Position
from app.db.queries.offices import is_held
from app.domain.vocabulary import Role
from app.services.accounts.terms import Term, finish, not_ended, place_person
from app.services.studios.rosters import Roster


def posts_of(session: Session, studio_id: int) -> list[Position]:
    """Return a studio's posts that have not ended: host, members, mentor."""
    query = select(Position).where(Position.studio_id == studio_id, not_ended()).order_by(Position.role, Position.id)
    return list(session.scalars(query.options(joinedload(Position.person))))


def roster_on(session: Session, studio_id: int, day: date) -> Roster | None:
    """Return who belongs to a studio on a day, or None where it has no host."""
    held = select(Position.role, Position.person_id).where(Position.studio_id == studio_id, is_held(day))
    rows = session.execute(held.order_by(Position.id)).all()
    hosts, members, mentors = (
        [person for held_role, person in rows if held_role == role]
        for role in (Role.STUDIO_HOST, Role.STUDIO_MEMBER, Role.STUDIO_MENTOR)
    )
    return Roster(hosts[0], tuple(members), mentors[0] if mentors else None) if hosts else None


def begins_after(session: Session, studio_id: int, day: date) -> date | None:
    """Return the last day after a day on which somebody begins in the studio, if there is one."""
    later = select(Position.from_on).where(Position.studio_id == studio_id, Position.from_on > day)
    return session.scalar(later.order_by(Position.from_on.desc()).limit(1))


def restaff(session: Session, studio: Studio, roster: Roster, left_on: date, joined_on: date) -> set[int]:
    """End the posts that are not wanted any more and begin the new ones, until the term ends; return whom it concerned.

    `left_on` is the first day without those who leave, `joined_on` the first with those who join.
    """
    wanted = _posts(roster)
    leaving: list[Position] = []
    for post in posts_of(session, studio.id):
        key = (post.person_id, Role(post.role))
        if key in wanted:
            wanted.remove(key)
            post.until_on = studio.until_on
        else:
            leaving.append(post)
    end_posts(session, leaving, left_on)
    term = Term(joined_on, max(studio.until_on, joined_on))
    for person_id, role in sorted(wanted):
        place_person(session, person_id, studio.organization, role, term, studio.id)
    return {post.person_id for post in leaving} | {person_id for person_id, _role in wanted}


def end_posts(session: Session, posts: Iterable[Position], left_on: date) -> None:
    """End posts so that a day is the first without them; what had not begun by then never does."""
    for post in posts:
        last = left_on - timedelta(days=1)
        finish(session, post, last if last >= post.from_on else None)


def lines_of(posts: Sequence[Position], role: Role) -> str:
    """Return those in a post as the form wants them: name and username, one a line."""
    return "\n".join(f"{post.person.name} {post.person.username}" for post in posts if post.role == role)


def _posts(roster: Roster) -> set[tuple[int, Role]]:
    posts = {(roster.host_id, Role.STUDIO_HOST)} | {(person, Role.STUDIO_MEMBER) for person in roster.member_ids}
    return posts | ({(roster.mentor_id, Role.STUDIO_MENTOR)} if roster.mentor_id is not None else set())
