"""The rules beside the fields of a case that has not begun: those that it would be pinned to."""

from typing import Any

from sqlalchemy.orm import Session

from app.services.starting.pinnings import NOTHING, Subject, pinned_for
from app.services.starting.starts import Startable


def rules_for(session: Session, chosen: Startable, subject: Subject = NOTHING) -> dict[str, dict[str, Any]]:
    """Return the rules that the process names; none before a studio or a round is chosen where they are theirs."""
    return pinned_for(session, chosen.version, chosen.organization, subject)
