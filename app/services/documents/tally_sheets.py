"""The tally sheet 计票单 of a ballot on paper, and what its code stands for; names no voter."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.ballots import Ballot
from app.db.collectives import CollectiveTask
from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.db.queries import collectives
from app.domain import canonical, clock
from app.domain.canonical import fingerprint
from app.domain.errors import Conflict
from app.domain.serial import grouped_code, verification_code
from app.domain.text import N_
from app.services.ballots.standings import NOT_COUNTED, BallotView
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.transactions import connection_of, writing

TEMPLATE = "tally_sheet.typ"
KIND = N_("计票单")
GENUINE = N_("这张计票单属实，两位监票人已经确认。")


def tally_sheet(session: Session, view: BallotView, written: Mapping[str, Any], press: Press) -> bytes:
    """Return the tally sheet as PDF/A-2b; `written` is the count in words. Raises Conflict before it is confirmed."""
    if view.ballot.votes is None:
        raise Conflict(NOT_COUNTED)
    code = _code(session, view.ballot.id)
    url = press.verify_url(code)
    marks = {"qr": qr_svg(url), "url": url, "code": grouped_code(code), "fingerprint": fingerprint(_hash(view.ballot))}
    told = {
        "kind": KIND,
        "serial": view.case.serial,
        "organization": session.get_one(Organization, view.task.organization_id).name,
        "day": _day(view.ballot),
    }
    return pdf(press, TEMPLATE, {**told, **written, **marks})


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a tally sheet's code stands for, or None where no ballot has it."""
    found = session.scalar(select(Ballot).where(Ballot.code == code).options(joinedload(Ballot.task)))
    if found is None:
        return None
    case = session.get_one(ProcessInstance, found.task.instance_id)
    return {
        "kind": KIND,
        "serial": case.serial,
        "organization": session.get_one(Organization, found.task.organization_id).name,
        "date": _day(found),
        "hash": _hash(found),
        "fingerprint": fingerprint(_hash(found)),
        # A confirmed count is never changed.
        "is_valid": True,
        "words": GENUINE,
    }


def _code(session: Session, ballot_id: int) -> str:
    """Return the code of a ballot's tally sheet, given when it is first printed."""
    known = session.get_one(Ballot, ballot_id).code
    if known is not None:
        return known
    with writing(session):
        collectives.lock_task(connection_of(session), ballot_id)
        ballot = session.get_one(Ballot, ballot_id, populate_existing=True)
        ballot.code = ballot.code or verification_code()
        return ballot.code


def _hash(ballot: Ballot) -> str:
    numbers = (ballot.abstained, ballot.void, ballot.answered, ballot.papers)
    task: CollectiveTask = ballot.task
    content = [task.roll, task.roll_hash, ballot.choices, ballot.votes, ballot.receipts, list(numbers)]
    return canonical.content_hash(content)


def _day(ballot: Ballot) -> str:
    """Return the day on which the voting ended."""
    return clock.shanghai(ballot.ended_at or ballot.task.opened_at).date().isoformat()
