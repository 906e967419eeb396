"""Remarks on a case: leaving one, naming colleagues in it, taking it back."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.people import Person
from app.domain.errors import Conflict, Invalid
from app.services.reading import cases, comments, mentions
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.numbers import whole
from app.views.pages.cases import case_page
from app.views.session import current_actor
from app.views.words import role_title

blueprint = Blueprint("comments", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/cases/<int:instance_id>/comments")
def find(instance_id: int) -> str:
    """Find colleagues to name in a remark."""
    return _find_page(instance_id, [])


@blueprint.post("/cases/<int:instance_id>/comments")
def add(instance_id: int) -> Answer:
    """Leave a remark, or look for colleagues with what was typed and chosen kept."""
    if "_find" in request.form:
        return _find_page(instance_id, [])
    text, named = request.form.get("text", ""), _chosen()
    try:
        comments.comment(get_session(), current_actor(), instance_id, text, named)
    except Invalid as error:
        wrong = [words for found in said_errors(error).values() for words in found]
        page = _find_page(instance_id, wrong) if "mentions" in error.errors else case_page(instance_id, text, wrong)
        return page, status_of(error)
    flash(_("已留言。"))
    return redirect(url_for("cases.show", instance_id=instance_id))


@blueprint.post("/cases/<int:instance_id>/comments/<int:comment_id>/take-back")
def take_back(instance_id: int, comment_id: int) -> Response:
    """Take an own remark back."""
    try:
        comments.take_back(get_session(), current_actor(), instance_id, comment_id)
    except Conflict as error:
        flash(said(error.sentence), "warn")
    else:
        flash(_("留言已收回。"))
    return redirect(url_for("cases.show", instance_id=instance_id))


@blueprint.get("/cases/<int:instance_id>/people")
def people(instance_id: int) -> Response:
    """Answer whom a remark may name, for the list that opens while an @ is typed."""
    return jsonify([{"id": one.id, "name": one.name, "about": _about(one)} for one in _listed(instance_id)])


def _find_page(instance_id: int, errors: list[str]) -> str:
    return render_template(
        "cases/comment.html",
        case=cases.case_view(get_session(), current_actor(), instance_id).case,
        people=[(one.id, f"{one.name}（{_about(one)}）") for one in _listed(instance_id)],
        chosen=_chosen(),
        text=request.form.get("text", ""),
        q=request.values.get("q", ""),
        most=mentions.MOST_LISTED,
        errors=errors,
    )


def _listed(instance_id: int) -> list[Person]:
    session, actor = get_session(), current_actor()
    case = cases.case_view(session, actor, instance_id).case
    found = mentions.listed(session, case, request.values.get("q", ""), _chosen())
    return [one for one in found if one.id != actor.person_id]


def _chosen() -> list[int]:
    return request.values.getlist("mentions", type=whole)


def _about(one: Person) -> str:
    return "、".join(dict.fromkeys(role_title(held.role) for held in one.positions))
