"""Absences: the list under one's own page, asking somebody to stand in, ending it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.people import Organization
from app.domain.errors import Invalid, NotFound
from app.domain.policy import Action, may_anywhere
from app.services.absence import absences
from app.services.absence.absences import AbsenceDraft
from app.services.accounts.organizations import organizations_for
from app.services.accounts.people import colleagues
from app.services.publishing import versions
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.forms import typed
from app.views.moments import begin_of, end_of
from app.views.numbers import whole
from app.views.presenters.absences import done_rows, rows
from app.views.session import current_actor

blueprint = Blueprint("absences", __name__, url_prefix="/profile/absences")
CHOSEN = "chosen"


@blueprint.get("")
def index() -> str:
    """Show who stands in for whom, in the person's sight."""
    session, actor = get_session(), current_actor()
    found = absences.absences_for(session, actor)
    return render_template(
        "absences/index.html",
        rows=rows(actor, found, versions.titles_in_sight(session, actor)),
        done=done_rows(actor, absences.done_for(session, actor)),
        may_set_for_others=may_anywhere(actor, Action.SET_ABSENCE),
    )


@blueprint.get("/new")
def new() -> str:
    """Show the form."""
    return _page({})


@blueprint.post("/new")
def enter() -> Response | tuple[str, int]:
    """Let a substitute do the tasks of somebody away."""
    session, actor = get_session(), current_actor()
    try:
        absences.set_absence(session, actor, _organization().id, _draft())
    except Invalid as error:
        return _page(said_errors(error)), status_of(error)
    flash(_("已设置。到了时间，待办自动转给代理人；结束后自动回来。"))
    return redirect(url_for("absences.index"))


@blueprint.post("/<int:absence_id>/end")
def end(absence_id: int) -> Response:
    """End an absence now, or cancel it."""
    absences.end_absence(get_session(), current_actor(), absence_id)
    flash(_("已结束，待办不再转给代理人。"))
    return redirect(url_for("absences.index"))


def _draft() -> AbsenceDraft:
    actor = current_actor()
    return AbsenceDraft(
        principal_id=request.form.get("principal", actor.person_id, type=whole),
        substitute_id=request.form.get("substitute", type=whole),
        from_at=begin_of("from", _moment("from")) if typed("from") else None,
        until_at=end_of("until", _moment("until")) if typed("until") else None,
        processes=request.form.getlist("processes") if typed("scope") == CHOSEN else None,
        reason=typed("reason") or None,
    )


def _moment(name: str) -> str:
    """Return a day, with its time where one was typed."""
    time = typed(f"{name}_time")
    return f"{typed(name)}T{time}" if time else typed(name)


def _places() -> list[Organization]:
    """Return where the person works or may set absences for others."""
    session, actor = get_session(), current_actor()
    held = {held.organization_id for held in actor.holdings}
    known = {one.id: one for one in organizations_for(session, actor, Action.SET_ABSENCE)}
    known |= {place: session.get_one(Organization, place) for place in held if place not in known}
    return sorted(known.values(), key=lambda one: one.path)


def _organization() -> Organization:
    """Return the organisation asked for, by default the one in which the person acts; raises NotFound."""
    acting = current_actor().acting
    wanted = request.values.get("organization", acting.organization_id if acting else None, type=whole)
    found = next((one for one in _places() if one.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def _page(errors: dict[str, list[str]]) -> str:
    session, actor, organization = get_session(), current_actor(), _organization()
    here = colleagues(session, [organization])
    may_set = organization.id in {one.id for one in organizations_for(session, actor, Action.SET_ABSENCE)}
    context: dict[str, Any] = {
        "organization": organization,
        "others": [one for one in _places() if one.id != organization.id],
        "principals": [(one.id, one.name) for one in here] if may_set else [],
        "people": [(one.id, one.name) for one in here if may_set or one.id != actor.person_id],
        "processes": list(versions.titles_in_sight(session, actor).items()),
        "chosen": request.form.getlist("processes"),
    }
    return render_template("absences/new.html", errors=errors, typed=request.form, actor=actor, **context)
