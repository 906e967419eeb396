"""The organisations below a bureau, and the page that gathers an administrator's settings."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid
from app.domain.policy import Action, may_anywhere
from app.domain.vocabulary import AFFILIATION_TITLES, ORGANIZATION_KIND_TITLES, STAGE_TITLES, OrganizationKind
from app.services.accounts.organizations import (
    KINDS_UNDER,
    NewOrganization,
    create_organization,
    get_organization,
    organizations_for,
)
from app.views.database import get_session
from app.views.errors import said_errors
from app.views.forms import options_of, typed
from app.views.numbers import whole
from app.views.session import current_actor

blueprint = Blueprint("organizations", __name__)


@blueprint.get("/settings")
def settings() -> str:
    """Gather what an administrator looks after."""
    actor = current_actor()
    return render_template(
        "people/settings.html",
        may_people=may_anywhere(actor, Action.MANAGE_PEOPLE),
        may_studios=may_anywhere(actor, Action.MANAGE_STUDIOS),
        may_organizations=may_anywhere(actor, Action.CREATE_ORGANIZATION),
        may_processes=may_anywhere(actor, Action.APPROVE_PROCESSES),
        may_schedules=may_anywhere(actor, Action.CHANGE_PROCESSES),
    )


@blueprint.get("/organizations")
def index() -> str:
    """List the organisations at and below the bureau."""
    session, actor = get_session(), current_actor()
    found = organizations_for(session, actor, Action.CREATE_ORGANIZATION)
    return render_template(
        "people/organizations.html",
        organizations=found,
        below={place.id for place in organizations_for(session, actor, Action.APPOINT_ADMIN)},
        kinds=ORGANIZATION_KIND_TITLES,
        affiliations=AFFILIATION_TITLES,
        stages=STAGE_TITLES,
    )


@blueprint.get("/organizations/new")
def new() -> str:
    """Show the form for an organisation below."""
    return _page(request.args.get("parent", type=whole), {})


@blueprint.post("/organizations/new")
def add() -> Response | tuple[str, int]:
    """Create an organisation below."""
    parent_id = request.form.get("parent", 0, type=whole)
    wanted = typed_organization()
    try:
        organization = create_organization(get_session(), current_actor(), parent_id, wanted)
    except Invalid as error:
        return _page(parent_id, said_errors(error)), 422
    flash(_("已建立%(name)s。请再指定它的第一位管理员。", name=organization.name))
    return redirect(url_for("people.new", organization=organization.id))


def typed_organization() -> NewOrganization:
    """Return the posted organisation."""
    return NewOrganization(
        name=typed("name"),
        code=typed("organization_code"),
        kind=typed("kind"),
        affiliation=typed("affiliation"),
        stage=typed("stage"),
        location_district=typed("location_district"),
    )


def _page(parent_id: int | None, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    parent = get_organization(session, actor, parent_id or 0, Action.CREATE_ORGANIZATION)
    kinds = KINDS_UNDER[OrganizationKind(parent.kind)]
    return render_template(
        "people/organization.html",
        parent=parent,
        kinds=[option for option in options_of(ORGANIZATION_KIND_TITLES) if option[0] in kinds],
        affiliations=options_of(AFFILIATION_TITLES),
        stages=options_of(STAGE_TITLES),
        errors=errors,
        typed=request.form,
    )
