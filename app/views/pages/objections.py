"""Objections: raising one to a name on a notice, following the own ones, reading the one at hand."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as WerkzeugResponse

from app.db.notices import Notice
from app.db.work import Attachment
from app.domain.errors import Conflict, Invalid, TooLarge
from app.services.files import attachments
from app.services.notices import readings as notices
from app.services.objections import checking, raising, readings, withdrawing
from app.services.objections.checking import Typed
from app.views import sealed_files
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.files import link
from app.views.numbers import whole
from app.views.presenters import objections as presented
from app.views.session import current_actor
from app.views.vaults import vault

blueprint = Blueprint("objections", __name__)
Answer = WerkzeugResponse | str | tuple[str, int]
FILES = "attachments"


@blueprint.get("/notices/<int:notice_id>/object")
def ask(notice_id: int) -> Answer:
    """Show the form to who may object to somebody on the notice now."""
    notice = notices.notice(get_session(), current_actor(), notice_id)
    if not checking.may_object(current_actor(), notice) or not checking.open_names(current_actor(), notice):
        flash(_("这份公示现在不受理您的异议：公示还没有张贴、已经期满，或者您不在公示的范围里。"), "warn")
        return redirect(url_for("notices.show", notice_id=notice_id))
    return _form(notice, [], {})


@blueprint.post("/notices/<int:notice_id>/object")
def enter(notice_id: int) -> Answer:
    """Raise the objection, or show the form again with what is to be mended."""
    session, actor = get_session(), current_actor()
    notice = notices.notice(session, actor, notice_id)
    kept, errors = _files()
    if errors or "_remove" in request.form:
        return _form(notice, kept, errors)
    try:
        made = raising.raise_objection(session, vault(), actor, notice_id, _typed(kept))
    except Invalid as error:
        return _form(notice, kept, said_errors(error)), status_of(error)
    except Conflict as error:
        return _form(notice, kept, {"person": [said(error.sentence)]}), status_of(error)
    flash(_("异议已经提出。在这里看得到办到哪一步，答复也在这里。"))
    return redirect(url_for("objections.show", objection_id=made.id))


@blueprint.get("/objections")
def index() -> str:
    """List the person's own objections, and those at hand."""
    session, actor = get_session(), current_actor()
    own = readings.own(session, vault().seal, actor)
    handled = readings.handled(session, actor)
    return render_template("objections/index.html", own=presented.rows(own), handled=presented.rows(handled))


@blueprint.get("/objections/<int:objection_id>")
def show(objection_id: int) -> str:
    """Show an objection to who raised it and to its handler."""
    session = get_session()
    found = readings.view(session, vault().seal, current_actor(), objection_id)
    page = render_template("objections/show.html", **presented.page(found))
    readings.mark_read(session, found)
    return page


@blueprint.get("/objections/<int:objection_id>/evidence/<int:place>")
def file(objection_id: int, place: int) -> Response:
    """Answer a file of an objection."""
    return sealed_files.sent(objection_id, place, is_shown=True)


@blueprint.post("/objections/<int:objection_id>/withdraw")
def withdraw(objection_id: int) -> Answer:
    """End an own objection."""
    try:
        withdrawing.withdraw(get_session(), vault().seal, current_actor(), objection_id)
    except Conflict as error:
        flash(said(error.sentence), "warn")
    else:
        flash(_("异议已经撤回。"))
    return redirect(url_for("objections.show", objection_id=objection_id))


def _form(notice: Notice, kept: list[str], errors: dict[str, list[str]]) -> str:
    chosen = request.values.get("person", 0, type=whole)
    return render_template(
        "objections/new.html",
        notice=notice,
        people=presented.people(checking.open_names(current_actor(), notice)),
        chosen=chosen,
        about=presented.about(notice),
        files=[link(one) for one in _kept(kept)],
        typed=request.form,
        errors=errors,
    )


def _typed(kept: list[str]) -> Typed:
    form = request.form
    return Typed(
        person_id=form.get("person", 0, type=whole) or 0,
        reason=form.get("reason", ""),
        attachments=kept,
        is_against_group="against_group" in form,
        is_anonymous="anonymous" in form,
    )


def _files() -> tuple[list[str], dict[str, list[str]]]:
    """Keep what was uploaded with the form, and return all its files with what is wrong with them."""
    _name, _is_file, removed = request.form.get("_remove", "").partition(":")
    kept = [one for one in request.form.getlist(FILES) if one != removed]
    try:
        kept += [_store(one) for one in request.files.getlist(FILES) if one.filename]
    except Invalid as error:
        return kept, {FILES: [words for found in said_errors(error).values() for words in found]}
    except TooLarge as error:
        return kept, {FILES: [said(error.sentence)]}
    return kept, {}


def _store(sent: FileStorage) -> str:
    folder = current_app.extensions["shenpi_settings"].attachments_dir
    stream = cast("Any", sent.stream)
    return attachments.store(get_session(), folder, current_actor(), sent.filename or "", stream).id


def _kept(ids: list[str]) -> list[Attachment]:
    session, actor = get_session(), current_actor()
    found = [session.get(Attachment, one) for one in ids]
    return [one for one in found if one is not None and one.uploaded_by_id == actor.person_id]
