"""Who may vote in a ballot on a day: who holds the position; of homeroom teachers, who is on the confirmed list."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from app.db.ballots import Ballot
from app.db.collectives import CollectiveTask
from app.db.queries import rolls
from app.db.queries.rolls import Office
from app.domain.homeroom_lists import POST_ROLES, Post
from app.domain.vocabulary import Role
from app.services.homeroom.electorates import electorate, holders_on
from app.services.transactions import connection_of


def offices(session: Session, task: CollectiveTask, ballot: Ballot, on: date) -> Iterator[tuple[Office, set[int]]]:
    """Yield each office whose holders are on the roll, with who of them is not; nobody is asked twice."""
    barred = set(ballot.left_out)
    if task.role != Role.HOMEROOM_TEACHER:
        yield Office(task.role, task.organization_id, task.studio_id, on), barred
        return
    lines = electorate(session, task.organization_id, on, with_assistants=ballot.with_assistants)
    holders = holders_on(session, task.organization_id, on)
    for post in posts_of(ballot):
        listed = {line.person_id for line in lines if line.post == post}
        unlisted = {person_id for person_id, held in holders if held == post} - listed
        yield Office(POST_ROLES[post], task.organization_id, None, on), barred | unlisted


def eligible(session: Session, task: CollectiveTask, ballot: Ballot, on: date) -> set[int]:
    """Return who is on the roll that would be frozen on a day."""
    connection = connection_of(session)
    found = offices(session, task, ballot, on)
    return {person_id for office, barred in found for person_id in rolls.holders_of(connection, office) - barred}


def posts_of(ballot: Ballot) -> tuple[Post, ...]:
    """Return the posts of homeroom teachers whose holders vote."""
    return (Post.FULL, Post.ASSISTANT) if ballot.with_assistants else (Post.FULL,)
