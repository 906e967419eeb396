"""A district's list of ranks to be sealed and sent to a city that is not on the platform, and what its code stands for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingLetter, FilingRow
from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.errors import NotFound
from app.domain.filings import WITHDRAWN_TITLE, RowStatus
from app.domain.identity import Actor
from app.domain.school_years import titled
from app.domain.serial import grouped_code
from app.domain.text import N_, sentence
from app.services.documents import filing_papers
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.filings import letters, listing, papers
from app.services.texts import full_day

TITLE = N_("班主任职级汇总名单")
KIND = N_("汇总报送")
CITY = N_("市教育局")
SIGNER, SEALER = N_("局领导签字"), N_("教育局盖章")
NOTE = N_("%(school)s　%(note)s")
BACK = N_("已退回，不在这次报送里")


def list_of(session: Session, actor: Actor, letter_id: int, press: Press) -> bytes:
    """Return a district's list as PDF/A-2b, for whoever may see its year. Raises NotFound."""
    letter = session.get(FilingLetter, letter_id)
    if letter is None:
        raise NotFound
    listing.run_of_sight(session, actor, letter.run_id)
    return pdf(press, filing_papers.TEMPLATE, _content(session, letter, press))


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a list's code stands for, or None where no list has it; names no person."""
    letter = session.scalar(select(FilingLetter).where(FilingLetter.code == code).options(joinedload(FilingLetter.run)))
    if letter is None:
        return None
    rows = letters.rows_sent(session, letter)
    words = papers.standing(letter.content_hash, letters.signed_hash(rows), letters.gone(letter, rows))
    return {
        "kind": TITLE,
        "serial": letter.instance.serial if letter.instance else "",
        "organization": letter.run.organization.name,
        "date": _day(letter),
        "hash": letter.content_hash,
        "fingerprint": fingerprint(letter.content_hash),
        "is_valid": words == papers.VALID,
        "words": words,
    }


def _content(session: Session, letter: FilingLetter, press: Press) -> dict[str, Any]:
    url = press.verify_url(letter.code)
    rows = letters.rows_sent(session, letter)
    gone = set(letters.gone(letter, rows))
    since = {row.id: _since(row) for row in rows if row.id in gone}
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
        "rows": [_row(number, told, since.get(told["id"], "")) for number, told in enumerate(letter.sent, start=1)],
        "signed": "",
        "qr": qr_svg(url),
        "url": url,
        "code": grouped_code(letter.code),
        "fingerprint": fingerprint(letter.content_hash),
    }


def _row(number: int, told: Mapping[str, Any], since: str) -> dict[str, str]:
    note = sentence(NOTE, school=told["school"], note="　".join(filter(None, (told["note"], since)))).chinese()
    return filing_papers.line(number, {**told, "note": note.strip()})


def _since(row: FilingRow) -> str:
    """Say what became of a row that its letter does not ask for any more."""
    return WITHDRAWN_TITLE if row.status == RowStatus.REFUSED else BACK


def _day(letter: FilingLetter) -> str:
    return clock.shanghai(letter.sent_at).date().isoformat()
