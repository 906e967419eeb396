"""Occurrences by the calendar of Asia/Shanghai."""

from datetime import datetime

import pytest

from app.domain.clock import SHANGHAI
from app.domain.recurrences import read_recurrence


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "instant", "following"),
    [
        ("yearly 09-01", at(2026, 8, 31, 23, 59), at(2026, 9, 1)),
        ("yearly 09-01", at(2026, 9, 1), at(2027, 9, 1)),
        ("yearly 02-29 08:30", at(2026, 1, 1), at(2026, 2, 28, 8, 30)),
        ("yearly 02-29 08:30", at(2027, 3, 1), at(2028, 2, 29, 8, 30)),
        ("monthly 31", at(2026, 2, 1), at(2026, 2, 28)),
        ("monthly 05 08:00", at(2026, 12, 5, 8), at(2027, 1, 5, 8)),
        ("weekly 1 08:00", at(2026, 11, 26), at(2026, 11, 30, 8)),
        ("weekly 4 08:00", at(2026, 11, 26, 7), at(2026, 11, 26, 8)),
        ("weekly 4 08:00", at(2026, 11, 26, 8), at(2026, 12, 3, 8)),
    ],
)
def test_the_next_occurrence(text, instant, following):
    recurrence = read_recurrence(text)
    assert recurrence is not None
    assert recurrence.after(instant) == following


def test_the_last_of_those_that_were_missed():
    recurrence = read_recurrence("yearly 09-01")
    assert recurrence is not None
    assert recurrence.last_before(at(2029, 10, 1), at(2026, 9, 1)) == at(2029, 9, 1)
    assert recurrence.last_before(at(2026, 10, 1), at(2026, 9, 1)) == at(2026, 9, 1)


@pytest.mark.parametrize(
    "text", ["", "yearly", "yearly 13-01", "yearly 04-31", "monthly 00", "monthly 32", "weekly 8", "weekly 0",
             "yearly 09-01 24:00", "yearly 09-01 08:60", "daily", "yearly 9-1", "yearly ٠٩-٠١"]
)  # fmt: skip
def test_what_makes_no_sense(text):
    assert read_recurrence(text) is None
