"""What the API tells of a case that belongs to a round or a review: which, the conditions, the materials."""

from typing import Any

from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.rounds import ApplicationMaterial
from app.domain.identity import Actor
from app.services.rank_reviews import applications, reviews
from app.services.rank_reviews.belonging import review_of
from app.services.rank_reviews.conditions import conditions_of as conditions_of_rank
from app.services.reading.cases import CaseView
from app.services.rounds.applications import application_of
from app.services.rounds.belonging import round_of
from app.services.rounds.eligibility import eligibility_of
from app.views.api.conditions import Conditions, conditions_of
from app.views.api.models import Material


def belonging_values(session: Session, case: ProcessInstance) -> dict[str, Any]:
    """Return the id of the round, or the review of ranks, that a case belongs to, if it belongs to one."""
    if case.process_key in {reviews.OPENS, reviews.APPLIES}:
        review_id = review_of(session, case.id)
        return {"review": review_id} if review_id else {}
    found = round_of(session, case.id)
    return {"round": found.id} if found else {}


def eligibility_in(session: Session, actor: Actor, view: CaseView) -> Conditions | None:
    """Write the conditions of the application that a case is, to who may see the applicant's file or judges the rank."""
    if view.case.process_key == reviews.APPLIES:
        applied = applications.application_of(session, view.case.id)
        shown = conditions_of_rank(session, actor, applied) if applied else None
        return conditions_of(shown.found) if shown else None
    application = application_of(session, view.case.id)
    found = eligibility_of(session, actor, application) if application else None
    return conditions_of(found) if found else None


def materials_of(session: Session, instance_id: int) -> list[Material]:
    """Write the materials of the application that a case is."""
    application = application_of(session, instance_id)
    return [_material(one) for one in application.materials] if application else []


def _material(one: ApplicationMaterial) -> Material:
    return Material(
        id=one.id,
        name=one.name,
        is_paper=one.is_paper,
        attachment=one.attachment_id,
        receipt_number=one.receipt_number,
        received_at=one.received_at,
    )
