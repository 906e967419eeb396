"""A district's list of ranks to be sealed and sent to a city that is not on the platform, and what its code stands for."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingLetter, FilingRow
from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.school_years import titled
from app.domain.serial import grouped_code
from app.domain.text import N_, sentence
from app.services.documents import filing_papers
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.filings import letters, listing
from app.services.texts import full_day

TITLE = N_("班主任职级汇总名单")
KIND = N_("汇总报送")
CITY = N_("市教育局")
SIGNER, SEALER = N_("局领导签字"), N_("教育局盖章")
NOTE = N_("%(school)s　%(note)s")


def list_of(session: Session, actor: Actor, letter_id: int, press: Press) -> bytes:
    """Return a district's list as PDF/A-2b, for whoever may see its year. Raises NotFound."""
    letter = session.get(FilingLetter, letter_id)
    if letter is None:
        raise NotFound
    listing.run_of_sight(session, actor, letter.run_id)
    return pdf(press, filing_papers.TEMPLATE, _content(letter, press))


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a list's code stands for, or None where no list has it; names no person."""
    letter = session.scalar(select(FilingLetter).where(FilingLetter.code == code).options(joinedload(FilingLetter.run)))
    if letter is None:
        return None
    is_valid = letters.content_hash(letter.rows) == letter.content_hash
    return {
        "kind": TITLE,
        "serial": letter.instance.serial if letter.instance else "",
        "organization": letter.run.organization.name,
        "date": _day(letter),
        "hash": letter.content_hash,
        "fingerprint": fingerprint(letter.content_hash),
        "is_valid": is_valid,
        "words": filing_papers.VALID if is_valid else filing_papers.CHANGED,
    }


def _content(letter: FilingLetter, press: Press) -> dict[str, Any]:
    url = press.verify_url(letter.code)
    return {
        "title": TITLE,
        "serial": letter.instance.serial if letter.instance else "",
        "organization": letter.run.organization.name,
        "year": titled(letter.run.school_year).chinese(),
        "kind": KIND,
        "signer": SIGNER,
        "sealer": SEALER,
        "bureau": CITY,
        "day": _day(letter),
        "chinese_day": full_day(clock.shanghai(letter.sent_at).date()),
        "rows": [_row(number, row) for number, row in enumerate(letter.rows, start=1)],
        "signed": "",
        "qr": qr_svg(url),
        "url": url,
        "code": grouped_code(letter.code),
        "fingerprint": fingerprint(letter.content_hash),
    }


def _row(number: int, row: FilingRow) -> dict[str, str]:
    told = filing_papers.line(number, row)
    note = sentence(NOTE, school=row.batch.organization.name, note=told["note"]).chinese()
    return {**told, "note": note.strip()}


def _day(letter: FilingLetter) -> str:
    return clock.shanghai(letter.sent_at).date().isoformat()
