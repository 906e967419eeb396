"""How far review and vote of a round are: who of the group has handed in, and roughly how many have voted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import String, cast, exists, literal, select
from sqlalchemy.orm import Session

from app.db.collectives import LIVE, CollectiveTask
from app.db.panels import Panel
from app.db.people import Person, Position
from app.db.queries import ballots
from app.db.work import Draft, WorkItem
from app.domain.ballots import turnout
from app.domain.tally import Secrecy
from app.domain.vocabulary import CollectiveStatus, Role, WorkItemStatus
from app.services.accounts.actors import holds_today


class Seat(StrEnum):
    """What a member of the group has done so far."""

    DONE = "done"
    BEGUN = "begun"
    NOT_BEGUN = "not_begun"
    RECUSED = "recused"


@dataclass(frozen=True)
class Reviewer:
    """A member of the group with the posts held in the organisation."""

    name: str
    roles: Sequence[Role]
    seat: Seat


def panel_of(session: Session, tasks: Sequence[CollectiveTask]) -> CollectiveTask | None:
    """Return the latest task by which the group scores the candidates."""
    found = set(session.scalars(select(Panel.id).where(Panel.id.in_([one.id for one in tasks]))))
    return next((one for one in reversed(tasks) if one.id in found), None)


def reviewers(session: Session, panel: CollectiveTask) -> list[Reviewer]:
    """Return who is on the roll, each with whether the scores are in; never the scores."""
    subject = literal("task/").concat(cast(WorkItem.id, String))
    has_draft = exists().where(Draft.person_id == WorkItem.assignee_id, Draft.subject == subject)
    query = (
        select(WorkItem.assignee_id, WorkItem.status, Person.name, has_draft)
        .join(Person, Person.id == WorkItem.assignee_id)
        .where(WorkItem.collective_id == panel.id)
        .order_by(WorkItem.id)
    )
    rows = session.execute(query).all()
    posts = _posts(session, panel.organization_id, [row.assignee_id for row in rows])
    return [Reviewer(row.name, posts.get(row.assignee_id, []), _seat(row.status, is_begun=row[3])) for row in rows]


def turnout_of(session: Session, tasks: Sequence[CollectiveTask]) -> int | None:
    """Return the rounded share of the roll that has voted in the ballot that runs, if one does."""
    running = [one for one in tasks if one.secrecy == Secrecy.SECRET and one.status in LIVE]
    voting = next((one for one in running if one.status != CollectiveStatus.PREPARING), None)
    return turnout(ballots.count_cast(session.connection(), voting.id), voting.roll) if voting else None


def _seat(status: str, *, is_begun: bool) -> Seat:
    # Who had not handed in at the deadline has not done it either.
    if status in {WorkItemStatus.OPEN, WorkItemStatus.CANCELLED}:
        return Seat.BEGUN if is_begun else Seat.NOT_BEGUN
    return Seat.RECUSED if status == WorkItemStatus.RECUSED else Seat.DONE


def _posts(session: Session, organization_id: int, people: Sequence[int]) -> dict[int, list[Role]]:
    query = select(Position.person_id, Position.role).where(
        Position.organization_id == organization_id, Position.person_id.in_(people), holds_today()
    )
    found: dict[int, list[Role]] = {}
    for person_id, role in session.execute(query.order_by(Position.id)):
        found.setdefault(person_id, []).append(Role(role))
    return found
