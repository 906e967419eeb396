"""Who may vote in a ballot on a day: who holds the position; of homeroom teachers, who is on the confirmed list."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from app.db.ballots import Ballot
from app.db.collectives import CollectiveTask
from app.domain.homeroom_lists import POST_ROLES, Post
from app.domain.vocabulary import Role
from app.services.homeroom.electorates import electorate, holders_on


def offices(session: Session, task: CollectiveTask, ballot: Ballot, on: date) -> Iterator[tuple[str, set[int]]]:
    """Yield each role whose holders are on the roll, with who of them is not; nobody is asked twice."""
    barred = set(ballot.left_out)
    if task.role != Role.HOMEROOM_TEACHER:
        yield task.role, barred
        return
    lines = electorate(session, task.organization_id, on, with_assistants=ballot.with_assistants)
    holders = holders_on(session, task.organization_id, on)
    for post in (Post.FULL, Post.ASSISTANT) if ballot.with_assistants else (Post.FULL,):
        listed = {line.person_id for line in lines if line.post == post}
        unlisted = {person_id for person_id, held in holders if held == post} - listed
        yield POST_ROLES[post], barred | unlisted
