"""The list of homeroom teachers as of a day, and what the office may do with it."""

from datetime import date

from flask import Blueprint, render_template, request

from app.domain import clock, school_years
from app.domain.homeroom_lists import Post
from app.domain.policy import Action, allows
from app.services.accounts.organizations import place_of
from app.services.homeroom import lists
from app.services.homeroom.electorates import holders_on
from app.services.homeroom.lists import HomeroomView
from app.services.homeroom.teachers import names_of
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
        **_office(found, holders),
    )


def _office(found: HomeroomView, holders: set[tuple[int, Post]]) -> dict[str, object]:
    """Return what the office may do with a list that is shown, and what it should see to."""
    session, school = get_session(), found.organization
    if not allows(current_actor(), Action.KEEP_REGISTERS, place_of(school)):
        return {"may_keep": False, "may_change": False, "missing": None, "unlisted": []}
    last, to_confirm = lists.latest(session, school.id), school_years.year_to_confirm(clock.today())
    is_missing = last is None or last.school_year < to_confirm
    is_last = not is_missing and found.confirmed is last
    unlisted = homeroom.unlisted(found, holders) if is_last and found.on == clock.today() else set()
    return {
        "may_keep": True,
        "may_change": is_last,
        "missing": school_years.titled(to_confirm) if is_missing else None,
        "unlisted": sorted(names_of(session, unlisted).values()),
    }


def _year_of(found: HomeroomView) -> object:
    return school_years.titled(found.confirmed.school_year if found.confirmed else found.school_year)


def _day() -> date:
    try:
        return date.fromisoformat(request.args.get("on", "") or clock.today().isoformat())
    except ValueError:
        return clock.today()
