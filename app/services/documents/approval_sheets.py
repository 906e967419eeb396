"""The approval sheet 审批单 of any case: printed for one reader, and what its code stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.db.collectives import CollectiveTask
from app.db.documents import PrintedSheet
from app.db.processes import ProcessInstance
from app.domain import canonical, clock
from app.domain.canonical import fingerprint
from app.domain.serial import grouped_code, verification_code
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.reading.cases import CaseView
from app.services.transactions import writing

TEMPLATE = "approval_sheet.typ"


@dataclass(frozen=True)
class Content:
    """What a sheet says, in words for its reader; `facts` are what the template sets."""

    title: str
    as_of: datetime
    facts: Mapping[str, Any]


def approval_sheet(session: Session, view: CaseView, content: Content, press: Press) -> bytes:
    """Return the sheet as PDF/A-2b; the same state for the same eyes has the same code."""
    signed = canonical.content_hash(content.facts)
    code = _code(session, view, content, signed)
    url = press.verify_url(code)
    marks = {"qr": qr_svg(url), "url": url, "code": grouped_code(code), "fingerprint": fingerprint(signed)}
    return pdf(press, TEMPLATE, {**content.facts, **marks})


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a sheet's code stands for, or None where no sheet has it; names no person."""
    query = select(PrintedSheet).where(PrintedSheet.code == code)
    found = session.scalar(query.options(joinedload(PrintedSheet.instance).joinedload(ProcessInstance.organization)))
    if found is None:
        return None
    has_moved_on = _acts(session, found.instance) > found.acts
    return {
        "kind": found.title,
        "serial": found.instance.serial,
        "organization": found.instance.organization.name,
        "date": clock.shanghai(found.as_of).date().isoformat(),
        "hash": found.content_hash,
        "fingerprint": fingerprint(found.content_hash),
        "is_valid": not has_moved_on,
        "has_moved_on": has_moved_on,
    }


def _code(session: Session, view: CaseView, content: Content, content_hash: str) -> str:
    """Return the code of what is printed, kept the first time."""
    case_id = view.case.id
    # As they stood when the sheet was read: what happens meanwhile is later than the sheet.
    acts = view.case.journal_sequence + sum(standing.task.journal_sequence for standing in view.standings)
    query = select(PrintedSheet).where(PrintedSheet.instance_id == case_id, PrintedSheet.content_hash == content_hash)
    known = session.scalar(query)
    if known is not None and known.acts >= acts:
        return known.code
    with writing(session):
        session.execute(select(ProcessInstance.id).where(ProcessInstance.id == case_id).with_for_update())
        found = session.scalar(query)
        if found is None:
            found = PrintedSheet(instance_id=case_id, code=verification_code(), content_hash=content_hash)
            session.add(found)
        found.title, found.as_of, found.acts = content.title, content.as_of, acts
        return found.code


def _acts(session: Session, case: ProcessInstance) -> int:
    """Return how many acts the case's own journal and those of its tasks of many people tell."""
    told = select(func.coalesce(func.sum(CollectiveTask.journal_sequence), 0))
    return case.journal_sequence + (session.scalar(told.where(CollectiveTask.instance_id == case.id)) or 0)
