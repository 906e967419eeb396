"""What a printed document's code stands for: a page for people, JSON for programs, no sign-in."""

from datetime import date

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from app.domain.errors import NotFound, Throttled
from app.domain.serial import grouped_code, parse_code
from app.services.accounts import throttle
from app.services.accounts.organizations import root_name
from app.services.documents.verifications import verification
from app.views.database import get_session
from app.views.errors import problem, said
from app.views.security import address
from app.views.session import public
from app.views.words import full_day

blueprint = Blueprint("verify", __name__)
JSON = ("application/json", "application/problem+json")
MISSING, TOO_MANY = 404, 429
# Of unknown codes from one address within the throttle's window: a school's people may stand behind one.
GUESSES = 30
LONGEST_CODE = 40


@blueprint.get("/verify")
@public
def ask() -> WerkzeugResponse | str:
    """Show the field for a code, or go to what was typed."""
    typed = request.args.get("code", "").strip()[:LONGEST_CODE]
    if not typed:
        return _page()
    try:
        return redirect(url_for("verify.show", code=parse_code(typed)))
    except ValueError:
        return _page(typed=typed, errors=[_("核验码是 16 位字母和数字，没有 0、1、I、L、O，请对照纸上再看一遍。")])


@blueprint.get("/verify/<code>")
@public
def show(code: str) -> Response:
    """Say what the code stands for, or that no document has it."""
    is_json = request.accept_mimetypes.best_match(("text/html", *JSON)) in JSON
    guesses = (f"verify:{address()}"[: throttle.SUBJECT_LENGTH], GUESSES)
    try:
        throttle.reserve(get_session(), guesses)
        found = verification(get_session(), code)
    except NotFound:
        return _unknown(code, is_json=is_json)
    except Throttled as error:
        return _later(error, is_json=is_json)
    throttle.release(get_session(), guesses)
    if is_json:
        return jsonify(found)
    day = full_day(date.fromisoformat(found["date"]))
    return make_response(_page(found=found, day=day, code=grouped_code(parse_code(code))))


def _unknown(code: str, *, is_json: bool) -> Response:
    words = _("没有这个核验码的单据，请核对后再查。")
    if is_json:
        return problem(MISSING, words, {})
    return make_response(_page(typed=code[:LONGEST_CODE], is_unknown=True), MISSING)


def _later(error: Throttled, *, is_json: bool) -> Response:
    words = said(error.sentence)
    answer = problem(TOO_MANY, words, {}) if is_json else make_response(_page(errors=[words]), TOO_MANY)
    answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _page(**facts: object) -> str:
    return render_template("verify/show.html", place=root_name(get_session()), **facts)
