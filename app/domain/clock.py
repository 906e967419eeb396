"""The only reader of the time: aware UTC instants, dates of Asia/Shanghai."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """Return the present instant in UTC."""
    return _frozen_at.get() or datetime.now(UTC)


def today() -> date:
    """Return the present date in Asia/Shanghai."""
    return shanghai(now()).date()


def shanghai(instant: datetime) -> datetime:
    """Return the instant on the clocks of Asia/Shanghai."""
    return instant.astimezone(SHANGHAI)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the UTC instant of a wall-clock time in Asia/Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Let the clock stand at an instant: demo data, `shenpi tick --at`, and tests."""
    token = _frozen_at.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen_at.reset(token)
