"""The rules beside the fields of a case that has not begun: those that it would be pinned to."""

from typing import Any

from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.processes import ProcessVersion
from app.domain import clock
from app.services.publishing import definitions
from app.services.rulebook import rules


def rules_for(
    session: Session, organization_id: int, version: ProcessVersion, studio_id: Any
) -> dict[str, dict[str, Any]]:
    """Return the rules in force of the process's programme, else of the studio's; none before one is chosen."""
    programme = definitions.part_of(version).package.manifest.programme or _programme_of(session, studio_id)
    return rules.pinned_rules(session, organization_id, programme, clock.today()) if programme else {}


def _programme_of(session: Session, studio_id: Any) -> str | None:
    studio = session.get(Studio, studio_id) if studio_id else None
    return studio.programme if studio else None
