"""The current person: read from the session cookie, or from a bearer token on the API."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response

from app.domain.errors import Unauthenticated
from app.domain.identity import Actor
from app.services.accounts.actors import Habits, SignedIn, load_signed_in
from app.services.accounts.tokens import actor_of_token
from app.services.settings import is_installed
from app.views.database import get_session

API = "/api/"
BEARER = "Bearer "
View = TypeVar("View", bound=Callable[..., Any])
# What an open page asks for by itself: a session that nobody uses ends all the same.
BACKGROUND = frozenset({"live.events", "live.unread"})
_INSTALLED = "shenpi_installed"
# Pages that a person with a one-time password may use.
FIRST_STEPS = frozenset({"profile.password", "profile.change_password", "sign_in.sign_out"})


def public(view: View) -> View:
    """Mark a route that needs no sign-in; it stands directly under the route."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def setup_step(view: View) -> View:
    """Mark a route that also answers before the platform is set up."""
    view.is_setup = True  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Return who is signed in; raises Unauthenticated."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Unauthenticated
    return actor


def remember(found: SignedIn) -> None:
    """Start a session for a person; an old one is dropped, so a fixed session id gains nothing."""
    session.clear()
    session.permanent = True
    session["person"], session["epoch"] = found.actor.person_id, found.epoch
    session["position"] = found.actor.acting.position_id if found.actor.acting else None


def forget() -> None:
    """End the session of this browser."""
    session.clear()


def uses_token() -> bool:
    """Tell whether the request proves itself by a token and therefore cannot be forged by a page."""
    return request.path.startswith(API) and request.headers.get("Authorization", "").startswith(BEARER)


class Sessions(SecureCookieSessionInterface):
    """Sessions in a cookie that is renewed by what people do."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Tell whether the answer renews the cookie."""
        return session.modified or (request.endpoint not in BACKGROUND and super().should_set_cookie(app, session))


def init_session(app: Flask) -> None:
    """Load the person before each request and send others to where they must go first."""
    app.session_interface = Sessions()
    app.before_request(_enter)


def _enter() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None
    if not getattr(view, "is_setup", False) and not request.path.startswith(API) and not _is_set_up():
        return redirect(url_for("setup.show"))
    g.actor, g.habits = _whoever()
    if getattr(view, "is_public", False):
        return None
    if g.actor is None:
        return _to_sign_in()
    if g.actor.must_change_password and request.endpoint not in FIRST_STEPS | BACKGROUND:
        return redirect(url_for("profile.password"))
    return None


def _whoever() -> tuple[Actor | None, Habits]:
    if uses_token():
        return actor_of_token(get_session(), request.headers["Authorization"].removeprefix(BEARER)), Habits()
    # A browser's cookie counts for nothing on the API: no page of another site can act there.
    if request.path.startswith(API) or "person" not in session:
        return None, Habits()
    try:
        found = load_signed_in(get_session(), session["person"], session.get("position"))
    except Unauthenticated:
        return None, Habits()
    return (found.actor, found.habits) if found.epoch == session.get("epoch") else (None, Habits())


def _to_sign_in() -> Response:
    # A page left open listens in vain: this ends its stream, where the page of the sign-in would be an error to it.
    if request.endpoint in BACKGROUND:
        return Response(status=HTTPStatus.NO_CONTENT)
    # What was typed into a form must not be lost: the handler of this error shows it again.
    if request.path.startswith(API) or request.method == "POST":
        raise Unauthenticated
    return redirect(url_for("sign_in.show", next=request.full_path.removesuffix("?")))


def _is_set_up() -> bool:
    # Once set up, always set up: asked of the database only until then.
    if not current_app.extensions.get(_INSTALLED):
        current_app.extensions[_INSTALLED] = is_installed(get_session())
    return bool(current_app.extensions[_INSTALLED])
