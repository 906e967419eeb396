"""Teachers' files: the own one, others' for those who may, and the way to correct an own entry."""

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import ENTRY_FORMS, EntryKind
from app.domain.errors import Forbidden, NotFound
from app.domain.policy import Action
from app.services.accounts.organizations import organizations_for
from app.services.dossiers import people_lists, scope
from app.services.dossiers.files import PROCESS, File, file_of, own_entry
from app.services.dossiers.prospects import Prospects, prospects_in, prospects_of
from app.services.ranks.eligibility import ladder_place_of
from app.services.starting import starts
from app.views.database import get_session
from app.views.numbers import whole
from app.views.presenters import explanations, file_page
from app.views.presenters.file_tabs import tabs
from app.views.presenters.rank_reach import reach_sheet
from app.views.session import current_actor
from app.views.words import role_title

blueprint = Blueprint("files", __name__)


@blueprint.get("/file")
def mine() -> str:
    """Show the own file."""
    place = _place()
    found = file_of(get_session(), current_actor(), current_actor().person_id)
    return _page(found, place)


@blueprint.get("/files")
def index() -> str:
    """List the people whose files one may open by office. Raises Forbidden where there are none."""
    session, actor = get_session(), current_actor()
    if not scope.may_see_others(actor):
        raise Forbidden
    organizations = organizations_for(session, actor, Action.SEE_DOSSIERS)
    chosen, q = request.args.get("organization", type=whole), request.args.get("q", "")
    if chosen is not None and chosen not in {each.id for each in organizations}:
        raise NotFound
    cursor = request.args.get("cursor")
    page = people_lists.people(session, actor, q=q, organization_id=chosen, cursor=cursor)
    query: dict[str, Any] = {name: value for name, value in (("q", q), ("organization", chosen)) if value}
    return render_template(
        "files/index.html",
        tabs=tabs(actor),
        rows=[_filed(row) for row in page.items],
        selects=_selects(organizations, chosen),
        q=q,
        first_url=url_for("files.index", **query) if cursor else "",
        next_url=url_for("files.index", **query, cursor=page.next) if page.next else "",
    )


@blueprint.get("/files/<int:person_id>")
def show(person_id: int) -> str | Response:
    """Show another's file; the look is noted."""
    if person_id == current_actor().person_id:
        return redirect(url_for("files.mine"))
    return _page(file_of(get_session(), current_actor(), person_id), None)


@blueprint.get("/file/entries/<int:entry_id>/correct")
def correct(entry_id: int) -> Response:
    """Open the form that corrects an own entry, filled in with what it says."""
    entry, place = own_entry(get_session(), current_actor(), entry_id), _place()
    if entry is None or place is None:
        raise NotFound
    return redirect(url_for("start.fill", key=PROCESS, organization=place, **_filled(entry)))


@blueprint.get("/file/conditions")
def own_conditions() -> str:
    """Show what one may apply for oneself, condition by condition."""
    return _conditions(current_actor().person_id, _place())


@blueprint.get("/files/<int:person_id>/conditions")
def conditions(person_id: int) -> str | Response:
    """Show what another may apply for; the look is noted."""
    if person_id == current_actor().person_id:
        return redirect(url_for("files.own_conditions"))
    return _conditions(person_id, None)


def _conditions(person_id: int, place: int | None) -> str:
    found = prospects_of(get_session(), current_actor(), person_id)
    file_url = _file_url(person_id, is_own=found.sight.is_own)
    sheets = explanations.explained(found.explanations, file_url, partial(file_page.enter_url, place))
    return render_template(
        "files/conditions.html",
        tabs=tabs(current_actor()),
        person=found.person,
        school=found.school,
        is_own=found.sight.is_own,
        file_url=file_url,
        reach=reach_sheet(found.explanations),
        is_top=_is_top(found),
        sheets=sheets,
    )


def _is_top(found: Prospects) -> bool:
    """Tell whether there is no rank above the one held."""
    if found.school is None:
        return False
    return ladder_place_of(get_session(), found.person.id, found.school.id, clock.today()).is_top


def _file_url(person_id: int, *, is_own: bool) -> str:
    return url_for("files.mine") if is_own else url_for("files.show", person_id=person_id)


def _conditions_url(person_id: int, *, is_own: bool) -> str:
    return url_for("files.own_conditions") if is_own else url_for("files.conditions", person_id=person_id)


def _page(found: File, place: int | None) -> str:
    person, sight = found.person, found.sight
    prospects = prospects_in(get_session(), current_actor(), person, sight)
    return render_template(
        "files/show.html",
        tabs=tabs(current_actor()),
        person=person,
        posts="、".join(dict.fromkeys(f"{one.organization.name}{role_title(one.role)}" for one in found.positions)),
        is_own=sight.is_own,
        has_list=scope.may_see_others(current_actor()),
        numbers=(person.staff_number, person.username) if sight.has_numbers and not sight.is_own else (),
        has_sanctions=sight.has_sanctions,
        prospects=explanations.summary(prospects.explanations, _conditions_url(person.id, is_own=sight.is_own)),
        waiting=file_page.waiting(found.waiting),
        sections=file_page.sections(found, place),
        missing=file_page.missing(found, place),
        struck_out=file_page.struck_out(found),
        looks=file_page.looked(found),
        enter_url=file_page.enter_url(place),
    )


def _place() -> int | None:
    """Return the school in which the person may enter something into the own file, first that of the present position."""
    actor = current_actor()
    found = [one for one in starts.startable(get_session(), actor) if one.version.definition.key == PROCESS]
    acting = actor.acting.organization_id if actor.acting else None
    places = sorted((one.organization.id for one in found), key=lambda place: place != acting)
    return places[0] if places else None


def _filled(entry: DossierEntry) -> dict[str, Any]:
    """Return what an entry says under the names of the form's fields."""
    kind = EntryKind(entry.kind)
    told = {f"{kind}_{column}": getattr(entry, column) for column in ENTRY_FORMS[kind].labels}
    return {"kind": kind, "corrects": entry.id, **{name: value for name, value in told.items() if value}}


def _filed(row: people_lists.Filed) -> dict[str, Any]:
    posts = {f"{role_title(one.role)}": None for one in row.positions}
    places = {one.organization.name: None for one in row.positions}
    return {
        "name": row.person.name,
        "url": url_for("files.show", person_id=row.person.id),
        "posts": "、".join(posts),
        "place": "、".join(places),
        "entries": row.entries,
    }


def _selects(organizations: list[Any], chosen: int | None) -> list[dict[str, Any]]:
    if len(organizations) <= 1:
        return []
    options = [("", _("全部单位")), *((each.id, each.name) for each in organizations)]
    return [{"name": "organization", "label": _("单位"), "value": chosen or "", "options": options}]
