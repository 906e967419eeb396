"""A secret ballot: the paper, checking it, casting it, the receipt; and for everybody the tally sheet."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid
from app.domain.vocabulary import CollectiveStatus
from app.services.ballots import paper_readings, roll_checks, standings, votes
from app.services.ballots.roll_checks import Remark
from app.services.ballots.standings import BallotView
from app.views import papers
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.presenters import ballots
from app.views.session import current_actor

blueprint = Blueprint("ballots", __name__, url_prefix="/ballots")
# So many names are read at a glance on one page.
ROLL_PAGE = 100
Answer = Response | str | tuple[str, int]


@blueprint.get("/<int:ballot_id>")
def show(ballot_id: int) -> str:
    """Show the ballot paper to who votes, its state to who only sees it, and the tally once it is counted."""
    return _page(_view(ballot_id), [], [])


@blueprint.post("/<int:ballot_id>/check")
def check(ballot_id: int) -> Answer:
    """Show the paper once more before it is cast, or go back to it."""
    view, chosen = _view(ballot_id), _chosen()
    if "again" in request.form:
        return _page(view, chosen, [])
    try:
        places = votes.places_of(view.paper, chosen)
    except Invalid as error:
        return _page(view, chosen, said_errors(error)["choices"]), status_of(error)
    if not view.may_vote:
        return redirect(url_for("ballots.show", ballot_id=ballot_id))
    names = [view.paper.choices[place] for place in places]
    told = {"secrecy": ballots.secrecy(view), "change": ballots.change(view)}
    return render_template("ballots/check.html", view=view, names=names, **told)


@blueprint.post("/<int:ballot_id>/vote")
def cast(ballot_id: int) -> Answer:
    """Cast the vote, and show its receipt this once."""
    try:
        receipt = votes.vote(get_session(), current_actor(), ballot_id, _chosen())
    except Invalid as error:
        return _page(_view(ballot_id), _chosen(), said_errors(error)["choices"]), status_of(error)
    except Conflict as error:
        return _page(_view(ballot_id), [], [said(error.sentence)]), status_of(error)
    view = _view(ballot_id)
    return render_template("ballots/receipt.html", view=view, receipt=receipt, change=ballots.change(view))


@blueprint.get("/<int:ballot_id>/roll")
def roll(ballot_id: int) -> str:
    """Show who is on the roll, and what was checked."""
    view, session = _view(ballot_id), get_session()
    check = roll_checks.roll_check(session, view)
    people = roll_checks.people_on(session, check, request.args.get("cursor"), ROLL_PAGE)
    next_url = url_for("ballots.roll", ballot_id=ballot_id, cursor=people.next) if people.next else None
    told = ballots.roll(view, check)
    return render_template("ballots/roll.html", view=view, told=told, people=people.items, next_url=next_url)


@blueprint.get("/<int:ballot_id>/tally.pdf")
def tally_sheet(ballot_id: int) -> Response:
    """Answer the tally sheet, to be printed."""
    return papers.tally_sheet_of(get_session(), current_actor(), ballot_id)


def _view(ballot_id: int) -> BallotView:
    return standings.ballot_view(get_session(), current_actor(), ballot_id)


def _chosen() -> list[str]:
    return [] if request.form.get("verdict") == "abstain" else request.form.getlist("choice")


def _page(view: BallotView, chosen: list[str], errors: list[str]) -> str:
    is_open = view.task.status == CollectiveStatus.OPEN
    names = roll_checks.roll_check(get_session(), view).names if is_open else {}
    return render_template(
        "ballots/show.html",
        view=view,
        case=view.case,
        line=_("%(name)s · 候选 %(count)d 人，最多选 %(seats)d 人", **_numbers(view)),
        state=ballots.state(view),
        facts=ballots.facts(view),
        secrecy=ballots.secrecy(view),
        change=ballots.change(view),
        is_asked=view.may_vote,
        chosen=chosen,
        errors=errors,
        joined=names.get(Remark.JOINED, []),
        left=names.get(Remark.LEFT, []),
        tally=ballots.tally(view) if view.is_counted else None,
        duties=_duties(view),
    )


def _numbers(view: BallotView) -> dict[str, object]:
    return {"name": view.task.element_name, "count": len(view.paper.choices), "seats": view.paper.seats}


def _duties(view: BallotView) -> list[tuple[str, str]]:
    """Return what a scrutineer can do now, in words, and where."""
    if view.keeper is None:
        return []
    ballot_id = view.ballot.id
    if view.task.status == CollectiveStatus.PREPARING and view.keeper.public_key is None:
        return [(_("去设监票口令"), url_for("ballot_counts.ask_passphrase", ballot_id=ballot_id))]
    if view.is_open:
        return [(_("发纸质选票"), url_for("ballot_papers.voters", ballot_id=ballot_id))]
    if view.task.status != CollectiveStatus.COUNTING:
        return []
    has_papers = paper_readings.readings(get_session(), ballot_id).issued > 0
    papers = [(_("录入纸质选票"), url_for("ballot_papers.ask", ballot_id=ballot_id))] if has_papers else []
    return [*papers, (_("去开启选票、计票"), url_for("ballot_counts.ask_count", ballot_id=ballot_id))]
