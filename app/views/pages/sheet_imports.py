"""Importing sheets: templates, the upload, the progress, the preview, and confirming it."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.people import Organization
from app.db.sheet_imports import SheetImport
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from app.domain.sheet_imports import WAITING, ImportStatus
from app.domain.sheets import SHEET_KIND_TITLES, SheetKind
from app.services.ranks.columns import columns_for
from app.services.registers.sheets import imports, keepers
from app.services.registers.sheets.lines import MOST_ROWS
from app.services.registers.sheets.templates import template
from app.services.workbooks import MAX_BYTES
from app.views.database import get_session
from app.views.errors import said, said_errors
from app.views.forms import member_of
from app.views.numbers import whole
from app.views.presenters import sheet_imports as rows
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor
from app.views.workbooks import XLSX

blueprint = Blueprint("sheet_imports", __name__, url_prefix="/imports")


@blueprint.get("")
def index() -> str:
    """Show how to import, with the latest imports of the school."""
    return _page([])


@blueprint.get("/<kind>/template.xlsx")
def download(kind: str) -> Response:
    """Hand out a template."""
    known = _kind(kind)
    if not keepers.schools_for(get_session(), current_actor()):
        raise Forbidden
    name = _("%(title)s导入模板.xlsx", title=_(SHEET_KIND_TITLES[known]))
    return send_file(BytesIO(template(known)), XLSX, as_attachment=True, download_name=name)


@blueprint.post("/<kind>")
def hand_in(kind: str) -> Response | tuple[str, int]:
    """Take a workbook; what it would change is shown next."""
    session, actor, upload = get_session(), current_actor(), request.files.get("file")
    organization_id = request.form.get("organization", type=whole)
    content = BytesIO(upload.read(MAX_BYTES + 1) if upload else b"")
    name = upload.filename or "" if upload else ""
    try:
        one = imports.hand_in(session, actor, organization_id, _kind(kind), name, content)
    except Invalid as error:
        return _page(said_errors(error).get("file", [])), 422
    except TooLarge as error:
        return _page([said(error.sentence)]), 413
    return redirect(url_for("sheet_imports.show", import_id=one.id))


@blueprint.get("/<int:import_id>")
def show(import_id: int) -> str:
    """Show how far an import is, what it would change, or what is wrong with it."""
    session, actor = get_session(), current_actor()
    one = imports.get_import(session, actor, import_id)
    told = one.mistakes if one.status == ImportStatus.REFUSED else one.changes
    page = max(request.args.get("page", 1, type=whole) or 1, 1)
    shown = told[(page - 1) * rows.PAGE : page * rows.PAGE]
    return render_template(
        "sheet_imports/show.html",
        one=one,
        status=ImportStatus(one.status),
        title=_(SHEET_KIND_TITLES[SheetKind(one.kind)]),
        line=_line(one),
        state=rows.state(one),
        is_waiting=one.status in WAITING,
        progress=rows.progress(one),
        figures=rows.figures(one),
        is_own=one.created_by_id == actor.person_id,
        mistakes=shown if one.status == ImportStatus.REFUSED else [],
        mistake_count=len(one.mistakes),
        changes=rows.changes(shown, SheetKind(one.kind)) if one.status != ImportStatus.REFUSED else [],
        pages=_pages(one, len(told), page),
    )


@blueprint.post("/<int:import_id>/confirm")
def confirm(import_id: int) -> Response:
    """Have what was shown written."""
    try:
        done = imports.confirm(get_session(), current_actor(), import_id)
    except Conflict as error:
        flash(said(error.sentence), "warn")
        return redirect(url_for("sheet_imports.show", import_id=import_id))
    if done.status == ImportStatus.READY:
        flash(_("没有导入：台账刚才有变动，下面是新的核对结果，请再确认一次。"), "warn")
    return redirect(url_for("sheet_imports.show", import_id=import_id))


@blueprint.post("/<int:import_id>/drop")
def drop(import_id: int) -> Response:
    """Give up an import before it is written."""
    try:
        imports.drop(get_session(), current_actor(), import_id)
    except Conflict as error:
        flash(said(error.sentence), "warn")
        return redirect(url_for("sheet_imports.show", import_id=import_id))
    flash(_("没有导入，台账没有变。"))
    return redirect(url_for("sheet_imports.index"))


def _kind(text: str) -> SheetKind:
    found = member_of(SheetKind, text)
    if found is None:
        raise NotFound
    return found


def _own_heads(organization: Organization) -> list[str]:
    return [one.head for one in columns_for(get_session(), organization).columns]


def _page(errors: list[str]) -> str:
    session, actor = get_session(), current_actor()
    organization = keepers.school_for(session, actor, request.values.get("organization", type=whole))
    offered = keepers.kinds_for(actor, organization)
    asked = member_of(SheetKind, request.args.get("kind") or (request.view_args or {}).get("kind"))
    kind = asked if asked in offered else offered[0]
    schools = keepers.schools_for(session, actor)
    return render_template(
        "sheet_imports/index.html",
        tabs=tabs(actor),
        organization=organization,
        schools=[(str(one.id), one.name) for one in schools] if len(schools) > 1 else [],
        kind=kind,
        title=_(SHEET_KIND_TITLES[kind]),
        chips=rows.kinds(offered, kind, organization.id),
        columns=rows.columns(kind),
        own_heads="、".join(_own_heads(organization)) if kind == SheetKind.RANKS else "",
        own_url=url_for("ranks.template", organization=organization.id),
        errors=errors,
        recent=rows.recent(imports.imports_of(session, actor, organization)),
        max_rows=f"{MOST_ROWS:,}",
        max_mb=MAX_BYTES // 1024**2,
    )


def _line(one: SheetImport) -> str:
    return f"{one.organization.name} · {one.file_name} · {one.created_by.name}"


def _pages(one: SheetImport, total: int, page: int) -> dict[str, Any] | None:
    if total <= rows.PAGE:
        return None

    def url(number: int) -> str:
        return url_for("sheet_imports.show", import_id=one.id, page=number)

    return {
        "first": (page - 1) * rows.PAGE + 1,
        "last": min(page * rows.PAGE, total),
        "total": total,
        "previous": url(page - 1) if page > 1 else "",
        "next": url(page + 1) if page * rows.PAGE < total else "",
    }
