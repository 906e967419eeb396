"""Signing authorisations: the list, entering with a scan, confirming, revoking."""

from typing import BinaryIO, cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.config import Settings
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, TooLarge
from app.domain.policy import Action, may_anywhere
from app.services import authorizations
from app.services.accounts.organizations import organizations_for
from app.services.accounts.people import colleagues
from app.services.authorizations import DEPUTISED, AuthorizationDraft
from app.services.files import attachments
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.forms import typed, typed_day
from app.views.numbers import whole
from app.views.session import current_actor
from app.views.words import role_title

blueprint = Blueprint("authorizations", __name__, url_prefix="/authorizations")


@blueprint.get("")
def index() -> str:
    """List the authorisations in the person's sight, with what may be done."""
    actor = current_actor()
    found = authorizations.authorizations_for(get_session(), actor)
    return render_template(
        "authorizations/index.html",
        rows=[
            (each, authorizations.may_confirm(actor, each), authorizations.may_revoke(actor, each)) for each in found
        ],
        today=clock.today(),
        may_enter=may_anywhere(actor, Action.ENTER_AUTHORIZATION),
    )


@blueprint.get("/new")
def new() -> str:
    """Show the form."""
    if not may_anywhere(current_actor(), Action.ENTER_AUTHORIZATION):
        raise Forbidden
    return _page({})


@blueprint.post("/new")
def enter() -> Response | tuple[str, int]:
    """Enter an authorisation, to be confirmed by somebody else."""
    organization_id = request.form.get("organization", 0, type=whole)
    upload = request.files.get("scan")
    scan = (upload.filename or "", cast("BinaryIO", upload.stream)) if upload and upload.filename else None
    try:
        folder = _settings().attachments_dir
        authorizations.enter(get_session(), current_actor(), organization_id, _draft(), scan=scan, folder=folder)
    except Invalid as error:
        return _page(said_errors(error)), 422
    except TooLarge as error:
        return _page({"scan": [said(error.sentence)]}), status_of(error)
    flash(_("已登记。要等另一位流程管理员、校长或法定代表人确认后才生效。"))
    return redirect(url_for("authorizations.index"))


@blueprint.post("/<int:authorization_id>/confirm")
def confirm(authorization_id: int) -> Response:
    """Confirm an authorisation as a second person."""
    authorizations.confirm(get_session(), current_actor(), authorization_id)
    flash(_("已确认，这份委托现在有效。"))
    return redirect(url_for("authorizations.index"))


@blueprint.post("/<int:authorization_id>/revoke")
def revoke(authorization_id: int) -> Response:
    """Revoke an authorisation at once."""
    authorizations.revoke(get_session(), current_actor(), authorization_id)
    flash(_("已撤销，受托人从现在起不能再代签。"))
    return redirect(url_for("authorizations.index"))


@blueprint.get("/<int:authorization_id>/scan")
def scan(authorization_id: int) -> Response:
    """Hand out the scan of an authorisation."""
    kept = authorizations.scan_of(get_session(), current_actor(), authorization_id)
    path = attachments.path_of(_settings().attachments_dir, kept.id)
    is_shown = kept.media_type in attachments.SHOWN_IN_PLACE
    return send_file(path, kept.media_type, as_attachment=not is_shown, download_name=kept.name)


def _draft() -> AuthorizationDraft:
    return AuthorizationDraft(
        role=typed("role"),
        principal_id=request.form.get("principal", type=whole),
        deputy_id=request.form.get("deputy", type=whole),
        from_on=typed_day("from_on"),
        until_on=typed_day("until_on"),
    )


def _page(errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    schools = organizations_for(session, actor, Action.ENTER_AUTHORIZATION)
    people = [(person.id, f"{person.name} {person.username}") for person in colleagues(session, schools)]
    return render_template(
        "authorizations/new.html",
        organizations=[(found.id, found.name) for found in schools],
        roles=[(str(role), role_title(role)) for role in DEPUTISED],
        heads=[(person.id, person.name) for person in colleagues(session, schools, DEPUTISED)],
        people=people,
        errors=errors,
        typed=request.form,
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["shenpi_settings"]
    return settings
