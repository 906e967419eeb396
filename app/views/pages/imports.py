"""Importing people.xlsx: the template, the upload, and the one-time passwords."""

from io import BytesIO

from flask import Blueprint, render_template, request, send_file
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, TooLarge
from app.domain.vocabulary import OrganizationKind
from app.services.accounts.imports import import_people
from app.services.accounts.organizations import administered
from app.services.accounts.people_sheets import HEADS, template
from app.services.workbooks import MAX_BYTES, MAX_ROWS
from app.views.database import get_session
from app.views.errors import said, said_errors
from app.views.numbers import whole
from app.views.session import current_actor

blueprint = Blueprint("imports", __name__, url_prefix="/people/import")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
def show() -> str:
    """Show how to import, with the template."""
    return _page({})


@blueprint.get("/template.xlsx")
def download() -> Response:
    """Hand out the template with the titles of the organisation's kind."""
    organization = administered(get_session(), current_actor(), request.args.get("organization", type=whole))
    content = template(OrganizationKind(organization.kind))
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name="people.xlsx")


@blueprint.post("")
def run() -> str | tuple[str, int]:
    """Import the uploaded workbook, or say which cells are wrong."""
    session, actor = get_session(), current_actor()
    organization = administered(session, actor, request.form.get("organization", type=whole))
    upload = request.files.get("file")
    try:
        done = import_people(session, actor, organization.id, BytesIO(upload.read(MAX_BYTES + 1) if upload else b""))
    except Invalid as error:
        return _page(said_errors(error)), 422
    except TooLarge as error:
        return _page({"file": [said(error.sentence)]}), 413
    return render_template("people/passwords.html", credentials=done.credentials, organization=organization, done=done)


def _page(errors: dict[str, list[str]]) -> str:
    organization = administered(get_session(), current_actor(), request.values.get("organization", type=whole))
    return render_template(
        "people/import.html",
        organization=organization,
        heads=HEADS,
        file_errors=errors.get("file", []),
        cell_errors={cell: found for cell, found in errors.items() if cell != "file"},
        max_rows=MAX_ROWS,
        max_mb=MAX_BYTES // 1024**2,
    )
