"""The list of homeroom teachers as of a day, and what the office may do with it."""

from datetime import date

from flask import Blueprint, render_template, request

from app.domain import clock, school_years
from app.domain.policy import Action, allows
from app.services.accounts.organizations import place_of
from app.services.homeroom import lists
from app.services.homeroom.electorates import holders_on
from app.services.homeroom.lists import HomeroomView
from app.views.database import get_session
from app.views.presenters import homeroom
from app.views.presenters.file_tabs import tabs
from app.views.schools import school_asked, schools_in_sight
from app.views.session import current_actor

blueprint = Blueprint("homeroom", __name__, url_prefix="/homeroom-list")


@blueprint.get("")
def index() -> str:
    """Show a school's list as of a day."""
    session, actor, school, on = get_session(), current_actor(), school_asked(), _day()
    found = lists.get_list(session, actor, school.id, on)
    holders = holders_on(session, school.id, on)
    return render_template(
        "homeroom/index.html",
        tabs=tabs(actor),
        found=found,
        grades=homeroom.grades(found, holders),
        year=_year_of(found),
        is_today=on == clock.today(),
        schools=[(one.id, one.name) for one in schools_in_sight()],
        earlier=[
            {"list": one, "year": school_years.titled(one.school_year)}
            for one in lists.earlier_lists(session, school.id)
        ],
        **_office(found),
    )


def _office(found: HomeroomView) -> dict[str, object]:
    """Return what the office may do with a list that is shown."""
    actor, school = current_actor(), found.organization
    may_keep = allows(actor, Action.KEEP_REGISTERS, place_of(school))
    last = lists.latest(get_session(), school.id) if may_keep else None
    to_confirm = school_years.year_to_confirm(clock.today())
    is_missing = may_keep and (last is None or last.school_year < to_confirm)
    return {
        "may_keep": may_keep,
        "may_change": last is not None
        and not is_missing
        and found.confirmed is not None
        and last.id == found.confirmed.id,
        "missing": school_years.titled(to_confirm) if is_missing else None,
    }


def _year_of(found: HomeroomView) -> object:
    return school_years.titled(found.confirmed.school_year if found.confirmed else found.school_year)


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("on", "") or clock.today().isoformat())
    except ValueError:
        return clock.today()
