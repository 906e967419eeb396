"""The versions of processes that an administrator or a head answers for."""

from flask import Blueprint, render_template

from app.services import publications
from app.views.database import get_session
from app.views.session import current_actor

blueprint = Blueprint("versions", __name__, url_prefix="/versions")


@blueprint.get("")
def index() -> str:
    """List the versions, the latest first."""
    found = publications.versions_in_charge(get_session(), current_actor())
    return render_template("versions/index.html", rows=[(each.title, each) for each in found])
