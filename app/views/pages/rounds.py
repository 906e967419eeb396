"""Rounds of host selection: the list, the page of one, and moving a date of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.rounds import ROUND_DATE_TITLES, RoundDate
from app.services.panels import sheets
from app.services.reading import cases
from app.services.rounds import dates, listing, progress
from app.services.rounds.belonging import APPLIES, OPENS
from app.services.rounds.listing import RoundView
from app.services.selections.reading import decided_round
from app.services.starting import starts
from app.services.starting.starts import Startable
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.forms import member_of, typed, typed_day
from app.views.numbers import whole
from app.views.presenters import rounds as words
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor
from app.views.words import day

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")
PAGE = 20


@blueprint.get("")
def index() -> str:
    """List the rounds in sight, the latest first."""
    session, actor = get_session(), current_actor()
    cursor = request.args.get("cursor")
    page = listing.rounds(session, actor, cursor=cursor, limit=PAGE)
    numbers = listing.counts_of(session, page.items)
    return render_template(
        "rounds/index.html",
        tabs=tabs(actor),
        rows=[words.row(one, numbers.get(one.id, 0)) for one in page.items],
        open_url=_open_url(),
        first_url=url_for("rounds.index") if cursor else "",
        next_url=url_for("rounds.index", cursor=page.next) if page.next else "",
    )


@blueprint.get("/<int:round_id>")
def show(round_id: int) -> str:
    """Show a round: its stages, what waits for the reader, who applied, its calendar and rules."""
    session, actor = get_session(), current_actor()
    view = listing.round_view(session, actor, round_id)
    panel = progress.panel_of(session, view.tasks) if view.sees_progress else None
    reviewers = progress.reviewers(session, panel) if panel else []
    turnout = progress.turnout_of(session, view.tasks)
    readable = cases.readable(session, actor, [one.instance_id for one in view.applications])
    return render_template(
        "rounds/show.html",
        round=view.round,
        line=words.line(view.round),
        state=words.state(view.round),
        stages=words.stages(view.round, view.count, reviewers, turnout),
        waiting=words.waiting(view.waiting),
        reviewers=words.reviewer_rows(reviewers),
        scores_url=_scores_url(panel.id) if panel else "",
        applications=words.application_rows(view.applications, readable),
        is_several=len({one.organization_id for one in view.applications}) > 1,
        calendar=words.calendar(view.round),
        changes=words.changes(view.changes),
        rules=words.rules(view.round),
        move_url=url_for("rounds.ask_date", round_id=round_id) if _may_move(view) else "",
        apply_url=_apply_url(view),
        case_url=_case_url(view),
        decision_url=_decision_url(view),
    )


@blueprint.get("/<int:round_id>/dates")
def ask_date(round_id: int) -> str:
    """Ask which date is moved, to when, and why."""
    return _date_page(round_id, {})


@blueprint.post("/<int:round_id>/dates")
def move_date(round_id: int) -> Response | tuple[str, int]:
    """Move a date of a round."""
    session, actor = get_session(), current_actor()
    revision = request.form.get("revision", type=whole)
    try:
        name, to = member_of(RoundDate, typed("name")), typed_day("date")
        if name is None or to is None or revision is None:
            raise Invalid.field("date" if name else "name", _("请选要改的日期，填上改到哪一天。"))
        dates.move(session, actor, round_id, name, to, typed("reason"), revision)
    except Invalid as error:
        return _date_page(round_id, said_errors(error)), status_of(error)
    flash(_("已调整，有关的老师会收到通知。"))
    return redirect(url_for("rounds.show", round_id=round_id))


def _date_page(round_id: int, errors: dict[str, list[str]]) -> str:
    view = listing.round_view(get_session(), current_actor(), round_id)
    if not view.may_move_dates:
        raise Forbidden(_("批次的日程由开启它的部门调整。"))
    found = dates.movable(get_session(), view.round)
    if not found:
        raise Conflict(_("这一批的日期现在都不能调整：没有正在进行的申报、评议或者投票。"))
    options = [(name.value, f"{_(ROUND_DATE_TITLES[name])} · {day(on)}") for name, on in found.items()]
    context: dict[str, Any] = {"round": view.round, "options": options, "errors": errors, "typed": request.form}
    return render_template("rounds/dates.html", line=words.line(view.round), **context)


def _scores_url(panel_id: int) -> str:
    """Return where the score sheet is, for who may read it."""
    is_readable = sheets.is_readable(get_session(), current_actor(), panel_id)
    return url_for("panels.show", panel_id=panel_id) if is_readable else ""


def _may_move(view: RoundView) -> bool:
    return view.may_move_dates and bool(dates.movable(get_session(), view.round))


def _open_url() -> str:
    """Return where a round is opened; nothing for those who may not."""
    found = _startable(OPENS)
    return url_for("start.fill", key=OPENS, organization=found[0].organization.id) if found else ""


def _apply_url(view: RoundView) -> str:
    """Return where the reader may apply in the round while its window is open, who has not yet."""
    found = _startable(APPLIES) if dates.is_window_open(view.round) and not view.own else []
    organization = found[0].organization.id if found else 0
    return url_for("start.fill", key=APPLIES, organization=organization, round=view.round.id) if found else ""


def _startable(key: str) -> list[Startable]:
    found = starts.startable(get_session(), current_actor())
    return [one for one in found if one.version.definition.key == key]


def _case_url(view: RoundView) -> str:
    readable = cases.readable(get_session(), current_actor(), [view.round.instance_id])
    return url_for("cases.show", instance_id=view.round.instance_id) if readable else ""


def _decision_url(view: RoundView) -> str:
    has_any = decided_round(get_session(), current_actor(), view.round.instance_id) is not None
    return url_for("decisions.show", round_id=view.round.id) if has_any else ""
