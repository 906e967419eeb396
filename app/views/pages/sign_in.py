"""Signing in, by password or as one of the demo's personas, and out."""

import re

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import ShenpiError, Throttled, Unauthenticated
from app.services import settings
from app.services.accounts import organizations
from app.services.accounts.personas import personas, sign_in_persona
from app.services.accounts.sign_in import sign_in
from app.views.database import get_session
from app.views.errors import said, status_of
from app.views.numbers import whole
from app.views.security import address
from app.views.session import forget, public, remember

blueprint = Blueprint("sign_in", __name__)

# A path of this site: one slash, then neither a second one nor a backslash, and no control characters.
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


@blueprint.get("/sign-in")
@public
def show() -> str | Response:
    """Show the sign-in page; who is signed in already goes on."""
    if g.actor is not None:
        return redirect(local_path(request.args.get("next")))
    return _page()


@blueprint.post("/sign-in")
@public
def submit() -> Response | tuple[str, int]:
    """Sign in with username and password."""
    typed = request.form
    try:
        found = sign_in(get_session(), typed.get("username", ""), typed.get("password", ""), address())
    except (Unauthenticated, Throttled) as error:
        return _page(error), status_of(error)
    remember(found)
    return redirect(local_path(typed.get("next")))


@blueprint.post("/sign-in/persona")
@public
def as_persona() -> Response:
    """Enter the demo as one of its personas."""
    remember(sign_in_persona(get_session(), request.form.get("persona", 0, type=whole)))
    return redirect(local_path(request.form.get("next")))


@blueprint.get("/sign-in/forgotten")
@public
def forgotten() -> str:
    """Say who can reset a forgotten password."""
    return render_template("sign_in/forgotten.html", place=_place())


@blueprint.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session of this browser."""
    forget()
    flash(_("您已退出登录。"))
    return redirect(url_for("sign_in.show"))


def local_path(target: str | None) -> str:
    """Return the path to go to next, never another site's."""
    return target if target and _LOCAL.fullmatch(target) else "/"


def _page(error: ShenpiError | None = None) -> str:
    return render_template(
        "sign_in/show.html",
        place=_place(),
        cards=personas(get_session()),
        next=local_path(request.values.get("next")),
        username=request.form.get("username", ""),
        wrong=[said(error.sentence)] if error else [],
    )


def _place() -> str:
    session = get_session()
    name = organizations.root_name(session)
    if settings.is_demo(session):
        return _("%(name)s · 演示环境", name=name)
    return name
