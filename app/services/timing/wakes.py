"""Due timers as a step of their own: what the tick fires, and what is fired before a late answer is looked at."""

import logging

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.services import steps
from app.services.timing import timers
from app.services.transactions import writing

logger = logging.getLogger(__name__)


def catch_up(session: Session, instance_id: int) -> None:
    """Fire what is due in a case and commit it, so that an answer refused as late leaves the deadline done."""
    if timers.due_of(session, instance_id):
        wake(session, instance_id)


def wake(session: Session, instance_id: int) -> None:
    """Fire a running case's due timers in one transaction; a case that breaks is stopped with an incident.

    Raises OperationalError where the database could not be reached: the next tick tries again.
    """
    try:
        with writing(session):
            step = steps.locked(session, instance_id, None)
            fired = steps.fire_due_timers(step)
            if fired:
                steps.conclude(step, "timer", {"elements": fired})
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("timers of instance %s failed", instance_id)
        _stop(session, instance_id, error)


def _stop(session: Session, instance_id: int, error: Exception) -> None:
    """Stop a case that broke with nobody at it, so that the tick does not break on it for ever."""
    with writing(session):
        step = steps.locked(session, instance_id, None)
        # Meanwhile a person may have moved the case on, or ended it.
        if not step.is_due:
            return
        steps.fail(step, error, {"timer": True})
