"""Documents as answers: the press that sets them, and PDFs in a tab of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, current_app
from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.services.ballots.standings import ballot_view
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
from app.services.documents.printing import Press
from app.services.notices import readings
from app.services.reading.cases import case_view
from app.services.selections.reading import Decision
from app.views.assets import font_folder
from app.views.files import VIEWED_ALONE
from app.views.presenters import ballots
from app.views.presenters import notices as presented
from app.views.presenters.approval_sheet import content


def approval_sheet(session: Session, actor: Actor, instance_id: int) -> Response:
    """Answer the approval sheet of a case as its reader may see it. Raises NotFound."""
    view = case_view(session, actor, instance_id)
    serial = view.case.serial
    return _paper(approval_sheets.approval_sheet(session, view, content(session, actor, view), _press()), serial)


def voucher_of(session: Session, actor: Actor, instance_id: int) -> Response:
    """Answer the voucher of a booked case. Raises NotFound, and Conflict before booking."""
    written = voucher.voucher(session, actor, instance_id, _press())
    return _paper(written, case_view(session, actor, instance_id).case.serial)


def notice_of(session: Session, actor: Actor, notice_id: int) -> Response:
    """Answer a public notice as it hangs on the board. Raises NotFound, and Conflict before it is posted."""
    found = readings.notice(session, actor, notice_id)
    written = notices.paper(found, presented.paper(found), _press())
    return _paper(written, f"{found.instance.serial}-notice-{found.id}")


def certificate_of(session: Session, actor: Actor, notice_id: int) -> Response:
    """Answer the certificate of a public notice. Raises NotFound, and Conflict before it has ended."""
    found = readings.notice(session, actor, notice_id)
    return _paper(notices.certificate(found, _press()), f"{found.instance.serial}-certificate-{found.id}")


def tally_sheet_of(session: Session, actor: Actor, ballot_id: int) -> Response:
    """Answer the tally sheet of a ballot. Raises NotFound, and Conflict before the count is confirmed."""
    view = ballot_view(session, actor, ballot_id)
    written = tally_sheets.tally_sheet(session, view, ballots.printed(view), _press())
    return _paper(written, f"{view.case.serial}-tally-{ballot_id}")


def decision_paper(found: Decision, sheets: Sequence[Mapping[str, Any]]) -> Response:
    """Answer the decision sheets of a round in the words of its page."""
    return _paper(decision_papers.decision_paper(found, sheets, _press()), found.round.instance.serial)


def letter_of(session: Session, actor: Actor, instance_id: int) -> Response:
    """Answer the letter of appointment that an application came to. Raises NotFound."""
    written = letters.letter(session, actor, instance_id, _press())
    return _paper(written, case_view(session, actor, instance_id).case.serial)


def rank_certificate_of(session: Session, actor: Actor, entry_id: int) -> Response:
    """Answer the certificate of a rank. Raises NotFound, and Conflict where there is none yet, or none any more."""
    return _paper(rank_certificates.certificate(session, actor, entry_id, _press()), f"rank-{entry_id}")


def filing_list_of(session: Session, actor: Actor, batch_id: int) -> Response:
    """Answer a school's list of ranks, to be sealed. Raises NotFound, and Conflict before it has a number."""
    return _paper(filing_papers.list_of(session, actor, batch_id, _press()), f"filing-{batch_id}")


def filing_letter_of(session: Session, actor: Actor, letter_id: int) -> Response:
    """Answer a district's list of ranks, to be sealed. Raises NotFound."""
    return _paper(filing_letters.list_of(session, actor, letter_id, _press()), f"letter-{letter_id}")


def _press() -> Press:
    settings = current_app.extensions["shenpi_settings"]
    return Press(font_folder(), settings.data_dir / "documents", settings.public_url, settings.data_dir / "fonts")


def _paper(content: bytes, serial: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{serial}.pdf"'
    answer.headers["Content-Security-Policy"] = VIEWED_ALONE
    return answer
