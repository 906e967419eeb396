"""Positions: adding, ending, moving, and leaving an organisation."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import clock
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.services.accounts import organizations, people, positions
from app.services.acts import handovers
from app.views.database import get_session
from app.views.errors import said_errors
from app.views.forms import typed_day
from app.views.numbers import whole
from app.views.pages.people import Errors, person_page, typed_role, typed_term
from app.views.session import current_actor

blueprint = Blueprint("positions", __name__, url_prefix="/people")


@blueprint.post("/<int:person_id>/positions")
def add(person_id: int) -> Response | tuple[str, int]:
    """Give a person a position."""
    session, actor = get_session(), current_actor()
    organization = organizations.administered(session, actor, request.form.get("organization", type=whole))
    try:
        positions.add_position(session, actor, person_id, organization.id, typed_role(), typed_term())
    except Invalid as error:
        return person_page(person_id, said_errors(error)), 422
    flash(_("已加上职务。"))
    return redirect(url_for("people.show", person_id=person_id, organization=organization.id))


@blueprint.get("/positions/<int:position_id>")
def show(position_id: int) -> str:
    """Show the forms that end or move a position."""
    return _page(position_id, {})


@blueprint.post("/positions/<int:position_id>/end")
def end(position_id: int) -> Response | tuple[str, int]:
    """End a position, at once or with its last day."""
    session, actor = get_session(), current_actor()
    person_id = positions.get_position(session, actor, position_id).person_id
    try:
        positions.end_position(session, actor, position_id, typed_day("last_on"))
    except Invalid as error:
        return _page(position_id, said_errors(error)), 422
    flash(_("已结束任职。"))
    return redirect(url_for("people.show", person_id=person_id))


@blueprint.post("/positions/<int:position_id>/move")
def move(position_id: int) -> Response | tuple[str, int]:
    """Move a position to another organisation."""
    session, actor = get_session(), current_actor()
    person_id = positions.get_position(session, actor, position_id).person_id
    target = request.form.get("organization", type=whole)
    try:
        if target is None:
            raise Invalid.field("organization", _("请选另一个单位。"))
        positions.move_position(session, actor, position_id, target, typed_day("from_on") or clock.today())
    except Invalid as error:
        return _page(position_id, said_errors(error)), 422
    flash(_("已调动。"))
    return redirect(url_for("people.show", person_id=person_id))


@blueprint.get("/<int:person_id>/leave")
def ask_leave(person_id: int) -> str:
    """Ask before somebody leaves an organisation."""
    return _leave_page(person_id, {})


@blueprint.post("/<int:person_id>/leave")
def leave(person_id: int) -> Response | tuple[str, int]:
    """End all positions of a person in an organisation."""
    session, actor = get_session(), current_actor()
    organization = organizations.administered(session, actor, request.form.get("organization", type=whole))
    name = people.get_person(session, actor, person_id).name
    try:
        positions.leave(session, actor, person_id, organization.id, typed_day("last_on"))
    except Invalid as error:
        return _leave_page(person_id, said_errors(error)), 422
    flash(_("已办离任，%(name)s的任职都已结束。", name=name))
    if handovers.has_tasks(session, actor, person_id):
        return redirect(url_for("handovers.ask", person_id=person_id, organization=organization.id))
    return redirect(url_for("people.index", organization=organization.id))


def _page(position_id: int, errors: Errors) -> str:
    session, actor = get_session(), current_actor()
    position = positions.get_position(session, actor, position_id)
    own = organizations.organizations_for(session, actor, Action.MANAGE_PEOPLE)
    targets = [(found.id, found.name) for found in own if found.id != position.organization_id]
    return render_template(
        "people/position.html", position=position, targets=targets, errors=errors, typed=request.form
    )


def _leave_page(person_id: int, errors: Errors) -> str:
    session, actor = get_session(), current_actor()
    person = people.get_person(session, actor, person_id)
    organization = organizations.administered(session, actor, request.values.get("organization", type=whole))
    held = [held for held in people.positions_of(session, person_id) if held.organization_id == organization.id]
    return render_template(
        "people/leave.html", person=person, organization=organization, positions=held, errors=errors, typed=request.form
    )
