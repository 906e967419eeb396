"""What machines ask: whether the process lives and whether it can serve."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.db.migrate import is_current
from app.services.gauges import is_ticking
from app.views.database import db, get_dispatcher, get_session
from app.views.session import public, setup_step

blueprint = Blueprint("public", __name__)
READY, NOT_READY = 200, 503


@blueprint.get("/healthz")
@setup_step
@public
def health() -> Response:
    """Say that the process answers."""
    return Response("ok", mimetype="text/plain")


@blueprint.get("/readyz")
@setup_step
@public
def ready() -> Response:
    """Say whether the database answers, has the newest structure, the ticker works, and Redis where there is one."""
    settings: Settings = current_app.extensions["shenpi_settings"]
    found = {name: _holds(check) for name, check in CHECKS.items()}
    if settings.redis_url:
        dispatcher = get_dispatcher()
        found["redis"] = dispatcher is not None and dispatcher.is_reachable()
    answer = jsonify(found)
    answer.status_code = READY if all(found.values()) else NOT_READY
    return answer


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except SQLAlchemyError:
        get_session().rollback()
        return False


def _is_reachable() -> bool:
    return bool(get_session().scalar(text("SELECT 1")))


def _is_migrated() -> bool:
    settings: Settings = current_app.extensions["shenpi_settings"]
    return is_current(db.engine, settings.migrations_dir)


CHECKS: Mapping[str, Callable[[], bool]] = {
    "database": _is_reachable,
    "migrations": _is_migrated,
    "ticker": lambda: is_ticking(get_session()),
}
