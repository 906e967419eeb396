"""Semesters: which may be planned for on a day, and how they read."""

from datetime import date

import pytest

from app.domain import semesters


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-08-31", ["2026-1", "2026-2"]),
        ("2026-12-31", ["2026-1", "2026-2"]),
        ("2027-01-04", ["2026-1", "2026-2"]),
        ("2027-02-01", ["2026-2", "2027-1"]),
        ("2027-07-31", ["2026-2", "2027-1"]),
    ],
)
def test_a_plan_is_for_this_semester_or_the_next(day, found):
    assert semesters.around(date.fromisoformat(day)) == found


def test_a_semester_is_written_out():
    assert semesters.titled("2026-2") == "2026—2027 学年第二学期"
    assert semesters.titled("很久以前") == "很久以前"
