"""What a panel's scores come to, reckoned from the members' answers as often as wanted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveResponse
from app.db.panels import Panel
from app.db.queries.collectives import LockedCollective
from app.domain.panels import Line, lines
from app.domain.vocabulary import Verdict
from app.engine.panels import SCORES, result
from app.services.panels.scoring import sheet_of


def left(session: Session, held: LockedCollective, closed_by: str) -> dict[str, Any]:
    """Return what the case keeps of a locked panel that ends."""
    return result(held.count, closed_by, lines_of(session, session.get_one(Panel, held.id)))


def lines_of(session: Session, panel: Panel) -> list[Line]:
    """Return what the scores handed in so far come to."""
    query = select(CollectiveResponse.values).where(
        CollectiveResponse.collective_id == panel.id, CollectiveResponse.verdict == Verdict.SUBMIT
    )
    handed_in: list[Mapping[str, Any]] = list(session.scalars(query))
    return lines(sheet_of(panel), [values[SCORES] for values in handed_in])
