"""One's own page: positions, density, password, sign-out."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound, Throttled
from app.domain.policy import Action, may_anywhere
from app.services.accounts import people
from app.services.accounts.sign_in import change_password as change
from app.services.accounts.sign_in import set_density
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.numbers import whole
from app.views.pages.sign_in import local_path
from app.views.security import address
from app.views.session import current_actor, remember

blueprint = Blueprint("profile", __name__)


@blueprint.get("/profile")
def show() -> str:
    """Show the person's positions and settings."""
    actor = current_actor()
    return render_template(
        "profile/show.html",
        actor=actor,
        positions=people.positions_of(get_session(), actor.person_id),
        may_confirm=may_anywhere(actor, Action.CONFIRM_AUTHORIZATION),
        may_approve=may_anywhere(actor, Action.APPROVE_PROCESSES),
    )


@blueprint.post("/position")
def switch() -> Response:
    """Act in another of one's positions."""
    actor = current_actor()
    chosen = request.form.get("position", type=whole)
    if chosen not in {held.position_id for held in actor.holdings}:
        raise NotFound
    session["position"] = chosen
    return redirect(local_path(request.form.get("next")))


@blueprint.post("/profile/density")
def density() -> Response:
    """Keep comfortable or compact lists."""
    set_density(get_session(), current_actor(), is_compact=request.form.get("density") == "compact")
    flash(_("已保存。"))
    return redirect(local_path(request.form.get("next")) if request.form.get("next") else url_for("profile.show"))


@blueprint.get("/profile/password")
def password() -> str:
    """Show the form for a new password."""
    return _password_page({})


@blueprint.post("/profile/password")
def change_password() -> Response | tuple[str, int]:
    """Set a new password; other sessions end."""
    typed = request.form
    try:
        if typed.get("new_password", "") != typed.get("repeated", ""):
            raise Invalid.field("repeated", _("两次填的新密码不一样。"))
        found = change(
            get_session(), current_actor(), typed.get("old_password", ""), typed.get("new_password", ""), address()
        )
    except Invalid as error:
        return _password_page(said_errors(error)), status_of(error)
    except Throttled as error:
        return _password_page({"old_password": [said(error.sentence)]}), status_of(error)
    remember(found)
    flash(_("密码已修改，其他设备上的登录已退出。"))
    return redirect("/")


def _password_page(errors: dict[str, list[str]]) -> str:
    return render_template("profile/password.html", errors=errors, actor=current_actor())
