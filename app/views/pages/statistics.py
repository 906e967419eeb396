"""Statistics on pages and as spreadsheets."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import clock
from app.domain.dossiers import RANK_TITLES
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.domain.text import N_
from app.services.accounts.organizations import organizations_for
from app.services.ranks.statistics import SMALLEST, Statistics, statistics
from app.services.ranks.statistics_sheets import export_statistics
from app.views.database import get_session
from app.views.numbers import whole
from app.views.presenters import rank_statistics as shown
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor
from app.views.words import full_day
from app.views.workbooks import handed_out

blueprint = Blueprint("statistics", __name__, url_prefix="/statistics")


@blueprint.get("/ranks")
def ranks() -> str:
    """Show how many homeroom teachers hold which rank."""
    found = _found()
    organization, session, actor = found.total.organization, get_session(), current_actor()
    places = [(str(one.id), one.name) for one in organizations_for(session, actor, Action.SEE_STATISTICS)]
    return render_template(
        "statistics/ranks.html",
        tabs=tabs(actor),
        organization=organization,
        places=places if len(places) > 1 else [],
        as_of=found.as_of,
        line=_("%(name)s · 截至%(day)s", name=organization.name, day=full_day(found.as_of)),
        figures=shown.figures(found.total),
        bars=shown.bars(found.total),
        bars_words=shown.bars_words(found.total),
        heads=list(RANK_TITLES.values()),
        rows=[shown.row(unit, found.as_of, organization) for unit in found.units],
        foot=shown.row(found.total, found.as_of, organization),
        smallest=SMALLEST,
        above_url=_above_url(found, {value for value, _name in places}),
        export_url=url_for("statistics.ranks_sheet", organization=organization.id, as_of=found.as_of.isoformat()),
    )


@blueprint.get("/ranks.xlsx")
def ranks_sheet() -> Response:
    """Hand out the same by school."""
    found = _found()
    return handed_out(lambda file: export_statistics(found, file), _("职级统计.xlsx"))


def _found() -> Statistics:
    organization = request.args.get("organization", type=whole)
    return statistics(get_session(), current_actor(), organization, _as_of())


def _as_of() -> date:
    text = request.args.get("as_of")
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError:
        raise Invalid.field("as_of", N_("日期请写成 2026-09-01 这样。")) from None


def _above_url(found: Statistics, places: set[str]) -> str:
    """Return the statistics of the level above, where the person may ask for them."""
    above = found.total.organization.parent_id
    if str(above) not in places:
        return ""
    return url_for("statistics.ranks", organization=above, as_of=found.as_of.isoformat())
