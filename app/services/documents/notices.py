"""A public notice on paper: the red-headed sheet for the board, and the certificate that it stood its time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.notices import Notice, NoticeName
from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.errors import Conflict
from app.domain.notices import NOTICE_SCOPE_TITLES, NoticeStatus
from app.domain.serial import grouped_code
from app.domain.text import N_, sentence
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.notices.names import posted_content, standing
from app.services.texts import full_day

PAPER, CERTIFICATE = "notice.typ", "notice_certificate.typ"
KIND = N_("公示证明")
VALID = N_("这张公示证明属实，名单和公示期满时一样。")
CHANGED = N_("这张公示证明和登记的名单对不上，请联系出具的单位。")


def paper(notice: Notice, written: Mapping[str, Any], press: Press) -> bytes:
    """Return what hangs on the board as PDF/A-2b; `written` is the notice in words. Raises Conflict before it is posted."""
    if notice.posted_at is None:
        raise Conflict(N_("公示还没有发布，发布以后才能打印张贴。"))
    told = {**written, "day": clock.shanghai(notice.posted_at).date().isoformat()}
    return pdf(press, PAPER, {**told, "fingerprint": fingerprint(notice.content_hash)})


def certificate(notice: Notice, press: Press) -> bytes:
    """Return the certificate as PDF/A-2b. Raises Conflict before the notice has ended, or where every name left it."""
    if notice.status != NoticeStatus.ENDED or notice.code is None or notice.ended_at is None:
        raise Conflict(N_("公示期满结束以后才有公示证明。"))
    url = press.verify_url(notice.code)
    marks = {"qr": qr_svg(url), "url": url, "code": grouped_code(notice.code)}
    return pdf(press, CERTIFICATE, {**_facts(notice), **marks, "fingerprint": fingerprint(notice.content_hash)})


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a certificate's code stands for, or None where no notice has it; names no person."""
    query = select(Notice).where(Notice.code == code)
    found = session.scalar(query.options(joinedload(Notice.organization), joinedload(Notice.instance)))
    if found is None or found.ended_at is None:
        return None
    is_valid = posted_content(found).content_hash == found.content_hash
    return {
        "kind": KIND,
        "serial": found.instance.serial,
        "organization": found.organization.name,
        "date": clock.shanghai(found.ended_at).date().isoformat(),
        "hash": found.content_hash,
        "fingerprint": fingerprint(found.content_hash),
        "is_valid": is_valid,
        "words": VALID if is_valid else CHANGED,
    }


def _facts(notice: Notice) -> dict[str, Any]:
    posted, ended = _day(notice.posted_at), _day(notice.ended_at)
    names = standing(notice)
    statement = N_("下列%(count)d人的公示已经期满%(days)d个工作日，公示期内提出的异议都已办结，特此证明。")
    return {
        "kind": KIND,
        "serial": notice.instance.serial,
        "organization": notice.organization.name,
        "day": ended.isoformat(),
        "on": full_day(ended),
        "statement": sentence(statement, count=len(names), days=notice.working_days).chinese(),
        "names": _rows(names),
        "title": notice.title,
        "scope": NOTICE_SCOPE_TITLES[notice.scope],
        "days": sentence(N_("%(days)d个工作日，张贴当天不计"), days=notice.working_days).chinese(),
        "prepared_by": notice.prepared_by.name if notice.prepared_by else "",
        "released_by": notice.released_by.name if notice.released_by else "",
        "posted": full_day(posted),
        "ended": full_day(ended),
        "proofs": _proofs(notice),
    }


def _rows(names: Sequence[NoticeName]) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "name": one.name,
            "line": one.line,
            "period": f"{full_day(one.from_on)}—{full_day(one.until_on)}",
        }
        for place, one in enumerate(names, start=1)
    ]


def _day(at: datetime | None) -> date:
    """Return the day of an instant that an ended notice has: when it was posted, when it ended. Raises Conflict."""
    if at is None:
        raise Conflict
    return clock.shanghai(at).date()


def _proofs(notice: Notice) -> str:
    """Name the boards and the days of the photographs."""
    found = [
        f"{one.board}（{full_day(clock.shanghai(one.taken_at).date())}，{one.taken_by.name}）" for one in notice.proofs
    ]
    return "；".join(found) or N_("没有交照片")
