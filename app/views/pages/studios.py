"""Studios: the list, founding, changing and ending one."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Forbidden, Invalid, Refused
from app.domain.policy import Action, may_anywhere
from app.domain.rules import Clause
from app.domain.vocabulary import PROGRAMME_TITLES, STUDIO_LEVEL_TITLES, Role
from app.services.accounts.organizations import organizations_for
from app.services.studios import staffing, studios
from app.services.studios.rosters import Finding
from app.services.studios.studios import StudioDraft
from app.views.database import get_session
from app.views.errors import said, said_errors
from app.views.forms import options_of, typed, typed_day
from app.views.numbers import whole
from app.views.session import current_actor

blueprint = Blueprint("studios", __name__, url_prefix="/studios")

Values = dict[str, str | date | None]


@blueprint.get("")
def index() -> str:
    """List the studios that the person administers."""
    found = studios.studios_for(get_session(), current_actor())
    return render_template("studios/index.html", studios=found, levels=STUDIO_LEVEL_TITLES, programmes=PROGRAMME_TITLES)


@blueprint.get("/new")
def new() -> str:
    """Show the form for a new studio."""
    if not may_anywhere(current_actor(), Action.MANAGE_STUDIOS):
        raise Forbidden
    return _page(None, {}, {})


@blueprint.post("/new")
def create() -> Response | tuple[str, int]:
    """Found a studio."""
    organization_id = request.form.get("organization", 0, type=whole)
    try:
        studio, findings = studios.create_studio(get_session(), current_actor(), organization_id, _draft())
    except Invalid as error:
        return _page(None, request.form.to_dict(), said_errors(error), _clause(error)), 422
    flash(_("已建立%(name)s。", name=studio.name))
    _warn(findings)
    return redirect(url_for("studios.index"))


@blueprint.get("/<int:studio_id>")
def show(studio_id: int) -> str:
    """Show a studio's form."""
    studio = studios.get_studio(get_session(), current_actor(), studio_id)
    posts = staffing.posts_of(get_session(), studio_id)
    values: Values = {
        "name": studio.name,
        "level": studio.level,
        "from_on": studio.from_on,
        "until_on": studio.until_on,
        "host": staffing.lines_of(posts, Role.STUDIO_HOST),
        "members": staffing.lines_of(posts, Role.STUDIO_MEMBER),
        "mentor": staffing.lines_of(posts, Role.STUDIO_MENTOR),
    }
    return _page(studio_id, values, {})


@blueprint.post("/<int:studio_id>")
def change(studio_id: int) -> Response | tuple[str, int]:
    """Change a studio and its people."""
    try:
        findings = studios.change_studio(get_session(), current_actor(), studio_id, _draft())
    except Invalid as error:
        return _page(studio_id, request.form.to_dict(), said_errors(error), _clause(error)), 422
    flash(_("已保存。"))
    _warn(findings)
    return redirect(url_for("studios.index"))


@blueprint.get("/<int:studio_id>/end")
def ask_end(studio_id: int) -> str:
    """Ask before a studio ends."""
    studio = studios.get_studio(get_session(), current_actor(), studio_id)
    return render_template("studios/end.html", studio=studio, posts=staffing.posts_of(get_session(), studio_id))


@blueprint.post("/<int:studio_id>/end")
def end(studio_id: int) -> Response:
    """End a studio and its posts."""
    studios.end_studio(get_session(), current_actor(), studio_id)
    flash(_("工作室已结束，主持人、成员和导师的任职同时结束。"))
    return redirect(url_for("studios.index"))


def _draft() -> StudioDraft:
    return StudioDraft(
        name=typed("name"),
        level=typed("level"),
        from_on=typed_day("from_on"),
        until_on=typed_day("until_on"),
        host=typed("host"),
        members=typed("members"),
        mentor=typed("mentor"),
    )


def _clause(error: Invalid) -> Clause | None:
    return error.clause if isinstance(error, Refused) else None


def _warn(findings: list[Finding]) -> None:
    for finding in findings:
        flash(f"{said(finding.words)}{finding.clause or ''}", "warn")


def _page(
    studio_id: int | None, values: Values | dict[str, str], errors: dict[str, list[str]], clause: Clause | None = None
) -> str:
    session, actor = get_session(), current_actor()
    studio = studios.get_studio(session, actor, studio_id) if studio_id else None
    schools = organizations_for(session, actor, Action.MANAGE_STUDIOS)
    return render_template(
        "studios/edit.html",
        studio=studio,
        organizations=[(found.id, found.name) for found in schools if found.kind == "school"],
        levels=options_of(STUDIO_LEVEL_TITLES),
        values=values,
        errors=errors,
        clause=clause,
    )
