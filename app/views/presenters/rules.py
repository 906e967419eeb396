"""The rules beside the fields of a case that has not begun: those that it would be pinned to."""

from typing import Any

from sqlalchemy.orm import Session

from app.db.processes import ProcessVersion
from app.domain import clock
from app.domain.vocabulary import Programme
from app.services import definitions, rules


def rules_for(session: Session, organization_id: int, version: ProcessVersion) -> dict[str, dict[str, Any]]:
    """Return the rules in force of the process's programme, or of all where the studio decides it."""
    programme = definitions.compiled(version).package.manifest.programme
    found: dict[str, dict[str, Any]] = {}
    for each in [programme] if programme else reversed(Programme):
        found |= rules.pinned_rules(session, organization_id, each, clock.today())
    return found
