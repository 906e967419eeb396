"""The tick: due timers, the outbox, the day's anchor. It finds what a lost signal would have missed."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.work import Signature
from app.domain import clock
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services import gauges, journal, outbox
from app.services.accounts import throttle
from app.services.acts import leavers
from app.services.attention import attentions, reminders, unheld_checks
from app.services.collective import collective_closings
from app.services.filings import aggregating, batches, effects, letters, withdrawing
from app.services.filings import openings as filing_openings
from app.services.filings import reminders as filing_reminders
from app.services.filings import runs as filing_runs
from app.services.homeroom import reminders as homeroom_reminders
from app.services.messaging import deliveries
from app.services.rank_reviews import calls as rank_calls
from app.services.rank_reviews import closing, reviews
from app.services.rank_reviews import reminders as rank_reminders
from app.services.registers.sheets import runs as sheet_runs
from app.services.rounds import calls, opening
from app.services.starting import schedules
from app.services.studios import successions
from app.services.telling import notices, notifications, openings
from app.services.telling.notifications import News
from app.services.timing import calendars, dailies, reckonings, timers, wakes

logger = logging.getLogger(__name__)
BATCH = 200
MOST_IN_A_ROW = 2_000


def tick(session: Session) -> dict[str, int]:
    """Do once what time has made due; return how much of each."""
    # What came in time is closed before the timers that would overtake it.
    done = {
        "reckoned": reckonings.catch_up(session, calendars.national()),
        "released": leavers.release_left(session),
        "succeeded": successions.hand_to_hosts(session),
        "collectives": collective_closings.sweep(session),
        "reminders": reminders.send_due(session),
        "timers": _fire_timers(session),
        "reviews": rank_reminders.remind(session),
        "filings": filing_reminders.remind(session),
        "lists": homeroom_reminders.remind(session),
        "dailies": dailies.look(session),
        "attended": attentions.attend(session),
        "starts": schedules.start_due(session),
        "outbox": empty_outbox(session),
        "told": tell(session),
        "imports": sheet_runs.run_waiting(session),
    }
    journal.anchor(session, clock.today())
    throttle.prune(session)
    gauges.note_tick(session)
    return done


def catch_up(session: Session) -> int:
    """Do what a step leaves for after its commit; return how many messages of the outbox were tried."""
    handled = empty_outbox(session)
    tell(session)
    sheet_runs.run_waiting(session)
    return handled


def tell(session: Session) -> int:
    """Tell people of tasks that opened, and take back what was handled meanwhile; return how many tasks opened."""
    opened = openings.tell(session)
    if notifications.has_outdated(session):
        notifications.settle(session)
    return opened


def dispatch(session: Session) -> int:
    """Hand out what the outbox holds now."""
    return outbox.dispatch(session, HANDLERS)


def empty_outbox(session: Session) -> int:
    """Hand out what is due until nothing is left or it was much; return how many messages were tried.

    What leads to ever more must not keep the timers from their turn.
    """
    total = 0
    while total < MOST_IN_A_ROW and (handled := dispatch(session)):
        total += handled
    return total


def _fire_timers(session: Session) -> int:
    """Wake the cases with a due timer, batch by batch, each in a transaction of its own; return how many.

    Beyond a number, they wait for the next tick, so that all else has its turn.
    """
    tried: set[int] = set()
    while len(tried) < MOST_IN_A_ROW and (due := timers.instances_due(session, BATCH, tried)):
        for instance_id in due:
            try:
                wakes.wake(session, instance_id)
            except OperationalError:
                logger.warning("timers of instance %s wait for the next tick", instance_id, exc_info=True)
        # What is due once more waits for the next tick.
        tried |= set(due)
    return len(tried)


def _tell_of_void(session: Session, payload: Mapping[str, Any]) -> None:
    signature = session.get_one(Signature, payload["signature"])
    case = session.get_one(ProcessInstance, signature.instance_id)
    text = N_("您在“%(title)s”上的签字已作废：%(reason)s。") % {
        "title": case.title,
        "reason": signature.void_reason,
    }
    notifications.tell(session, [signature.person_id], News(text, NotificationKind.RESULT, case.id))


def _tell_of_copy(session: Session, payload: Mapping[str, Any]) -> None:
    case = session.get_one(ProcessInstance, payload["instance"])
    text = N_("%(name)s把“%(title)s”抄送给您。") % {"name": payload["by"], "title": case.title}
    notifications.tell(session, payload["people"], News(text, NotificationKind.COPIED, case.id))


def _follow_posts(session: Session, payload: Mapping[str, Any]) -> None:
    unheld_checks.recheck(session, payload["organization"])
    leavers.release_left(session)
    successions.hand_to_hosts(session)


HANDLERS: dict[str, Callable[[Session, Mapping[str, Any]], None]] = {
    "notify": notices.notify,
    "signature_voided": _tell_of_void,
    "copied": _tell_of_copy,
    "posts_changed": _follow_posts,
    "remind_missing": reminders.remind_missing,
    "reminded": reminders.remind_case,
    "message": deliveries.hand_out,
    "awaited": deliveries.look_back,
    "delivery": deliveries.deliver,
    opening.CALL: calls.call,
    filing_runs.OPEN: filing_openings.open_run,
    effects.GO_ON: effects.go_on,
    batches.START: filing_openings.start_batch,
    aggregating.HAND_UP: filing_openings.hand_up,
    letters.START: filing_openings.start_letter,
    reviews.CALL: rank_calls.call,
    closing.CLOSE: closing.close_application,
    withdrawing.CLOSE: withdrawing.close_case,
    withdrawing.CLOSE_LETTER: withdrawing.close_letter,
}
