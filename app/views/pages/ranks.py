"""A person's ranks over the years, and their certificates."""

from flask import Blueprint, Response, render_template, url_for

from app.services.ranks.histories import history_of
from app.views import papers
from app.views.database import get_session
from app.views.presenters import rank_histories as shown
from app.views.presenters.file_tabs import tabs
from app.views.session import current_actor

blueprint = Blueprint("ranks", __name__, url_prefix="/ranks")


@blueprint.get("/people/<int:person_id>")
def history(person_id: int) -> str:
    """Show a person's ranks; the look is noted."""
    actor = current_actor()
    found = history_of(get_session(), actor, person_id)
    is_own = person_id == actor.person_id
    return render_template(
        "ranks/history.html",
        tabs=tabs(actor),
        person=found.person,
        is_own=is_own,
        places="、".join(place.name for place in found.workplaces),
        file_url=url_for("files.mine") if is_own else url_for("files.show", person_id=person_id),
        rows=shown.rows(found),
        menders="、".join(found.menders),
    )


@blueprint.get("/<int:entry_id>/certificate.pdf")
def certificate(entry_id: int) -> Response:
    """Answer the certificate of a rank."""
    return papers.rank_certificate_of(get_session(), current_actor(), entry_id)
