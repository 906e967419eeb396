"""The decision sheet on paper, and what its printed code stands for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.rounds import Round
from app.db.selections import DecisionSheet
from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.serial import grouped_code
from app.domain.text import N_
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.selections.reading import Decision

TEMPLATE = "decision_sheet.typ"
TITLE = N_("决定表")
GENUINE = N_("这份决定表属实，没有再改动。")


def decision_paper(found: Decision, sheets: Sequence[Mapping[str, Any]], press: Press) -> bytes:
    """Return the sheets of a round as PDF/A-2b; `sheets` are their words. The code is that of the hosts' sheet."""
    first = found.sheets[0]
    url = press.verify_url(first.code)
    data = {
        "title": TITLE,
        "organization": found.round.organization.name,
        "serial": found.round.instance.serial,
        "round": found.round.title,
        "day": _day(first),
        "sheets": [
            {**sheet, "rows": [[row[column["key"]] for column in sheet["columns"]] for row in sheet["rows"]]}
            for sheet in sheets
        ],
        "qr": qr_svg(url),
        "url": url,
        "code": grouped_code(first.code),
        "fingerprint": fingerprint(first.content_hash),
    }
    return pdf(press, TEMPLATE, data)


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a sheet's code stands for, or None where no sheet has it; names no person."""
    around = joinedload(DecisionSheet.round)
    query = select(DecisionSheet).where(DecisionSheet.code == code)
    query = query.options(around.joinedload(Round.organization), around.joinedload(Round.instance))
    found = session.scalar(query)
    if found is None:
        return None
    return {
        "kind": TITLE,
        "serial": found.round.instance.serial,
        "organization": found.round.organization.name,
        "date": _day(found),
        "hash": found.content_hash,
        "fingerprint": fingerprint(found.content_hash),
        "is_valid": True,
        "words": GENUINE,
    }


def _day(sheet: DecisionSheet) -> str:
    return clock.shanghai(sheet.decided_at or sheet.drawn_at).date().isoformat()
