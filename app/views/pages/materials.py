"""Materials on paper of an application: the office that checks it hands out receipts."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict
from app.services.rounds import receipts
from app.views.database import get_session
from app.views.errors import said
from app.views.session import current_actor

blueprint = Blueprint("materials", __name__)


@blueprint.post("/cases/<int:instance_id>/materials/<int:material_id>/receive")
def receive(instance_id: int, material_id: int) -> Response:
    """Note that a paper was handed in."""
    try:
        receipts.hand_out(get_session(), current_actor(), instance_id, material_id)
    except Conflict as error:
        flash(said(error.sentence), "warn")
    else:
        flash(_("已收到，收据号已告诉申报人。"))
    return redirect(url_for("cases.show", instance_id=instance_id))
