"""How dates, deadlines, money, people and sentences are written (LOOK §5): the filters of templates."""

from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import gettext as _

from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.money import capitals, yuan
from app.domain.serial import grouped_code
from app.domain.text import N_, Sentence
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services.timing.calendars import national

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
SOON_WORKING_DAYS = 3
MIDNIGHT = "00:00"


def day(on: date | datetime | None) -> str:
    """Write a date as in 11月26日 周四; other years as in 2025年11月26日; none as 长期."""
    if on is None:
        return _("长期")
    if isinstance(on, datetime):
        on = clock.shanghai(on).date()
    if on.year != clock.today().year:
        return full_day(on)
    return _("%(month)d月%(day)d日 %(weekday)s", month=on.month, day=on.day, weekday=_(WEEKDAYS[on.weekday()]))


def full_day(on: date | None) -> str:
    """Write a date with its year, as documents do."""
    return _("%(year)d年%(month)d月%(day)d日", year=on.year, month=on.month, day=on.day) if on else _("长期")


def clock_time(instant: datetime) -> str:
    """Write the time of day in Shanghai, as in 09:15."""
    return f"{clock.shanghai(instant):%H:%M}"


def instant(at: datetime | None) -> str:
    """Write an instant as in 11月26日 周四 09:15."""
    return f"{day(at)} {clock_time(at)}" if at else ""


def paper_instant(at: datetime) -> str:
    """Write an instant as papers do, always with its year: 2026年11月26日 09:15."""
    return f"{full_day(clock.shanghai(at).date())} {clock_time(at)}"


def last_words(at: datetime) -> str:
    """Write the last day of what ends at an instant, with the time where it does not end with the day."""
    return day(at - timedelta(days=1)) if clock_time(at) == MIDNIGHT else instant(at)


def due_kind(at: datetime | None) -> str:
    """Return the mark of a deadline: late, today, far, or none within three working days."""
    if at is None:
        return "far"
    if at < clock.now():
        return "late"
    left = _working_days_left(at)
    return "today" if left == 0 else "far" if left > SOON_WORKING_DAYS else ""


def due_words(at: datetime | None, *, is_provisional: bool = False) -> str:
    """Write a deadline for a list: 超过 2 个工作日, 今天 17:30 前, 11月26日 周四, 没有期限."""
    if at is None:
        return _("没有期限")
    if at < clock.now():
        return _("超过 %(count)d 个工作日", count=max(1, -_working_days_left(at)))
    if clock.shanghai(at).date() == clock.today():
        return _("今天 %(time)s 前", time=clock_time(at))
    return _provisional(day(at), is_provisional=is_provisional)


def due_left(at: datetime | None) -> str:
    """Write how much time a deadline leaves: 还有 2 个工作日."""
    if at is None or at < clock.now() or due_kind(at) == "today":
        return due_words(at)
    return _("还有 %(count)d 个工作日", count=_working_days_left(at))


def due_until(at: datetime | None, *, is_provisional: bool = False) -> str:
    """Write a deadline in full: 11月26日 周四 17:30 前."""
    if at is None:
        return _("没有期限")
    words = _("%(day)s %(time)s 前", day=day(at), time=clock_time(at))
    return _provisional(words, is_provisional=is_provisional)


def role_title(role: str) -> str:
    """Write a role's Chinese name."""
    return str(_(ROLE_TITLES[Role(role)]))


def say(words: Sentence | str) -> str:
    """Translate a sentence that was made below the views."""
    return str(_(words.message, **words.params)) if isinstance(words, Sentence) else str(_(words))


def init_words(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        yuan=yuan,
        capitals=capitals,
        fingerprint=fingerprint,
        grouped=grouped_code,
        day=day,
        full_day=full_day,
        clock_time=clock_time,
        instant=instant,
        due_kind=due_kind,
        due_words=due_words,
        due_left=due_left,
        due_until=due_until,
        role_title=role_title,
        say=say,
    )


def _working_days_left(at: datetime) -> int:
    return national().working_days_between(clock.today(), clock.shanghai(at).date())


def _provisional(words: str, *, is_provisional: bool) -> str:
    return _("%(words)s（暂定）", words=words) if is_provisional else words
