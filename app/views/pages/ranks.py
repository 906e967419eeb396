"""A person's ranks over the years, their certificates, and a bureau's own columns for lists of ranks."""

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from app.db.people import Organization
from app.domain.dossiers import RANK_TITLES
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.policy import Action
from app.domain.rank_columns import MOST, PLATFORM, SOURCES, OwnColumn
from app.services.accounts.organizations import organizations_for
from app.services.filings import rank_corrections
from app.services.ranks.columns import Held, columns_at, columns_for, own_columns, set_columns
from app.services.ranks.histories import History, history_of, was_filed_here
from app.services.starting import starts
from app.views import papers, workbooks
from app.views.database import get_session
from app.views.errors import said, said_errors
from app.views.numbers import whole
from app.views.presenters import rank_histories as shown
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor

blueprint = Blueprint("ranks", __name__, url_prefix="/ranks")
# Rows to add columns in; saved, there are as many again.
BLANK = 2


@blueprint.get("/people/<int:person_id>")
def history(person_id: int) -> str:
    """Show a person's ranks; the look is noted."""
    actor = current_actor()
    found = history_of(get_session(), actor, person_id)
    is_own = person_id == actor.person_id
    return render_template(
        "ranks/history.html",
        tabs=tabs(actor),
        person=found.person,
        is_own=is_own,
        places="、".join(place.name for place in found.workplaces),
        file_url=url_for("files.mine") if is_own else url_for("files.show", person_id=person_id),
        rows=shown.rows(found, _correctable(found)),
        menders="、".join(found.menders),
    )


def _correctable(found: History) -> dict[int, int]:
    """Return the entries of which the person may file a correction, each with the school that filed it."""
    if not any(was_filed_here(one) for one in found.entries):
        return {}
    session = get_session()
    schools = {
        one.organization.id
        for one in starts.startable(session, current_actor())
        if one.version.definition.key == rank_corrections.PROCESS
    }
    held = {one.id for school_id in schools for one in rank_corrections.open_entries(session, school_id)}
    return {one.id: one.organization_id for one in found.entries if one.id in held}


@blueprint.get("/<int:entry_id>/certificate.pdf")
def certificate(entry_id: int) -> Response:
    """Answer the certificate of a rank."""
    return papers.rank_certificate_of(get_session(), current_actor(), entry_id)


@blueprint.get("/columns")
def columns() -> str:
    """Show a bureau's own columns; where it has none, those that hold for it, to start from."""
    session, bureau = get_session(), _bureau()
    own = own_columns(session, current_actor(), bureau.id)
    return _columns_page(own if own.columns else replace(columns_for(session, bureau), revision=own.revision), {}, own)


@blueprint.get("/columns/template.xlsx")
def template() -> Response:
    """Hand out an empty list of ranks in the columns that hold for an organisation, or where the person acts."""
    actor = current_actor()
    organization_id = request.args.get("organization", type=whole) or (actor.acting and actor.acting.organization_id)
    return workbooks.rank_template(columns_at(get_session(), actor, organization_id or 0))


@blueprint.post("/columns")
def change_columns() -> WerkzeugResponse | tuple[str, int]:
    """Set a bureau's own columns and words; rows without a head are left out, and so are ranks without a word."""
    session, actor, wanted = get_session(), current_actor(), _typed_columns()
    own = own_columns(session, actor, _bureau().id)
    try:
        set_columns(session, actor, _bureau().id, wanted)
    except Invalid as error:
        return _columns_page(wanted, said_errors(error), own), 422
    except Conflict as error:
        return _columns_page(wanted, {"columns": [said(error.sentence)]}, own), 409
    flash(_("职级表的列已保存。") if wanted.columns else _("已改回上一级或者平台的列。"))
    return redirect(url_for("ranks.columns"))


def _typed_columns() -> Held:
    revision = request.form.get("revision", 0, type=whole)
    if "_clear" in request.form:
        return Held(revision=revision)
    heads, chosen = request.form.getlist("head"), request.form.getlist("column")
    wanted = [OwnColumn(head.strip(), one) for head, one in zip(heads, chosen, strict=False) if head.strip()]
    words = {rank: request.form.get(f"word_{rank}", "").strip() for rank in RANK_TITLES}
    return Held(wanted, {str(rank): word for rank, word in words.items() if word}, revision=revision)


def _bureau() -> Organization:
    """Return the bureau in which the person keeps columns: where one acts, or the first. Raises Forbidden."""
    actor = current_actor()
    found = organizations_for(get_session(), actor, Action.KEEP_COLUMNS)
    if not found:
        raise Forbidden
    acting = actor.acting.organization_id if actor.acting else None
    return next((one for one in found if one.id == acting), found[0])


def _columns_page(held: Held, errors: dict[str, list[str]], own: Held) -> str:
    columns = [*(held.columns or PLATFORM), *[OwnColumn("", "")] * BLANK][:MOST]
    rows = [
        {"head": one.head, "column": one.column, "errors": errors.get(f"columns.{place}", [])}
        for place, one in enumerate(columns)
    ]
    words = [
        {"rank": rank, "title": _(title), "word": held.words.get(rank, ""), "errors": errors.get(f"words.{rank}", [])}
        for rank, title in RANK_TITLES.items()
    ]
    return render_template(
        "ranks/columns.html",
        tabs=tabs(current_actor()),
        bureau=_bureau().name,
        origin="" if own.columns else (held.bureau.name if held.bureau else _("平台")),
        rows=rows,
        words=words,
        options=[(name, _(title)) for name, title in SOURCES.items()],
        revision=held.revision,
        errors=errors.get("columns", []),
    )
