"""What the code on any printed document stands for."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.serial import parse_code
from app.services.documents import (
    approval_sheets,
    decision_papers,
    filing_letters,
    filing_papers,
    letters,
    notices,
    rank_certificates,
    tally_sheets,
    voucher,
)

PAPERS = (
    approval_sheets,
    notices,
    tally_sheets,
    decision_papers,
    letters,
    rank_certificates,
    filing_papers,
    filing_letters,
)


def verification(session: Session, code: str) -> dict[str, Any]:
    """Return kind, serial, date and hash of a document, and whether it still says how things are. Raises NotFound."""
    try:
        wanted = parse_code(code)
    except ValueError as unreadable:
        raise NotFound from unreadable
    for paper in PAPERS:
        found: dict[str, Any] | None = paper.verification(session, wanted)
        if found is not None:
            return found
    return voucher.verification(session, wanted)
