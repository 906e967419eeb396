"""Paper ballots as scrutineers handle them: who gets a paper, and what the papers in the box say."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paper_ballots import MOST_PAPERS, Stack
from app.domain.text import N_, sentence
from app.domain.vocabulary import CollectiveStatus
from app.services.ballots import paper_readings, paper_voters, standings
from app.services.ballots.standings import BallotView
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.session import current_actor

blueprint = Blueprint("ballot_papers", __name__, url_prefix="/ballots")
Answer = Response | str | tuple[str, int]
NOT_A_NUMBER = N_("请填 0 以上的整数。")


@blueprint.get("/<int:ballot_id>/paper-voters")
def voters(ballot_id: int) -> Answer:
    """Show who got a paper ballot, and whom of the roll a scrutineer looks for."""
    view, wanted = _view(ballot_id), request.args.get("q", "").strip()
    if view.task.status != CollectiveStatus.OPEN:
        return _back(ballot_id)
    found = paper_voters.voters(get_session(), current_actor(), ballot_id, wanted)
    return render_template("ballots/paper_voters.html", view=view, wanted=wanted, found=found)


@blueprint.post("/<int:ballot_id>/paper-voters/<int:person_id>")
def strike(ballot_id: int, person_id: int) -> Answer:
    """Strike a voter from the electronic roll, or put one back who returns the paper."""
    session, actor = get_session(), current_actor()
    try:
        if "back" in request.form:
            paper_voters.take_back(session, actor, ballot_id, person_id)
            flash(_("纸质选票已收回，可以在平台上投了。"))
        else:
            paper_voters.issue(session, actor, ballot_id, person_id)
            flash(_("已从电子名册上划掉，请把一张纸质选票交给本人。"))
    except Conflict as error:
        flash(said(error.sentence), "warn")
    return redirect(url_for("ballot_papers.voters", ballot_id=ballot_id))


@blueprint.get("/<int:ballot_id>/papers")
def ask(ballot_id: int) -> Answer:
    """Ask a scrutineer what the papers say."""
    view = _view(ballot_id)
    return _page(view, {}, {}) if view.task.status == CollectiveStatus.COUNTING else _back(ballot_id)


@blueprint.post("/<int:ballot_id>/papers")
def read(ballot_id: int) -> Answer:
    """Keep what the scrutineer read."""
    view, typed = _view(ballot_id), request.form.to_dict()
    try:
        paper_readings.read(get_session(), current_actor(), ballot_id, _stack(view, typed))
    except Invalid as error:
        return _page(_view(ballot_id), typed, said_errors(error)), status_of(error)
    except Conflict as error:
        flash(said(error.sentence), "warn")
        return _back(ballot_id)
    flash(_("纸质选票已录入，封存到计票的时候。请另一位监票人也清点、录入。"))
    return redirect(url_for("ballot_counts.ask_count", ballot_id=ballot_id))


def _stack(view: BallotView, typed: dict[str, str]) -> Stack:
    """Return the numbers that were typed; an empty field is 0. Raises Invalid by field."""
    names = ("papers", "abstained", "void", *(f"votes_{place}" for place in range(len(view.paper.choices))))
    found = {name: typed.get(name, "").strip() or "0" for name in names}
    wrong = {name: [sentence(NOT_A_NUMBER)] for name, text in found.items() if not _is_number(text)}
    if wrong:
        raise Invalid(wrong)
    papers, abstained, void, *votes = map(int, found.values())
    return Stack(papers, abstained, void, tuple(votes))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAPERS)) and int(text) <= MOST_PAPERS


def _view(ballot_id: int) -> BallotView:
    """Return a ballot to one of its scrutineers. Raises NotFound for everybody else."""
    view = standings.ballot_view(get_session(), current_actor(), ballot_id)
    if view.keeper is None:
        raise NotFound
    return view


def _page(view: BallotView, typed: dict[str, str], errors: dict[str, list[str]]) -> str:
    issued = paper_readings.readings(get_session(), view.ballot.id).issued
    return render_template("ballots/papers.html", view=view, typed=typed, errors=errors, issued=issued)


def _back(ballot_id: int) -> Response:
    return redirect(url_for("ballots.show", ballot_id=ballot_id))
