"""The certificate of a rank 职级证书, for whoever sees its entry, and what its printed code stands for."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.db.queries.entries import is_latest
from app.db.ranks import RankCertificate
from app.db.registers import DossierEntry
from app.domain import canonical, clock
from app.domain.canonical import fingerprint
from app.domain.dossiers import RANK_TITLES, EntryKind, Look, Rank
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Actor
from app.domain.serial import grouped_code, verification_code
from app.domain.text import N_, sentence
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.dossiers import looks, scope
from app.services.ranks import histories
from app.services.texts import full_day
from app.services.transactions import writing

TEMPLATE = "rank_certificate.typ"
TITLE = N_("班主任职级证书")
BODY = N_("您的班主任职级经审核备案，自%(from_on)s起生效：")
BY_FILING = N_("由本平台备案写入台账。")
VALID = N_("这份证书有效。")
OVER = N_("这份证书属实；持证人后来又有了别的职级。")
VOID = N_("这份证书不再作数：登记已经更正或者划销。")
UNFILED = N_("这份证书不再作数：这一条职级不是在平台上备案的，请向备案单位核实。")
NONE_YET = N_("这一条没有证书：在平台上备案、已经生效、没有被更正的职级才有；导入的请看原来的文件。")


def certificate(session: Session, actor: Actor, entry_id: int, press: Press) -> bytes:
    """Return the certificate of a rank as PDF/A-2b; a look at another's is noted.

    Raises NotFound, and Conflict for a rank that was not filed on the platform, has not taken effect or was corrected.
    """
    entry = _entry(session, DossierEntry.id == entry_id, scope.visible_entries(session, actor))
    if entry is None:
        raise NotFound
    if not histories.is_certified(entry):
        raise Conflict(NONE_YET)
    looks.note(session, actor, entry.person_id, Look.EVIDENCE)
    return pdf(press, TEMPLATE, _content(entry, _issued(session, entry), press))


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a certificate's code stands for, or None where no certificate has it; names no person."""
    found = session.scalar(
        select(RankCertificate).where(RankCertificate.code == code).options(joinedload(RankCertificate.entry))
    )
    if found is None:
        return None
    entry = found.entry
    words = _standing(session, entry)
    return {
        "kind": TITLE,
        "serial": entry.number,
        "organization": entry.issuer,
        "date": entry.from_on.isoformat(),
        "hash": found.content_hash,
        "fingerprint": fingerprint(found.content_hash),
        "is_valid": words == VALID,
        "words": words,
    }


def _standing(session: Session, entry: DossierEntry) -> str:
    if not histories.is_live(entry):
        return VOID
    if not histories.was_filed_here(entry):
        return UNFILED
    is_last = _entry(session, DossierEntry.id == entry.id, is_latest(clock.today())) is not None
    return VALID if is_last else OVER


def _entry(session: Session, *conditions: ColumnElement[bool]) -> DossierEntry | None:
    loading = joinedload(DossierEntry.person), joinedload(DossierEntry.organization)
    query = select(DossierEntry).where(DossierEntry.kind == EntryKind.RANK, *conditions).options(*loading)
    return session.scalar(query)


def _issued(session: Session, entry: DossierEntry) -> RankCertificate:
    """Return the certificate of an entry, issued the first time; of two who print at once, one issues it."""
    query = select(RankCertificate).where(RankCertificate.entry_id == entry.id)
    known = session.scalar(query)
    if known is not None:
        return known
    said = {name: str(getattr(entry, name)) for name in ("person_id", "category", "from_on", "issuer", "number")}
    with writing(session):
        session.execute(select(DossierEntry.id).where(DossierEntry.id == entry.id).with_for_update())
        found = session.scalar(query)
        if found is None:
            found = RankCertificate(
                entry_id=entry.id, code=verification_code(), content_hash=canonical.content_hash(said)
            )
            session.add(found)
        session.flush()
    return found


def _content(entry: DossierEntry, issued: RankCertificate, press: Press) -> dict[str, Any]:
    url = press.verify_url(issued.code)
    return {
        "title": TITLE,
        "serial": entry.number,
        "name": entry.person.name,
        "words": sentence(BODY, from_on=full_day(entry.from_on)).chinese(),
        "rank": RANK_TITLES[Rank(str(entry.category))],
        "basis": sentence(BY_FILING).chinese(),
        "organization": entry.issuer,
        "day": entry.from_on.isoformat(),
        "chinese_day": full_day(entry.from_on),
        "qr": qr_svg(url),
        "url": url,
        "code": grouped_code(issued.code),
        "fingerprint": fingerprint(issued.content_hash),
    }
