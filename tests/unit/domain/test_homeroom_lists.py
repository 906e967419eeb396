"""What one list of homeroom teachers changes in another, and how lines and classes belong together."""

from datetime import date

import pytest

from app.domain import school_years
from app.domain.homeroom_lists import ChangeKind, ClassPosts, Line, Post, classes_of, compare, lines_of


def test_lines_and_classes_say_the_same() -> None:
    classes = [ClassPosts("一（1）班", 1, (3, 4)), ClassPosts("一（2）班", 2)]
    lines = lines_of(classes)
    assert [(line.person_id, line.post) for line in lines] == [
        (1, Post.FULL),
        (3, Post.ASSISTANT),
        (4, Post.ASSISTANT),
        (2, Post.FULL),
    ]
    assert classes_of(lines) == classes


def test_of_two_who_led_a_class_the_later_one_does() -> None:
    lines = [Line("一（1）班", 1, Post.FULL), Line("一（1）班", 2, Post.FULL)]
    assert classes_of(lines) == [ClassPosts("一（1）班", 2)]


def test_what_becomes_of_everybody() -> None:
    before = lines_of([ClassPosts("一（1）班", 1, (5,)), ClassPosts("二（1）班", 2), ClassPosts("六（1）班", 3)])
    after = lines_of([ClassPosts("二（1）班", 1), ClassPosts("三（1）班", 5), ClassPosts("六（1）班", 3)])
    found = {(one.person_id, one.post): (one.kind, one.before, one.after) for one in compare(before, after)}
    assert found == {
        (1, Post.FULL): (ChangeKind.MOVES, ("一（1）班",), ("二（1）班",)),
        (2, Post.FULL): (ChangeKind.ENDS, ("二（1）班",), ()),
        (3, Post.FULL): (ChangeKind.STAYS, ("六（1）班",), ("六（1）班",)),
        (5, Post.ASSISTANT): (ChangeKind.ENDS, ("一（1）班",), ()),
        (5, Post.FULL): (ChangeKind.BEGINS, (), ("三（1）班",)),
    }
    assert next(one.kind for one in compare(before, after)) == ChangeKind.BEGINS


@pytest.mark.parametrize(
    ("day", "year", "to_confirm"),
    [
        (date(2026, 6, 30), 2025, 2025),
        (date(2026, 7, 1), 2025, 2026),
        (date(2026, 8, 31), 2025, 2026),
        (date(2026, 9, 1), 2026, 2026),
        (date(2027, 1, 1), 2026, 2026),
    ],
)
def test_school_years(day: date, year: int, to_confirm: int) -> None:
    assert (school_years.school_year_of(day), school_years.year_to_confirm(day)) == (year, to_confirm)


def test_a_school_year_has_its_first_and_last_day() -> None:
    assert (school_years.first_day(2026), school_years.last_day(2026)) == (date(2026, 9, 1), date(2027, 8, 31))
    assert school_years.titled(2026).chinese() == "2026—2027 学年"
