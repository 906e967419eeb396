"""What a printed document's code stands for: a page for people, JSON for programs, no sign-in."""

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.serial import grouped_code
from app.services.documents.voucher import verification
from app.services.organizations import root_name
from app.views.database import get_session
from app.views.errors import problem
from app.views.session import public

blueprint = Blueprint("verify", __name__)
JSON = ("application/json", "application/problem+json")
MISSING = 404


@blueprint.get("/verify/<code>")
@public
def show(code: str) -> Response | tuple[str, int]:
    """Say what the code stands for, or that no document has it."""
    is_json = request.accept_mimetypes.best_match(("text/html", *JSON)) in JSON
    try:
        found = verification(get_session(), code)
    except NotFound:
        return _unknown(is_json=is_json)
    if is_json:
        return jsonify(found)
    return Response(_page(found=found, code=grouped_code(code.replace("-", "").upper())))


def _unknown(*, is_json: bool) -> Response | tuple[str, int]:
    if is_json:
        return problem(MISSING, _("没有这个核验码的凭证，请核对后再查。"), {})
    return _page(found=None, code=""), MISSING


def _page(**facts: object) -> str:
    return render_template("verify/show.html", place=root_name(get_session()), **facts)
