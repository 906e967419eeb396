"""Attachments: shown in place where a browser runs nothing of them, else downloaded."""

from flask import Blueprint, Response, current_app, send_file

from app.services.files import attachments
from app.views.database import get_session
from app.views.files import PDF, SANDBOX, VIEWED_ALONE
from app.views.session import current_actor

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/attachments/<attachment_id>")
def show(attachment_id: str) -> Response:
    """Answer a file that the person may read."""
    found = attachments.opened(get_session(), current_actor(), attachment_id)
    answer = send_file(
        attachments.path_of(current_app.extensions["shenpi_settings"].attachments_dir, found.id),
        mimetype=found.media_type,
        as_attachment=found.media_type not in attachments.SHOWN_IN_PLACE,
        download_name=found.name,
        etag=found.sha256,
        max_age=0,
    )
    answer.headers["Content-Security-Policy"] = VIEWED_ALONE if found.media_type == PDF else SANDBOX
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
