"""The score sheet of a panel: what the scores came to, who is missing, and as far as may be known who gave what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.db.collectives import CollectiveResponse
from app.db.panels import PanelRecusal
from app.db.people import Person
from app.db.work import WorkItem
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.panels import Line, Sheet, lines, total
from app.domain.vocabulary import Verdict, WorkItemStatus
from app.engine.panels import SCORES
from app.services.collective import collective_views
from app.services.collective.collective_views import Standing
from app.services.panels.scoring import sheet_of


@dataclass(frozen=True)
class Given:
    """What one member gave a candidate; the person only where the panel is named."""

    person: Person | None
    points: Sequence[int | float]
    total: int | float
    opinion: str


@dataclass(frozen=True)
class SheetLine:
    """A candidate on the score sheet: the means, how many stepped aside, and what was given."""

    line: Line
    recused: int
    given: list[Given]

    @property
    def opinions(self) -> list[str]:
        """Return what was written about the candidate, in an order that tells nobody's."""
        return sorted(one.opinion for one in self.given if one.opinion)


@dataclass(frozen=True)
class ScoreSheet:
    """A panel's score sheet as one reader sees it: without the line about the reader."""

    standing: Standing
    sheet: Sheet
    # Until the panel has ended nobody sees any.
    lines: list[SheetLine]
    missing: list[Person]
    # Whether a line about the reader is left out.
    is_own_hidden: bool


def score_sheet(session: Session, actor: Actor, panel_id: int) -> ScoreSheet:
    """Return the score sheet of a panel. Raises NotFound for who may not read it."""
    standing = collective_views.standing(session, actor, panel_id)
    if standing.panel is None or not standing.reads_scores:
        raise NotFound
    sheet, own = sheet_of(standing.panel), str(actor.person_id)
    found = _lines(session, standing, sheet) if standing.is_closed else []
    return ScoreSheet(
        standing=standing,
        sheet=sheet,
        lines=[one for one in found if one.line.candidate.key != own],
        missing=_missing(session, panel_id),
        is_own_hidden=any(one.key == own for one in sheet.candidates),
    )


def is_readable(session: Session, actor: Actor, panel_id: int) -> bool:
    """Tell whether a person may read a panel's score sheet."""
    try:
        return collective_views.standing(session, actor, panel_id).reads_scores
    except NotFound:
        return False


def _lines(session: Session, standing: Standing, sheet: Sheet) -> list[SheetLine]:
    answers = _answers(session, standing.task.id)
    recused = _recused(session, standing.task.id, sheet)
    found = lines(sheet, [one.values[SCORES] for one in answers])
    return [
        SheetLine(line, recused.get(line.candidate.key, 0), _given(standing, answers, line.candidate.key))
        for line in found
    ]


def _answers(session: Session, panel_id: int) -> list[CollectiveResponse]:
    query = select(CollectiveResponse).where(
        CollectiveResponse.collective_id == panel_id, CollectiveResponse.verdict == Verdict.SUBMIT
    )
    return list(session.scalars(query.options(joinedload(CollectiveResponse.person)).order_by(CollectiveResponse.id)))


def _given(standing: Standing, answers: Sequence[CollectiveResponse], candidate: str) -> list[Given]:
    """Return what the members gave a candidate, the highest first; equal sums by the members' names if at all."""
    rows = [(one, row) for one in answers for row in one.values[SCORES] if str(row["candidate"]) == candidate]
    found = [_row(one.person if standing.is_named else None, row) for one, row in rows]
    return sorted(found, key=lambda one: (-one.total, one.person.name if one.person else one.opinion))


def _row(person: Person | None, row: Mapping[str, Any]) -> Given:
    return Given(person, row["points"], total(row["points"]), row["opinion"])


def _recused(session: Session, panel_id: int, sheet: Sheet) -> dict[str, int]:
    """Return how many members stepped aside for each candidate, a candidate on the roll included."""
    declared = select(PanelRecusal.candidate, func.count()).where(PanelRecusal.panel_id == panel_id)
    rows: Any = session.execute(declared.group_by(PanelRecusal.candidate))
    found: dict[str, int] = dict(iter(rows))
    own = [one.id for one in sheet.candidates if isinstance(one.id, int)]
    seated = session.scalars(
        select(WorkItem.assignee_id).where(WorkItem.collective_id == panel_id, WorkItem.assignee_id.in_(own))
    )
    for person_id in seated:
        found[str(person_id)] = found.get(str(person_id), 0) + 1
    return found


def _missing(session: Session, panel_id: int) -> list[Person]:
    """Return who has not scored, also after the deadline."""
    not_done = (WorkItemStatus.OPEN, WorkItemStatus.CANCELLED)
    query = select(Person).join(WorkItem, WorkItem.assignee_id == Person.id)
    query = query.where(WorkItem.collective_id == panel_id, WorkItem.status.in_(not_done))
    return list(session.scalars(query.order_by(Person.id)))
