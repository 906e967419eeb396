"""The dates of a round follow one another in working days, in the order that its rules say."""

from datetime import date

import pytest

from app.domain.calendar import Calendar
from app.domain.rounds import Lengths, Order, RoundDate, planned_dates

FROM, UNTIL = date(2026, 11, 2), date(2026, 11, 13)
# 2 December is a day off: Monday to Friday else.
CALENDAR = Calendar({date(2026, 12, 2): False}, frozenset({2026}))


@pytest.mark.parametrize(
    ("order", "vote", "ends"),
    [
        (Order.REVIEW_FIRST, 3, ("2026-11-25", "2026-11-30", "2026-12-03")),
        (Order.VOTE_FIRST, 3, ("2026-11-30", "2026-11-23", "2026-12-03")),
        (Order.PARALLEL, 3, ("2026-11-25", "2026-11-23", "2026-11-27")),
        (Order.REVIEW_FIRST, 0, ("2026-11-25", None, "2026-11-27")),
    ],
)
def test_dates_follow_one_another(order: Order, vote: int, ends: tuple[str, str | None, str]) -> None:
    found = planned_dates(CALENDAR, FROM, UNTIL, Lengths(check=3, review=5, vote=vote, notice=5, order=order))
    until = found.get(RoundDate.VOTE_UNTIL)
    told = (found[RoundDate.REVIEW_UNTIL], until, found[RoundDate.NOTICE_FROM])
    assert tuple(day.isoformat() if day else None for day in told) == ends
    assert found[RoundDate.APPOINT_ON] > found[RoundDate.NOTICE_UNTIL] > found[RoundDate.NOTICE_FROM]
