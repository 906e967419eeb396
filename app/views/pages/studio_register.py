"""The register of studios, and a page for each: people, term, money, grades, what is planned."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.money import Studio
from app.domain import clock
from app.domain.errors import Forbidden, NotFound
from app.domain.policy import Action, allows
from app.domain.vocabulary import STUDIO_LEVEL_TITLES, StudioLevel
from app.services.accounts.organizations import organizations_for, place_of
from app.services.filling import post_lists
from app.services.registers.filters import PAGE
from app.services.registers.sheets.exports import export_studios
from app.services.starting import starts
from app.services.studios import studio_pages, studio_register
from app.services.studios.studio_register import StudioFilters
from app.views.database import get_session
from app.views.forms import member_of, options_of
from app.views.numbers import whole
from app.views.presenters import studio_register as rows
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor
from app.views.workbooks import handed_out

blueprint = Blueprint("studio_register", __name__, url_prefix="/studio-register")
ALL = "all"
CHANGE = "studio_change"


@blueprint.get("")
def index() -> str:
    """List the studios of the organisations in sight; those at work unless all are asked for."""
    session, actor, filters = get_session(), current_actor(), _filters()
    organizations = organizations_for(session, actor, Action.SEE_ORGANIZATION)
    cursor = request.args.get("cursor")
    page = studio_register.studios(session, actor, filters, cursor=cursor, limit=PAGE)
    query: dict[str, Any] = {name: value for name, value in request.args.items() if value and name != "cursor"}
    return render_template(
        "studio_register/index.html",
        tabs=tabs(actor),
        rows=[rows.row(found) for found in page.items],
        total=studio_register.count(session, actor, filters),
        selects=_selects(filters, [(str(each.id), each.name) for each in organizations]),
        is_several=len(organizations) > 1,
        is_narrowed=bool(set(query) - {"show"}),
        q=filters.q or "",
        export_url=url_for("studio_register.export", **query),
        first_url=url_for("studio_register.index", **query) if cursor else "",
        next_url=url_for("studio_register.index", **query, cursor=page.next) if page.next else "",
    )


@blueprint.get("/studios.xlsx")
def export() -> Response:
    """Hand out the same studios as a spreadsheet."""
    session, actor, filters = get_session(), current_actor(), _filters()
    return handed_out(lambda file: export_studios(session, actor, filters, file), _("工作室台账.xlsx"))


@blueprint.get("/<int:studio_id>")
def show(studio_id: int) -> str:
    """Show a studio."""
    actor = current_actor()
    page = studio_pages.studio_page(get_session(), actor, studio_id)
    return render_template(
        "studio_register/show.html",
        studio=page.studio,
        line=rows.line(page.studio),
        state=rows.state(page.studio),
        people=rows.people(page),
        former=rows.former(page),
        is_over=studio_register.is_over(page.studio, clock.today()),
        months=rows.months(page.activities),
        money=rows.money(studio_id, page.money) if page.money else None,
        grades=rows.grades(page.grades) if page.grades is not None else None,
        change_url=_change_url(page.studio),
        may_manage=allows(actor, Action.MANAGE_STUDIOS, place_of(page.studio.organization)),
    )


def _change_url(studio: Studio) -> str:
    """Return where a change of the studio's people is proposed; nothing for those who may not, or once it is over."""
    session, actor, place = get_session(), current_actor(), studio.organization_id
    if studio_register.is_over(studio, clock.today()):
        return ""
    try:
        starts.startable_version(session, actor, CHANGE, place)
    except (Forbidden, NotFound):
        return ""
    to_change = {option.value for option in post_lists.studios_to_change(session, actor, place)}
    return url_for("start.fill", key=CHANGE, organization=place, studio=studio.id) if studio.id in to_change else ""


def _filters() -> StudioFilters:
    asked = request.args
    return StudioFilters(
        organization_id=asked.get("organization", type=whole),
        as_of=None if asked.get("show") == ALL else clock.today(),
        level=member_of(StudioLevel, asked.get("level")),
        q=asked.get("q", "").strip()[:100] or None,
    )


def _selects(filters: StudioFilters, organizations: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the lists to choose from; an organisation only where there are several."""
    places = [("", _("全部单位")), *organizations]
    found = [
        ("organization", _("单位"), str(filters.organization_id or ""), places),
        ("level", _("级别"), filters.level or "", [("", _("全部级别")), *options_of(STUDIO_LEVEL_TITLES)]),
        ("show", _("时间"), "" if filters.as_of else ALL, [("", _("进行中的")), (ALL, _("全部，含已结束的"))]),
    ]
    return [
        {"name": name, "label": label, "value": value, "options": options}
        for name, label, value, options in found
        if name != "organization" or len(organizations) > 1
    ]
