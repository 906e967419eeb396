"""The rules beside the fields of a case that has not begun: those that it would be pinned to."""

from typing import Any

from sqlalchemy.orm import Session

from app.db.processes import ProcessVersion
from app.domain import clock
from app.services.publishing import definitions
from app.services.rulebook import rules
from app.services.starting.starts import Subject


def rules_for(
    session: Session, organization_id: int, version: ProcessVersion, subject: Subject
) -> dict[str, dict[str, Any]]:
    """Return the rules in force of the process's programme, else of its subject's; none before one is chosen."""
    programme = definitions.part_of(version).package.manifest.programme or subject.programme
    place = subject.round.organization_id if subject.round else organization_id
    return rules.pinned_rules(session, place, programme, clock.today()) if programme else {}
