"""A case as its pages show it: head, strip, flags, sheets, checks, balance, history."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.work import Participation
from app.domain.filings import Channel
from app.domain.identity import Actor
from app.domain.objections import PROCESS
from app.services.filings import listing
from app.services.filings.routes import BATCHES, LETTERS, RUNS
from app.services.filling import submission_versions
from app.services.objections.readings import at_hand
from app.services.rank_reviews import reviews
from app.services.rank_reviews.belonging import review_of
from app.services.reading.cases import CaseView
from app.services.reading.forecasts import path_in
from app.services.rounds.belonging import APPLIES, OPENS, round_of
from app.services.selections.reading import DECISION_STAGE, decided_round
from app.views.presenters import applications, checks, collectives, forecasts, lateness, rank_applications
from app.views.presenters.acts import initiator_words, serial_words
from app.views.presenters.sheets import case_sheets
from app.views.presenters.strip import strip
from app.views.presenters.timeline import timeline
from app.views.words import instant

# The element at which a notice is drafted (`public_notice`).
DRAFTING = "draft_notice"
# The elements at which a case hands a list of its own to the bureaus.
FILED_AT = {"rank_supplement": "file_supplement", "rank_correction": "file_correction"}
# The element that lists the names of a review (`rank_review`).
LISTING = "list_names"


def file_of(session: Session, actor: Actor, view: CaseView, without: str | None = None) -> dict[str, Any]:
    """Return the sheets of a case; `without` is the element whose form the page lets people fill in."""
    filing_url = _filing_url(session, actor, view)
    return {
        "steps": strip(session, actor, view),
        "path": forecasts.entries(path_in(session, actor, view)) if view.case.ended_at is None else [],
        "diagram_url": url_for("cases.diagram", instance_id=view.case.id),
        "notices": [url_for("notices.show", notice_id=one) for one in notices_in(view.values)],
        "print_url": url_for("cases.approval_sheet", instance_id=view.case.id),
        "round_url": _round_url(session, view),
        "filing_url": filing_url,
        "sealed_url": _sealed_url(view) if filing_url else None,
        "decision_url": _decision_url(session, actor, view),
        "review_url": _review_url(session, actor, view),
        "names": listed_names(view),
        "objection": at_hand(session, actor, view.case.id) if view.case.process_key == PROCESS else None,
        "late": lateness.notes(session, actor, view),
        "flags": checks.flags(view.case),
        "collectives": collectives.sheets(session, view),
        "sheets": case_sheets(session, actor, view, without),
        "application": applications.application_sheets(session, actor, view)
        or rank_applications.application_sheets(session, actor, view),
        "checks": checks.checks(view.case),
        "budget": checks.budget(session, view.case),
        "timeline": timeline(session, actor, view),
    }


def notices_in(values: Mapping[str, Any]) -> list[int]:
    """Return the public notices that a case has drafted, itself or in a process that it calls."""
    found: list[int] = []
    for name, held in values.items():
        if name == DRAFTING and isinstance(held, dict) and isinstance(held.get("notice"), int):
            found.append(held["notice"])
        elif isinstance(held, dict):
            found += notices_in(held)
    return found


def _round_url(session: Session, view: CaseView) -> str | None:
    """Return where the round is that a case is, or that it applies in."""
    found = round_of(session, view.case.id) if view.case.process_key in (OPENS, APPLIES) else None
    return url_for("rounds.show", round_id=found.id) if found else None


def _filing_url(session: Session, actor: Actor, view: CaseView) -> str | None:
    """Return where the rows are that a case of filing is about, for who may see them."""
    if view.case.process_key == BATCHES:
        return _list_url(listing.batch_of_case(session, actor, view.case.id))
    if view.case.process_key in FILED_AT:
        filed = (view.values.get(FILED_AT[view.case.process_key]) or {}).get("batch")
        return _list_url(listing.batch_in_sight(session, actor, filed)) if filed else None
    if view.case.process_key == LETTERS:
        run_id = listing.run_of_letter(session, actor, view.case.id)
        return url_for("filings.show", run_id=run_id, _anchor="letters") if run_id else None
    run_id = listing.run_of_case(session, actor, view.case.id) if view.case.process_key in RUNS else None
    return url_for("filings.show", run_id=run_id) if run_id else None


def _list_url(batch_id: int | None) -> str | None:
    return url_for("filings.show_list", batch_id=batch_id) if batch_id else None


def _sealed_url(view: CaseView) -> str | None:
    """Return the list that is printed for sealing, where a case goes on paper."""
    if view.case.process_key == LETTERS:
        return url_for("filings.letter", letter_id=view.values["open_letter"]["letter"])
    filed = view.values.get("submit_batch") or {}
    return url_for("filings.paper", batch_id=filed["batch"]) if filed.get("channel") == Channel.PAPER else None


def _review_url(session: Session, actor: Actor, view: CaseView) -> str | None:
    """Return where the review of ranks is that a case is or applies in, for those of its school."""
    if view.case.process_key not in {reviews.OPENS, reviews.APPLIES} or not actor.belongs_to(view.case.organization_id):
        return None
    review_id = review_of(session, view.case.id)
    return url_for("rank_reviews.show", review_id=review_id) if review_id else None


def listed_names(view: CaseView) -> list[dict[str, Any]]:
    """Return the names and ranks that a review of ranks files, as its principal would sign them."""
    listed = view.values.get(LISTING) if view.case.process_key == reviews.OPENS else None
    return listed["persons"] if isinstance(listed, dict) else []


def _decision_url(session: Session, actor: Actor, view: CaseView) -> str | None:
    """Return where the decision sheets of a round's case are, for who may read them once they are drawn."""
    if DECISION_STAGE not in view.case.callees:
        return None
    round_id = decided_round(session, actor, view.case.id)
    return url_for("decisions.show", round_id=round_id) if round_id else None


def case_line(session: Session, actor: Actor, view: CaseView) -> str:
    """Return the grey line: who started it, in which position, its serial number."""
    case = view.case
    first = next(iter(submission_versions.versions(session, view, view.process.model.start.id)), None)
    name = initiator_words(case.initiator.name if case.initiator else None)
    position = first.position_title if first else ""
    serial = _("编号 %(serial)s", serial=serial_words(case.serial, case.organization_id, actor))
    return " · ".join(words for words in (name, position, serial) if words)


def copy_rows(copies: Sequence[Participation]) -> list[dict[str, Any]]:
    """Return to whom a case was copied, and when each of them read it."""
    return [
        {
            "name": one.person.name,
            "sent": instant(one.created_at),
            "read": _("%(at)s 已阅", at=instant(one.read_at)) if one.read_at else _("还没看"),
            "is_read": one.read_at is not None,
        }
        for one in copies
    ]
