"""Who votes and who is judged as a homeroom teacher: the confirmed list as of a day, without who has left the post."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Position
from app.db.queries.offices import is_held
from app.domain.homeroom_lists import POST_ROLES, Line, Post
from app.domain.vocabulary import Role
from app.services.homeroom.lists import latest, lines_in


def electorate(session: Session, organization_id: int, on: date, *, with_assistants: bool = False) -> list[Line]:
    """Return the homeroom teachers of a school on a day by the list that then held; who leads two classes comes once.

    Where the school had confirmed none yet, whoever held the position counts, without a class.
    """
    holders = holders_on(session, organization_id, on)
    confirmed = latest(session, organization_id, on)
    lines = (
        [line for line in lines_in(session, confirmed) if (line.person_id, line.post) in holders]
        if confirmed
        else [Line("", person_id, post) for person_id, post in sorted(holders)]
    )
    found: dict[int, Line] = {}
    for post in (Post.FULL, Post.ASSISTANT) if with_assistants else (Post.FULL,):
        for line in lines:
            if line.post == post:
                found.setdefault(line.person_id, line)
    return list(found.values())


def holders_on(session: Session, organization_id: int, on: date) -> set[tuple[int, Post]]:
    """Return who held a post by position on a day."""
    posts = {role: post for post, role in POST_ROLES.items()}
    query = select(Position.person_id, Position.role).where(
        Position.organization_id == organization_id, Position.role.in_(posts), is_held(on)
    )
    return {(person_id, posts[Role(role)]) for person_id, role in session.execute(query)}
