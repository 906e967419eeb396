"""Opening a panel: whom it scores and on what is fixed, and who has only themselves to score is not asked."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from app.db.panels import Panel
from app.domain.panels import Sheet
from app.engine.panels import only_candidate


def open_panel(session: Session, collective_id: int, sheet: Sheet) -> set[int]:
    """Write the panel of a collective task that became ready; return who steps aside from it altogether."""
    candidates, criteria = ([asdict(one) for one in rows] for rows in (sheet.candidates, sheet.criteria))
    session.add(Panel(id=collective_id, candidates=candidates, criteria=criteria))
    session.flush()
    return {one for one in only_candidate(sheet) if isinstance(one, int)}
