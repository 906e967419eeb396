"""What the history of a case tells of its tasks of many people."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.collectives import CollectiveResponse
from app.db.people import Organization
from app.domain.tally import RECUSED
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services.collective.collective_views import Standing
from app.services.reading.cases import CaseView
from app.services.reading.happenings import Happening

# More answers than this stand on the task's own sheet only.
MOST_ANSWERS = 50


def happenings(session: Session, view: CaseView) -> Iterator[Happening]:
    """Yield what is waited for, what came of it, and of named ones who said what."""
    for standing in view.standings:
        if standing.is_open:
            yield _line(standing, "waiting")
        elif standing.is_closed:
            yield _line(standing, "closed")
            yield from _answers(session, standing)


def _line(standing: Standing, kind: str) -> Happening:
    task = standing.task
    return Happening(
        at=task.closed_at or task.opened_at,
        kind=kind,
        element=task.element,
        element_name=task.element_name,
        standing=standing,
        values=_summary(standing) if kind == "closed" else {},
    )


def _summary(standing: Standing) -> dict[str, object]:
    task, counts = standing.task, standing.counts
    told = {"verdict": task.outcome, "closed_by": task.closed_by, "roll": task.roll, "recused": task.recused}
    shown = {"counts": dict(counts)} if counts is not None else {}
    return {**told, "answered": standing.count.answered, **shown}


def _answers(session: Session, standing: Standing) -> Iterator[Happening]:
    if not standing.shows_answers:
        return
    task = standing.task
    query = select(CollectiveResponse).where(CollectiveResponse.collective_id == task.id)
    organization = session.get_one(Organization, task.organization_id).name
    query = query.options(joinedload(CollectiveResponse.person)).order_by(CollectiveResponse.id).limit(MOST_ANSWERS)
    for one in session.scalars(query):
        yield Happening(
            at=one.responded_at,
            kind=one.verdict,
            person=one.person.name,
            person_id=one.person_id,
            position=ROLE_TITLES[Role(task.role)],
            organization=organization,
            element=task.element,
            element_name=task.element_name,
            text=one.comment,
            values=one.values if one.verdict != RECUSED else {},
            standing=standing,
        )
