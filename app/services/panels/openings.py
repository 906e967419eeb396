"""Opening a panel: whom it scores and on what is fixed, and whoever has nobody to score is not asked."""

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy.orm import Session

from app.db.panels import Panel
from app.domain.panels import Sheet
from app.engine.panels import only_candidate
from app.services.panels import ties


def open_panel(session: Session, collective_id: int, sheet: Sheet, members: Collection[int]) -> set[int]:
    """Write the panel of a collective task that became ready; return who of its members steps aside altogether."""
    candidates, criteria = ([asdict(one) for one in rows] for rows in (sheet.candidates, sheet.criteria))
    session.add(Panel(id=collective_id, candidates=candidates, criteria=criteria))
    session.flush()
    shared = ties.ties_of(session, sheet, members)
    ties.keep(session, collective_id, shared)
    return {one for one in only_candidate(sheet) if isinstance(one, int)} | ties.without_work(sheet, shared)
