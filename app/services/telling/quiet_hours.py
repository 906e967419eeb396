"""Quiet hours: a span of the day, in Asia/Shanghai, in which mail waits until it ends."""

from datetime import datetime, timedelta
from typing import Protocol

from app.domain import clock

DAY = 24 * 60


class Hours(Protocol):
    """From when until when it is quiet, in minutes since midnight; over midnight where the end is the smaller."""

    quiet_from: int | None
    quiet_until: int | None


def after_quiet(hours: Hours, instant: datetime) -> datetime:
    """Return an instant, or the end of the quiet hours where it falls into them."""
    if hours.quiet_from is None or hours.quiet_until is None:
        return instant
    local = clock.shanghai(instant)
    minute = local.hour * 60 + local.minute
    since, length = (minute - hours.quiet_from) % DAY, (hours.quiet_until - hours.quiet_from) % DAY
    if since >= length:
        return instant
    began = clock.at(local.date(), local.hour, local.minute) - timedelta(minutes=since)
    return began + timedelta(minutes=length)
