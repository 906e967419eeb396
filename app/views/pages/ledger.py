"""The ledger: totals and entries in the person's scope, as a page and as a spreadsheet; fixed assets."""

from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.money import yuan
from app.domain.policy import Action
from app.domain.vocabulary import Category, FundingSource
from app.services.accounts.organizations import organizations_for
from app.services.money import assets as assets_service
from app.services.money import ledger, money_scope
from app.services.money.ledger_views import Choices, Filters
from app.views.database import get_session
from app.views.numbers import whole, year
from app.views.presenters import ledger as rows
from app.views.presenters.money_tabs import tabs
from app.views.session import current_actor

blueprint = Blueprint("ledger", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/ledger")
def index() -> str | Response:
    """Show totals by category and source, and the entries."""
    session, actor = get_session(), current_actor()
    if money_scope.may_look(actor) == (False, True):
        return redirect(url_for("budgets.index"))
    choices, organizations = ledger.choices(session, actor), _organizations()
    filters = _filters(choices, organizations)
    found = ledger.ledger(session, actor, filters, cursor=request.args.get("cursor"))
    query = rows.query_of(filters)
    return render_template(
        "ledger/index.html",
        tabs=tabs(actor),
        selects=rows.selects(filters, choices, organizations),
        is_filtered=bool(query),
        count=found.count,
        amount=yuan(found.amount),
        across=rows.across(found, filters),
        entries=rows.entries(found.page.items, filters),
        is_several=len(organizations) > 1,
        first_url=url_for("ledger.index", **query) if request.args.get("cursor") else "",
        next_url=url_for("ledger.index", **query, cursor=found.page.next) if found.page.next else "",
        export_url=url_for("ledger.export", **query),
    )


@blueprint.get("/ledger.xlsx")
def export() -> Response:
    """Hand out the same entries as a spreadsheet."""
    session, actor = get_session(), current_actor()
    filters = _filters(ledger.choices(session, actor), _organizations())
    content = ledger.export_ledger(session, actor, filters)
    name = _("经费台账-%(year)d.xlsx", year=filters.year) if filters.year else _("经费台账.xlsx")
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=name)


@blueprint.get("/ledger/assets")
def assets() -> str:
    """List the fixed assets that studios bought."""
    session, actor = get_session(), current_actor()
    choices = ledger.choices(session, actor)
    studio = _known(request.args.get("studio", type=whole), choices.studios)
    page = assets_service.assets(session, actor, studio_id=studio, cursor=request.args.get("cursor"))
    return render_template(
        "ledger/assets.html",
        tabs=tabs(actor),
        selects=[each for each in rows.selects(Filters(studio_id=studio), choices, []) if each["name"] == "studio"],
        rows=[rows.asset_row(view) for view in page.items],
        is_several=len(_organizations()) > 1,
        next_url=url_for("ledger.assets", studio=studio, cursor=page.next) if page.next else "",
    )


def _filters(choices: Choices, organizations: list[tuple[int, str]]) -> Filters:
    """Read what is asked for; raises NotFound for a studio or organisation out of the person's sight."""
    asked = request.args
    return Filters(
        year=asked.get("year", type=year),
        studio_id=_known(asked.get("studio", type=whole), choices.studios),
        organization_id=_known(asked.get("organization", type=whole), organizations),
        category=_member(Category, asked.get("category")),
        source=_member(FundingSource, asked.get("source")),
    )


def _organizations() -> list[tuple[int, str]]:
    found = organizations_for(get_session(), current_actor(), Action.SEE_LEDGER)
    return [(each.id, each.name) for each in found]


def _known(asked: int | None, known: Any) -> int | None:
    if asked is not None and asked not in {id_ for id_, _name in known}:
        raise NotFound
    return asked


def _member(kind: type[Any], text: str | None) -> Any:
    return next((each for each in kind if each.value == text), None)
