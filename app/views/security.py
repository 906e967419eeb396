"""Headers, cookies, forged requests and proxies."""

from datetime import timedelta

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.views.session import API

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
NUL = "\x00"
A_YEAR_S = 31_536_000
SESSION_LIFETIME = timedelta(hours=12)

csrf = CSRFProtect()


def init_security(app: Flask, settings: Settings) -> None:
    """Set cookies, forgery protection, size limits, response headers and trusted proxies."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="shenpi",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_behind_tls,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # The referrer is not sent by every school's proxy; the token and SameSite are the protection.
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf.init_app(app)
    app.before_request(_refuse_unkeepable)
    app.before_request(_refuse_forged)
    app.after_request(_harden)
    if settings.is_behind_tls:
        app.after_request(_stay_encrypted)
    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)  # type: ignore[method-assign]


def address() -> str:
    """Return the network address that the request comes from."""
    return request.remote_addr or ""


def _refuse_unkeepable() -> None:
    """Refuse a text that no database keeps; the API's bodies and filters are checked where they are read."""
    if NUL in request.path:
        raise NotFound
    if request.path.startswith(API):
        return
    if any(NUL in text for given in (request.args, request.form) for _name, text in given.items(multi=True)):
        raise BadRequest


def _refuse_forged() -> None:
    # A token is never sent by a browser on its own, and the API takes nothing else.
    if request.path.startswith(API):
        return
    csrf.protect()


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        if request.path.startswith("/static/dist/"):  # the name changes with the content
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR_S}, immutable"
    elif g.get("actor") is not None:
        if "Cache-Control" in response.headers:
            response.cache_control.private = True
        else:
            response.cache_control.no_store = True
    return response


def _stay_encrypted(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR_S}"
    return response
