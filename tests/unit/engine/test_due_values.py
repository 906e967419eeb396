"""What a deadline may say, and when it is over: durations, days, instants, working days before a day, repetitions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.calendar import Calendar
from app.domain.clock import SHANGHAI
from app.engine.due_values import (
    EndOfDay,
    Moment,
    Period,
    Repeat,
    WorkingDays,
    WorkingDaysBefore,
    read_due_text,
)
from app.engine.dues import parse_due
from app.engine.expressions import ExpressionError
from app.engine.instants import end_again, end_of
from app.engine.problems import PackageError
from tests.unit.engine.playing import border, compiled, diagram, ends, line, people, start, timer

# Wednesday, 30 September 2026 is worked; the holidays of October begin a day later. 2027 is not announced.
CALENDAR = Calendar({date(2026, 10, day): False for day in range(1, 8)}, frozenset({2026}))
NOW = datetime(2026, 9, 28, 9, 30, tzinfo=SHANGHAI)
MINUTES_OF_A_DAY = 24 * 60


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P1Y2M3D", Period(3 * MINUTES_OF_A_DAY, 14)),
        ("P1M", Period(0, 1)),
        ("PT1M", Period(1)),
        ("P2WT8H30M", Period(14 * MINUTES_OF_A_DAY + 510)),
        ("2026-09-30", EndOfDay(date(2026, 9, 30))),
        ("2026-09-30T08:00", Moment(datetime(2026, 9, 30, 8, tzinfo=SHANGHAI))),
        ("2026-09-30T08:00:00Z", Moment(datetime(2026, 9, 30, 8, tzinfo=UTC))),
        ("R3/P1D", Repeat(Period(MINUTES_OF_A_DAY), 3)),
        ("P", None),
        ("PT", None),
        ("P-1D", None),
        ("P1.5D", None),
        ("P999Y", None),
        ("2026-02-30", None),
        ("0001-01-01", None),
        ("2026-09-30T25:00", None),
        ("R0/P1D", None),
        ("R101/P1D", None),
        ("R3/P0D", None),
        ("R/P1D", None),
        ("٣", None),
    ],
)
def test_what_is_written_out(text, value):
    assert read_due_text(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ask.until", EndOfDay(date(2026, 9, 30))),
        ("working_days_before(ask.until, 5)", WorkingDaysBefore(date(2026, 9, 30), 5)),
        ("working_day_on_or_before(ask.until)", WorkingDaysBefore(date(2026, 9, 30), 0)),
        ("working_day_on_or_before('2026-10-01')", WorkingDaysBefore(date(2026, 10, 1), 0)),
        ("every(working_days(2), 3)", Repeat(WorkingDays(2), 3)),
        ("every('P1W', 3)", Repeat(Period(7 * MINUTES_OF_A_DAY), 3)),
        ("working_days(1) if ask.is_urgent else 'P1M'", WorkingDays(1)),
        ("working_days_before(ask.nothing, 5)", None),
        ("working_days_before(ask.until, -1)", None),
        ("every(working_days(0), 3)", None),
        ("every(ask.until, 3)", None),
    ],
)
def test_what_is_calculated(text, value):
    assert parse_due(text).evaluate({"ask": {"until": "2026-09-30", "is_urgent": True}}) == value


def test_a_form_cannot_make_a_deadline_repeat():
    with pytest.raises(ExpressionError, match="P3D"):
        parse_due("ask.until").evaluate({"ask": {"until": "R3/P1D"}})


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("P2D", datetime(2026, 9, 30, 9, 30, tzinfo=SHANGHAI)),
        ("P1M", datetime(2026, 10, 28, 9, 30, tzinfo=SHANGHAI)),
        ("P1Y5M", datetime(2028, 2, 28, 9, 30, tzinfo=SHANGHAI)),
        ("working_days(3)", datetime(2026, 10, 8, 17, 30, tzinfo=SHANGHAI)),
        ("2026-10-01", datetime(2026, 10, 1, 23, 59, 59, tzinfo=SHANGHAI)),
        ("working_day_on_or_before('2026-10-05')", datetime(2026, 9, 30, 17, 30, tzinfo=SHANGHAI)),
        ("working_day_on_or_before('2026-09-30')", datetime(2026, 9, 30, 17, 30, tzinfo=SHANGHAI)),
        ("working_days_before('2026-09-30', 2)", datetime(2026, 9, 28, 17, 30, tzinfo=SHANGHAI)),
        ("working_days_before('2026-10-05', 1)", datetime(2026, 9, 30, 17, 30, tzinfo=SHANGHAI)),
    ],
)
def test_when_it_is_over(text, end):
    due = parse_due(text).evaluate({})
    assert due is not None
    assert end_of(due, NOW, CALENDAR).instant == end


def test_a_month_too_short_ends_on_its_last_day():
    end = end_of(Period(0, 1), datetime(2027, 1, 31, 8, tzinfo=SHANGHAI), CALENDAR)
    assert end.instant == datetime(2027, 2, 28, 8, tzinfo=SHANGHAI)


def test_a_year_without_announced_holidays_is_provisional():
    assert not end_of(WorkingDays(3), NOW, CALENDAR).is_provisional
    assert end_of(WorkingDays(90), NOW, CALENDAR).is_provisional
    assert end_of(WorkingDaysBefore(date(2027, 3, 1), 0), NOW, CALENDAR).is_provisional


def test_repetitions_go_on_from_the_last_one_and_skip_what_was_missed():
    due = Repeat(Period(MINUTES_OF_A_DAY), 4)
    first = end_of(due, NOW, CALENDAR).instant
    again = end_again(due, first, 3, first + timedelta(hours=2), CALENDAR)
    assert again is not None
    assert (again.end.instant, again.left) == (first + timedelta(days=1), 2)
    late = end_again(due, first, 3, first + timedelta(days=2, hours=2), CALENDAR)
    assert late is not None
    assert (late.end.instant, late.left) == (first + timedelta(days=3), 0)
    assert end_again(due, first, 3, first + timedelta(days=9), CALENDAR) is None
    assert end_again(due, first, 0, first, CALENDAR) is None


@pytest.mark.parametrize(
    "at_border", [timer("rest", "R3/P1D"), border("late", "draft", due="every(working_days(1), 2)")]
)
def test_only_a_reminder_may_repeat(at_border):
    name = "rest" if "rest" in at_border else "late"
    way = line("begin", "draft", "rest", "done") if name == "rest" else line("begin", "draft", "done")
    rest = "" if name == "rest" else ends("missed") + line("late", "missed")
    with pytest.raises(PackageError, match="重复的期限"):
        compiled(diagram(start(), people("draft"), at_border, ends("done"), way, rest))
