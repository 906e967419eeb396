"""What scrutineers do: set a passphrase before the voting, open the ballots and count after it, confirm the count."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.ballots import Custody, Tally
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus
from app.services.ballots import counting, openings, paper_readings, standings
from app.services.ballots.standings import BallotView
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.keeping import passphrase_for
from app.views.presenters import ballots
from app.views.session import current_actor

blueprint = Blueprint("ballot_counts", __name__, url_prefix="/ballots")
Answer = Response | str | tuple[str, int]
UNLIKE = N_("两次输入的口令不一样，请再输一次。")


@blueprint.get("/<int:ballot_id>/passphrase")
def ask_passphrase(ballot_id: int) -> Answer:
    """Ask a scrutineer for a passphrase, twice."""
    view = _view(ballot_id)
    if view.task.status != CollectiveStatus.PREPARING:
        return _back(ballot_id)
    return _passphrase_page(view, {})


@blueprint.post("/<int:ballot_id>/passphrase")
def set_passphrase(ballot_id: int) -> Answer:
    """Keep what follows from the passphrase."""
    view = _view(ballot_id)
    try:
        if request.form.get("passphrase", "") != request.form.get("passphrase_again", ""):
            raise Invalid.field("passphrase_again", UNLIKE)
        openings.set_passphrase(get_session(), current_actor(), ballot_id, _typed(view))
    except Invalid as error:
        return _passphrase_page(_view(ballot_id), said_errors(error)), status_of(error)
    except Conflict as error:
        flash(said(error.sentence), "warn")
        return _back(ballot_id)
    flash(_("口令已经设好。请记住它，平台不保存，忘了找不回来。"))
    return _back(ballot_id)


@blueprint.get("/<int:ballot_id>/count")
def ask_count(ballot_id: int) -> Answer:
    """Ask a scrutineer to open the ballots."""
    view = _view(ballot_id)
    return _count_page(view, {}) if view.task.status == CollectiveStatus.COUNTING else _back(ballot_id)


@blueprint.post("/<int:ballot_id>/count")
def count(ballot_id: int) -> Answer:
    """Open the ballots and show the count, or confirm it."""
    view, session, actor = _view(ballot_id), get_session(), current_actor()
    try:
        if "confirm" in request.form:
            is_final = counting.confirm(session, actor, ballot_id, _typed(view))
            flash(_("计票已经确认，计票单公布了。") if is_final else _("您已确认计票，再等一位监票人确认。"))
            return _back(ballot_id)
        counted = counting.count(session, actor, ballot_id, _typed(view))
    except Invalid as error:
        return _count_page(_view(ballot_id), said_errors(error)), status_of(error)
    except Conflict as error:
        flash(said(error.sentence), "warn")
        return redirect(url_for("ballot_counts.ask_count", ballot_id=ballot_id))
    return _count_page(_view(ballot_id), {}, counted.tally if counted else None, has_opened=True)


def _view(ballot_id: int) -> BallotView:
    """Return a ballot to one of its scrutineers. Raises NotFound for everybody else."""
    view = standings.ballot_view(get_session(), current_actor(), ballot_id)
    if view.keeper is None:
        raise NotFound
    return view


def _typed(view: BallotView) -> str:
    return passphrase_for(view, request.form.get("passphrase", ""))


def _back(ballot_id: int) -> Response:
    return redirect(url_for("ballots.show", ballot_id=ballot_id))


def _passphrase_page(view: BallotView, errors: dict[str, list[str]]) -> str:
    is_typed = view.ballot.custody == Custody.SCRUTINEERS
    return render_template(
        "ballots/passphrase.html", view=view, errors=errors, is_typed=is_typed, facts=ballots.facts(view)
    )


def _count_page(
    view: BallotView, errors: dict[str, list[str]], tally: Tally | None = None, *, has_opened: bool = False
) -> str:
    return render_template(
        "ballots/count.html",
        view=view,
        errors=errors,
        facts=ballots.facts(view),
        is_typed=view.ballot.custody == Custody.SCRUTINEERS,
        has_opened=has_opened,
        tally=ballots.count(view, tally) if tally is not None else None,
        papers=paper_readings.readings(get_session(), view.ballot.id).issued,
    )
