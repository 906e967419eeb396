"""The decision sheets of a round: as a page, on paper, and as a workbook that reckons them again."""

from functools import partial

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from app.services.selections import export
from app.services.selections.reading import Decision, decision
from app.views import papers
from app.views.database import get_session
from app.views.presenters import decision_sheets
from app.views.presenters.acts import serial_words
from app.views.session import current_actor
from app.views.workbooks import handed_out

blueprint = Blueprint("decisions", __name__, url_prefix="/rounds/<int:round_id>")


@blueprint.get("/decision")
def show(round_id: int) -> str:
    """Show how hosts and members were determined."""
    found = _found(round_id)
    held = found.round
    return render_template(
        "decisions/show.html",
        round=held,
        line=serial_words(held.instance.serial, held.organization_id, current_actor()),
        sheets=decision_sheets.sheets(found),
        back_url=url_for("rounds.show", round_id=round_id),
        pdf_url=url_for("decisions.paper", round_id=round_id),
        xlsx_url=url_for("decisions.workbook", round_id=round_id),
    )


@blueprint.get("/decision.pdf")
def paper(round_id: int) -> Response:
    """Answer the sheets as a document."""
    found = _found(round_id)
    return papers.decision_paper(found, decision_sheets.sheets(found))


@blueprint.get("/decision.xlsx")
def workbook(round_id: int) -> Response:
    """Hand out the sheet of the hosts as a workbook."""
    found = _found(round_id)
    name = _("决定表-%(serial)s.xlsx", serial=found.round.instance.serial)
    return handed_out(partial(export.write, found.sheets[0]), name)


def _found(round_id: int) -> Decision:
    return decision(get_session(), current_actor(), round_id)
