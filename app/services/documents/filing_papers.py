"""A school's list of ranks to be signed and sealed, and what its printed code stands for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingBatch, FilingPaper, FilingRow
from app.db.processes import ProcessInstance
from app.db.work import Signature
from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.dossiers import RANK_TITLES
from app.domain.errors import Conflict
from app.domain.filings import BATCH_KIND_TITLES, BatchKind
from app.domain.identity import Actor
from app.domain.ranks import RANK_APPLICATION_KIND_TITLES
from app.domain.school_years import titled
from app.domain.serial import grouped_code, verification_code
from app.domain.text import N_, sentence
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.filings import corrections, listing, papers, routes
from app.services.texts import full_day
from app.services.transactions import writing

TEMPLATE = "filing_list.typ"
SIGNER, SEALER = N_("校长签字"), N_("学校盖章")
TITLE = N_("班主任职级名单")
NO_RANK = N_("没有职级")
SIGNED = N_("%(name)s（%(position)s）%(on)s在平台上签字")
NOT_YET = N_("名单刚刚形成，还没有编号，请过一会儿再打印。")


def list_of(session: Session, actor: Actor, batch_id: int, press: Press) -> bytes:
    """Return a school's list as PDF/A-2b, for whoever may see it. Raises NotFound, and Conflict before it has a number."""
    batch = listing.batch_of_sight(session, actor, batch_id)
    if batch.instance is None:
        raise Conflict(NOT_YET)
    return pdf(press, TEMPLATE, _content(session, batch, batch.instance, _printed(session, batch), press))


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a list's code stands for, or None where no list has it; names no person."""
    query = select(FilingPaper).where(FilingPaper.code == code)
    found = session.scalar(query.options(joinedload(FilingPaper.batch).joinedload(FilingBatch.instance)))
    if found is None:
        return None
    batch = found.batch
    words = papers.standing(found.content_hash, corrections.manifest_hash(batch), papers.refused(batch.rows))
    return {
        "kind": TITLE,
        "serial": batch.instance.serial if batch.instance else "",
        "organization": batch.organization.name,
        "date": _day(batch),
        "hash": found.content_hash,
        "fingerprint": fingerprint(found.content_hash),
        "is_valid": words == papers.VALID,
        "words": words,
    }


def _printed(session: Session, batch: FilingBatch) -> FilingPaper:
    """Return the paper of a list as it stands, with a code of its own; of two who print at once, one gives it."""
    content_hash = papers.content_hash(corrections.manifest_hash(batch), papers.refused(batch.rows))
    query = select(FilingPaper).filter_by(batch_id=batch.id, content_hash=content_hash)
    known = session.scalar(query)
    if known is not None:
        return known
    with writing(session):
        session.execute(select(FilingBatch.id).where(FilingBatch.id == batch.id).with_for_update())
        found = session.scalar(query)
        if found is None:
            found = FilingPaper(batch_id=batch.id, code=verification_code(), content_hash=content_hash)
            session.add(found)
        session.flush()
    return found


def _content(
    session: Session, batch: FilingBatch, case: ProcessInstance, paper: FilingPaper, press: Press
) -> dict[str, Any]:
    url = press.verify_url(paper.code)
    passed = routes.bureaus_of(session, batch.organization_id)
    return {
        "title": TITLE,
        "serial": case.serial,
        "organization": batch.organization.name,
        "year": titled(batch.school_year).chinese(),
        "kind": BATCH_KIND_TITLES[BatchKind(batch.kind)],
        "signer": SIGNER,
        "sealer": SEALER,
        "bureau": passed[0].name if passed else "",
        "day": _day(batch),
        "chinese_day": full_day(clock.shanghai(batch.submitted_at).date()),
        "rows": [_line(number, row) for number, row in enumerate(batch.rows, start=1)],
        "signed": _signed(session, batch),
        "qr": qr_svg(url),
        "url": url,
        "code": grouped_code(paper.code),
        "fingerprint": fingerprint(paper.content_hash),
    }


def line(number: int, told: Mapping[str, Any]) -> dict[str, str]:
    """Return a row as a list prints it."""
    return {
        "number": str(number),
        "name": told["name"],
        "held": RANK_TITLES[told["held"]] if told["held"] else NO_RANK,
        "rank": RANK_TITLES[told["rank"]],
        "kind": _kind(told),
        "note": told["note"],
    }


def _line(number: int, row: FilingRow) -> dict[str, str]:
    told = {"name": row.name, "held": row.held, "rank": row.rank, "kind": row.kind, "corrects": row.corrects_id}
    return line(number, {**told, "note": papers.note(row)})


def _kind(told: Mapping[str, Any]) -> str:
    """Return in which way a rank is come by; one that corrects a filed rank is not come by anew."""
    is_correction = told.get("corrects") is not None
    return BATCH_KIND_TITLES[BatchKind.CORRECTION] if is_correction else RANK_APPLICATION_KIND_TITLES[told["kind"]]


def _signed(session: Session, batch: FilingBatch) -> str:
    """Return who signed the list on the platform last: in its own case, or in the one that it came from."""
    cases = [batch.instance_id, _source(batch)]
    query = select(Signature).where(Signature.instance_id.in_(cases), Signature.voided_at.is_(None))
    found = session.scalar(query.options(joinedload(Signature.person)).order_by(Signature.id.desc()).limit(1))
    if found is None:
        return ""
    on = full_day(clock.shanghai(found.signed_at).date())
    return sentence(SIGNED, name=found.person.name, position=found.position_title, on=on).chinese()


def _source(batch: FilingBatch) -> int | None:
    """Return the case in which the principal signed what is filed: the review, the supplement or the correction."""
    if batch.kind == BatchKind.REGULAR:
        return batch.review.instance_id if batch.review else None
    return batch.rows[0].particulars.get("case")


def _day(batch: FilingBatch) -> str:
    return clock.shanghai(batch.submitted_at).date().isoformat()
