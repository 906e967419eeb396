"""What those who were chosen answer to the offer, as their own applications keep it."""

from app.db.rounds import Application
from app.domain.vocabulary import InstanceStatus, Verdict

ACCEPTANCE = "accept_appointment"
OVER = frozenset({InstanceStatus.WITHDRAWN, InstanceStatus.CANCELLED})


def answer_of(application: Application) -> str | None:
    """Return what somebody chosen has answered to the offer, if anything yet."""
    given = (application.instance.values or {}).get(ACCEPTANCE) or {}
    answered: str | None = given.get("verdict")
    return answered


def has_declined(application: Application) -> bool:
    """Tell whether somebody chosen turned the offer down, or the application was given up without an answer."""
    answered = answer_of(application)
    return answered == Verdict.REFUSE or (answered is None and application.instance.status in OVER)
