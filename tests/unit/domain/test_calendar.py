from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Calendar, Deadline, WorkingDay, due_at
from app.services.timing import calendars

DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 9, 28), 5, date(2026, 10, 10)),
        (date(2026, 9, 28), 7, date(2026, 10, 13)),
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 2, 12), 7, date(2026, 2, 28)),
        (date(2026, 4, 30), 5, date(2026, 5, 11)),
        (date(2026, 9, 18), 5, date(2026, 9, 24)),
        (date(2026, 9, 18), 7, date(2026, 9, 29)),
    ],
)
def test_counts_by_the_calendar_of_the_state_council(start, count, expected):
    assert calendars.national().add_working_days(start, count) == Deadline(expected, is_provisional=False)
    assert calendars.national().working_days_between(start, expected) == count


def test_no_working_days_end_on_the_first_day():
    sunday = date(2026, 3, 8)
    assert calendars.national().add_working_days(sunday, 0).on == sunday


def test_refuses_to_count_backwards():
    with pytest.raises(ValueError, match="fewer than no working days"):
        calendars.national().add_working_days(date(2026, 3, 8), -1)


def test_an_unknown_year_is_monday_to_friday_and_provisional():
    calendar = calendars.national()
    assert calendar.is_working_day(date(2031, 10, 1)) == WorkingDay(is_working=True, is_provisional=True)
    assert calendar.is_working_day(date(2031, 10, 4)) == WorkingDay(is_working=False, is_provisional=True)
    deadline = Calendar(known_years=frozenset({2030})).add_working_days(date(2030, 12, 30), 3)
    assert deadline == Deadline(date(2031, 1, 2), is_provisional=True)


def test_a_deadline_within_known_years_is_certain():
    assert not Calendar(known_years=frozenset({2030})).add_working_days(date(2030, 12, 26), 3).is_provisional


def test_a_local_closure_moves_the_deadline():
    closed = calendars.with_closures([date(2026, 9, 21)])
    assert closed.add_working_days(date(2026, 9, 18), 5).on == date(2026, 9, 28)
    assert not closed.is_working_day(date(2026, 9, 21)).is_working
    assert calendars.national().is_working_day(date(2026, 9, 21)).is_working


def test_a_deadline_ends_with_office_hours():
    expected = datetime(2026, 10, 10, 9, 30, tzinfo=UTC)
    assert due_at(date(2026, 10, 10)) == expected
    assert Deadline(date(2026, 10, 10), is_provisional=False).due_at == expected


@given(DAYS, st.integers(0, 60), st.frozensets(DAYS, max_size=20))
def test_agrees_with_a_naive_count(start, count, closures):
    calendar = calendars.with_closures(closures)
    end = calendar.add_working_days(start, count).on
    naive = [
        start + timedelta(days=n)
        for n in range(1, (end - start).days + 1)
        if calendar.is_working_day(start + timedelta(days=n)).is_working
    ]
    assert len(naive) == count
    assert not naive or naive[-1] == end


@given(DAYS, DAYS, DAYS)
def test_spans_add_up(first, second, third):
    between = calendars.national().working_days_between
    assert between(first, second) + between(second, third) == between(first, third)
