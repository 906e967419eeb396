"""What machines ask: whether the process lives and whether it can serve."""

from flask import Blueprint, Response
from sqlalchemy import text

from app.views.database import get_session
from app.views.session import public, setup_step

blueprint = Blueprint("public", __name__)


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
    """Say that the database answers."""
    get_session().execute(text("SELECT 1"))
    return Response("ok", mimetype="text/plain")
