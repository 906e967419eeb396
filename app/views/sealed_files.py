"""Files of objections, opened for who may read the objection and kept nowhere on the way."""

from io import BytesIO

from flask import Response, send_file

from app.services.files.attachments import SHOWN_IN_PLACE
from app.services.objections import evidence, readings
from app.views.database import get_session
from app.views.files import PDF, SANDBOX, VIEWED_ALONE
from app.views.session import current_actor
from app.views.vaults import vault


def sent(objection_id: int, place: int, *, is_shown: bool = False) -> Response:
    """Answer a file of an objection; shown in place where a browser runs nothing of it. Raises NotFound."""
    session, keeping = get_session(), vault()
    found = readings.view(session, keeping.seal, current_actor(), objection_id)
    file, content = evidence.opened(session, keeping.seal, keeping.folder, found.objection, place)
    is_download = not is_shown or file.media_type not in SHOWN_IN_PLACE
    answer = send_file(BytesIO(content), file.media_type, as_attachment=is_download, download_name=file.name)
    answer.headers["Content-Security-Policy"] = VIEWED_ALONE if file.media_type == PDF else SANDBOX
    answer.headers["Cache-Control"] = "no-store"
    return answer
