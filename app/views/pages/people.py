"""People: the list, one person, adding, correcting, a forgotten password."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.people import Organization
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.policy import Action, allows
from app.domain.vocabulary import Role
from app.services.accounts import people
from app.services.accounts.organizations import administered, place_of, roles_to_grant
from app.services.accounts.people import PersonDraft
from app.services.accounts.terms import Term
from app.services.acts import handovers
from app.views.database import get_session
from app.views.errors import said_errors
from app.views.forms import typed, typed_day
from app.views.numbers import whole
from app.views.session import current_actor
from app.views.words import role_title

blueprint = Blueprint("people", __name__, url_prefix="/people")

Errors = dict[str, list[str]]


@blueprint.get("")
def index() -> str:
    """List those who hold a position in an organisation, or who left it."""
    session, actor = get_session(), current_actor()
    organization = administered(session, actor, request.args.get("organization", type=whole))
    q, page = request.args.get("q", ""), max(1, request.args.get("page", 1, type=whole))
    has_left = request.args.get("left") == "1"
    found = people.members(session, actor, organization, q, page, has_left=has_left)
    return render_template(
        "people/index.html",
        organization=organization,
        found=found,
        q=q,
        has_left=has_left,
        pages=_pages(organization, found, q, has_left=has_left),
        may_manage=allows(actor, Action.MANAGE_PEOPLE, place_of(organization)),
    )


@blueprint.get("/new")
def new() -> str:
    """Show the form for a new person."""
    organization = administered(get_session(), current_actor(), request.args.get("organization", type=whole))
    return _new_page(organization, {})


@blueprint.post("/new")
def add() -> str | tuple[str, int]:
    """Add a person with a first position and show the one-time password once."""
    session, actor = get_session(), current_actor()
    organization = administered(session, actor, request.form.get("organization", type=whole))
    try:
        credential = people.add_person(session, actor, organization.id, *_typed_person())
    except Invalid as error:
        return _new_page(administered(session, actor, organization.id), said_errors(error)), 422
    return render_template("people/passwords.html", credentials=[credential], organization=organization)


@blueprint.get("/<int:person_id>")
def show(person_id: int) -> str:
    """Show a person with the positions, and what can be done."""
    return person_page(person_id, {})


@blueprint.post("/<int:person_id>")
def edit(person_id: int) -> Response | tuple[str, int]:
    """Correct a person's details."""
    try:
        people.edit_person(get_session(), current_actor(), person_id, _draft())
    except Invalid as error:
        return person_page(person_id, said_errors(error)), 422
    flash(_("已保存。"))
    return redirect(url_for("people.show", person_id=person_id, organization=request.form.get("organization")))


@blueprint.get("/<int:person_id>/password")
def ask_reset(person_id: int) -> str:
    """Ask before a password is replaced."""
    person = people.get_person(get_session(), current_actor(), person_id)
    return render_template("people/reset.html", person=person)


@blueprint.post("/<int:person_id>/password")
def reset(person_id: int) -> str:
    """Replace a forgotten password and show the one-time password once."""
    credential = people.reset_password(get_session(), current_actor(), person_id)
    return render_template("people/passwords.html", credentials=[credential], person_id=person_id)


def person_page(person_id: int, errors: Errors) -> str:
    """Draw a person's page, with what was typed where something was wrong."""
    session, actor = get_session(), current_actor()
    person = people.get_person(session, actor, person_id)
    organization = administered(session, actor, request.values.get("organization", type=whole))
    return render_template(
        "people/show.html",
        person=person,
        positions=people.positions_of(session, person_id),
        organization=organization,
        roles=role_options(organization),
        is_oneself=person_id == actor.person_id,
        is_whole=people.is_whole(session, actor, person_id),
        in_hand=handovers.personal_tasks(session, actor, person_id),
        may_manage=allows(actor, Action.MANAGE_PEOPLE, place_of(organization)),
        errors=errors,
        typed=request.form,
    )


def _typed_person() -> tuple[PersonDraft, Role, Term]:
    """Return what was typed, with the faults of all fields at once; raises Invalid."""
    draft = _draft()
    errors = people.draft_errors(draft)
    try:
        role = typed_role()
    except Invalid as error:
        errors |= error.errors
    else:
        if not errors:
            return draft, role, typed_term()
    raise Invalid(errors)


def typed_term() -> Term:
    """Return the posted period, from today where no beginning was typed; raises Invalid."""
    return Term(typed_day("from_on") or clock.today(), typed_day("until_on"))


def typed_role() -> Role:
    """Return the posted role; raises Invalid."""
    text = typed("role")
    if text not in set(Role):
        raise Invalid.field("role", _("请选职务。"))
    return Role(text)


def role_options(organization: Organization) -> list[tuple[str, str]]:
    """Return the roles that may be given in an organisation."""
    return [(str(role), role_title(role)) for role in roles_to_grant(current_actor(), organization)]


def _draft() -> PersonDraft:
    return PersonDraft(typed("name"), typed("username"), typed("staff_number"))


def _new_page(organization: Organization, errors: Errors) -> str:
    return render_template(
        "people/new.html",
        organization=organization,
        roles=role_options(organization),
        errors=errors,
        typed=request.form,
        today=clock.today(),
    )


def _pages(organization: Organization, found: people.Members, q: str, *, has_left: bool) -> dict[str, object]:
    def url(page: int) -> str:
        left = "1" if has_left else None
        return url_for("people.index", organization=organization.id, q=q or None, left=left, page=page)

    first = (found.page - 1) * people.PAGE + 1
    last = first + len(found.people) - 1
    return {
        "first": first,
        "last": last,
        "total": found.total,
        "previous": url(found.page - 1) if found.page > 1 else None,
        "next": url(found.page + 1) if last < found.total else None,
    }
