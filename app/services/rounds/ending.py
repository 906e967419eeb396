"""The end of a round: those whose application still waits for a result get theirs."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.rounds import Application, Round
from app.domain.platform_messages import PlatformMessage
from app.domain.rounds import PENDING, ApplicationResult, ApplicationStatus, RoundStage
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services.messaging import messages
from app.services.rounds import stages

RESULT = PlatformMessage.ROUND_RESULT
LIFE = Period(0, 3)
# Whoever nobody appointed: not judged, in reserve, or chosen where nothing came of it.
_OPEN = (ApplicationResult.RESERVE, ApplicationResult.CHOSEN)


def end(session: Session, held: Round, stage: RoundStage) -> None:
    """End a round, and tell each applicant who was not appointed, also those whose checks it overtakes."""
    stages.enter(held, stage)
    is_open = or_(Application.result.is_(None), Application.result.in_(_OPEN))
    is_live = Application.status.in_((*sorted(PENDING), ApplicationStatus.ACCEPTED))
    is_left = Application.round_id == held.id, is_live, is_open
    for application in session.scalars(select(Application).where(*is_left).order_by(Application.id)):
        application.result = ApplicationResult.NOT_CHOSEN
        tell_result(session, application, ApplicationResult.NOT_CHOSEN)


def tell_result(session: Session, application: Application, result: ApplicationResult) -> None:
    """Send an applicant's case what the round came to for it."""
    payload = {"result": result.value}
    sent = Sent(element="", message=RESULT, key=str(application.id), to="own", life=LIFE, payload=payload)
    messages.send(session, application.organization_id, sent)
