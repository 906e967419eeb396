"""What the deadline of an open task brings, and when the tick looks at it next."""

from datetime import datetime
from functools import lru_cache

from app.domain import clock
from app.domain.overdue import WEIGHTS, Event, Kind, Plan
from app.domain.text import N_, sentence
from app.engine.model import UserTask
from app.services.texts import day
from app.services.timing import calendars

TODAY = N_("今天 %(time)s 到期")
LEFT = N_("还有 %(days)d 个工作日到期（%(day)s）")
OVER = N_("已经超过期限 %(days)d 个工作日")
JUST_OVER = N_("已经到期（%(day)s）")


def next_attention(task: UserTask, due_at: datetime | None) -> datetime | None:
    """Return the next instant at which the deadline brings something; what has passed is over."""
    if due_at is None:
        return None
    now = clock.now()
    return next((event.at for event in _events(task.overdue.plan, due_at) if event.at > now), None)


def now_due(task: UserTask, due_at: datetime | None, since: datetime) -> Kind | None:
    """Return what the deadline brings now: of all that came since, the most telling, and that once."""
    if due_at is None:
        return None
    now = clock.now()
    came = [event.kind for event in _events(task.overdue.plan, due_at) if since <= event.at <= now]
    return max(came, key=WEIGHTS.__getitem__, default=None)


def how_late(due_at: datetime) -> int:
    """Return how many working days have passed since a deadline; none where it is of today or ahead."""
    passed = calendars.national().working_days_between(clock.shanghai(due_at).date(), clock.today())
    return max(passed, 0) if due_at <= clock.now() else 0


def words(due_at: datetime) -> str:
    """Say how near a deadline is, or how long it is over."""
    on, today = clock.shanghai(due_at).date(), clock.today()
    if due_at > clock.now():
        if on == today:
            return sentence(TODAY, time=f"{clock.shanghai(due_at):%H:%M}").chinese()
        days = calendars.national().working_days_between(today, on)
        return sentence(LEFT, days=days, day=day(on)).chinese()
    late = how_late(due_at)
    return sentence(OVER, days=late).chinese() if late else sentence(JUST_OVER, day=day(on)).chinese()


@lru_cache(maxsize=4096)
def _events(plan: Plan, due_at: datetime) -> tuple[Event, ...]:
    """Return what a deadline brings; many tasks open with the same one."""
    return plan.events(due_at, calendars.national())
