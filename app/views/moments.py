"""Reading when something begins and ends: a day, or an instant on the clocks of Asia/Shanghai."""

from datetime import date, datetime, timedelta

from app.domain import clock
from app.domain.errors import Invalid
from app.domain.text import N_


def begin_of(name: str, text: str) -> datetime:
    """Read an instant, or a day as its first one; raises Invalid."""
    return _read(name, text, days=0)


def end_of(name: str, text: str) -> datetime:
    """Read an instant, or a day as the first instant after it; raises Invalid."""
    return _read(name, text, days=1)


def _read(name: str, text: str, days: int) -> datetime:
    try:
        if "T" not in text:
            return clock.at(date.fromisoformat(text) + timedelta(days=days))
        found = datetime.fromisoformat(text)
        at = found.replace(tzinfo=clock.SHANGHAI) if found.tzinfo is None else found
        return at.astimezone(clock.SHANGHAI)
    except (ValueError, OverflowError):
        raise Invalid.field(name, N_("请写成 2026-09-01 或 2026-09-01T08:00 这样。")) from None
