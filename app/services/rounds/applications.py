"""Applications as rows of their round: entered, settled, and what the round is told of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.rounds import Application, Round
from app.domain import clock
from app.domain.platform_messages import PlatformMessage
from app.domain.rounds import ApplicationStatus
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services.messaging import messages

SETTLED, ANSWERED = PlatformMessage.APPLICATION_SETTLED, PlatformMessage.APPOINTMENT_ANSWERED
OUT = (ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN)
LIFE = Period(0, 3)


def application_of(session: Session, instance_id: int) -> Application | None:
    """Return the application of a case, if it has come to one."""
    return session.scalar(select(Application).where(Application.instance_id == instance_id))


def held_round(session: Session, round_id: int) -> Round | None:
    """Return a round, kept from moving on until the transaction ends."""
    return session.scalar(select(Round).where(Round.id == round_id).with_for_update(read=True))


def other_application(session: Session, round_id: int, person_id: int, instance_id: int) -> Application | None:
    """Return another live application of a person in a round."""
    live = Application.round_id == round_id, Application.person_id == person_id, Application.status.not_in(OUT)
    return session.scalar(select(Application).where(*live, Application.instance_id != instance_id))


def settle(session: Session, application: Application, status: ApplicationStatus) -> None:
    """Say what became of an application's checks, and tell the round."""
    application.status, application.settled_at = status, clock.now()
    session.flush()
    tell_round(session, application, SETTLED, {})


def tell_round(session: Session, application: Application, message: str, more: dict[str, str]) -> None:
    """Send the cases of the round, wherever it is held, a message about an application."""
    payload = {"application": application.id, "person": application.person_id, **more}
    sent = Sent("", message, str(application.round_id), "own", LIFE, payload)
    messages.send(session, application.round.organization_id, sent, application.instance_id)
