"""A task of many people: who answered what and who has not, and stepping aside from it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.collectives import CollectiveResponse
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.collective import collective_responses, collective_views
from app.services.collective.collective_views import Standing
from app.services.panels.scoring import Recusal
from app.services.reading import cases
from app.services.reading.cases import TaskView
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.numbers import whole
from app.views.presenters.case_page import case_line
from app.views.presenters.collectives import result_words, sheet
from app.views.presenters.panels import conflict_kinds
from app.views.session import current_actor
from app.views.words import instant

blueprint = Blueprint("collectives", __name__)
Answer = Response | str | tuple[str, int]
PAGE = 50
# What stands for every candidate of a panel.
ALL = "all"


@blueprint.get("/collectives/<int:collective_id>")
def show(collective_id: int) -> str:
    """Show who answered what once it is closed, and who has not answered while it is open."""
    session, actor = get_session(), current_actor()
    standing = collective_views.standing(session, actor, collective_id)
    view = cases.case_view(session, actor, standing.task.instance_id)
    if not (standing.shows_answers or standing.shows_people):
        raise NotFound
    answers: list[dict[str, str]] = []
    missing: list[str] = []
    # What is closed shows its answers; before, and to the office of a confidential one, who is missing.
    if standing.shows_answers:
        told = collective_views.answers(session, standing, request.args.get("cursor"), PAGE)
        answers, cursor = [_row(one) for one in told.items], told.next
    else:
        waited = collective_views.missing(session, standing, request.args.get("cursor"), PAGE)
        missing, cursor = [one.name for one in waited.items], waited.next
    return render_template(
        "collectives/show.html",
        case=view.case,
        line=case_line(session, actor, view),
        one=sheet(standing),
        answers=answers,
        missing=missing,
        next_url=_next_url(standing, cursor),
    )


@blueprint.get("/tasks/<int:item_id>/recuse")
def ask_recusal(item_id: int) -> Answer:
    """Ask for the reason."""
    found = _place(item_id)
    if not found.is_open:
        return redirect(url_for("tasks.show", item_id=item_id))
    return _recusal_page(found, {})


@blueprint.post("/tasks/<int:item_id>/recuse")
def recuse(item_id: int) -> Answer:
    """Step aside, or draw the page again."""
    found = _place(item_id)
    reason, revision = request.form.get("reason", ""), request.form.get("revision", 0, type=whole)
    aside = _aside(found)
    try:
        collective_responses.recuse(get_session(), current_actor(), item_id, reason, revision, aside=aside)
    except Invalid as error:
        return _recusal_page(_place(item_id), said_errors(error)), status_of(error)
    except Conflict:
        # Done meanwhile, or clicked twice: the task's page says what holds now.
        return redirect(url_for("tasks.show", item_id=item_id))
    flash(_("已申报回避。"))
    is_going_on = aside is not None and _place(item_id).is_open
    return redirect(url_for("panels.ask", item_id=item_id) if is_going_on else url_for("inbox.show"))


def _next_url(standing: Standing, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return url_for("collectives.show", collective_id=standing.task.id, cursor=cursor)


def _place(item_id: int) -> TaskView:
    """Return the person's own place on a roll. Raises NotFound, Forbidden."""
    found = cases.task_view(get_session(), current_actor(), item_id)
    if found.standing is None:
        raise NotFound
    if found.capacity is None:
        raise Forbidden
    return found


def _aside(found: TaskView) -> Recusal | None:
    """Return for which candidate of a panel the member steps aside; none for all of them."""
    candidate = request.form.get("candidate", "")
    if found.scoring is None or candidate == ALL:
        return None
    return Recusal(candidate, request.form.get("kind", ""))


def _recusal_page(found: TaskView, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    return render_template(
        "collectives/recuse.html",
        item=found.item,
        case=found.view.case,
        line=case_line(session, actor, found.view),
        reason=request.form.get("reason", ""),
        candidates=_candidates(found),
        kinds=conflict_kinds() if found.scoring is not None else [],
        typed=request.form,
        errors=errors,
    )


def _candidates(found: TaskView) -> list[tuple[str, str]]:
    """Return for whom a member of a panel may step aside: each candidate, or all."""
    if found.scoring is None:
        return []
    return [*((one.key, one.name) for one in found.scoring.candidates), (ALL, _("全部候选人，不参加这次评议"))]


def _row(one: CollectiveResponse) -> dict[str, str]:
    return {
        "name": one.person.name,
        "verdict": result_words(one.verdict),
        "comment": one.comment or "",
        "at": instant(one.responded_at),
    }
