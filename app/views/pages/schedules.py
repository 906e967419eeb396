"""Processes that begin by themselves: an administrator has them do so in a school, or in all schools of a bureau."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain import clock
from app.domain.errors import Forbidden, Invalid
from app.domain.policy import Action, may_anywhere
from app.services.starting import adoptions, schedules
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.forms import typed_day
from app.views.numbers import whole
from app.views.presenters import schedules as words
from app.views.session import current_actor

blueprint = Blueprint("schedules", __name__, url_prefix="/schedules")


@blueprint.get("")
def index() -> str:
    """List what may begin by itself, and where it does."""
    session, actor = get_session(), current_actor()
    if not may_anywhere(actor, Action.CHANGE_PROCESSES):
        raise Forbidden
    return render_template(
        "schedules/index.html", rows=[words.row(one) for one in adoptions.adoptables(session, actor)]
    )


@blueprint.get("/<key>")
def show(key: str) -> str:
    """Say what adopting a process does and when, with the form for it."""
    return _page(key, _asked(request.args.get("organization", type=whole)), {})


@blueprint.post("/<key>/adopt")
def adopt(key: str) -> Response | tuple[str, int]:
    """Adopt a process."""
    session, actor, place = get_session(), current_actor(), _asked(request.form.get("organization", type=whole))
    found = adoptions.adoptable(session, actor, key, place)
    try:
        made = schedules.adopt(session, actor, key, place, typed_day("first_on"))
    except Invalid as error:
        return _page(key, place, said_errors(error)), status_of(error)
    count = len(made)
    flash(_("已采用“%(title)s”，%(count)d 所学校到时候自己开始。", title=found.title, count=count))
    return redirect(url_for("schedules.index"))


@blueprint.post("/<key>/stop")
def stop(key: str) -> Response:
    """Let a process begin by itself no more."""
    session, actor, place = get_session(), current_actor(), _asked(request.form.get("organization", type=whole))
    found = adoptions.adoptable(session, actor, key, place)
    count = schedules.stop(session, actor, key, place)
    flash(_("已停止“%(title)s”，%(count)d 所学校不再自己开始，已经开始的照旧办完。", title=found.title, count=count))
    return redirect(url_for("schedules.index"))


def _asked(organization_id: int | None) -> int:
    return organization_id or 0


def _page(key: str, organization_id: int, errors: dict[str, list[str]]) -> str:
    found = adoptions.adoptable(get_session(), current_actor(), key, organization_id)
    return render_template(
        "schedules/show.html",
        row=words.row(found),
        typed=request.form.get("first_on", ""),
        today=clock.today().isoformat(),
        errors=errors,
    )
