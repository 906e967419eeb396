"""Public notices: whose period a change restarts, how long a name stands, how far a notice goes."""

from datetime import date, timedelta

import pytest

from app.domain import notices
from app.domain.calendar import Calendar
from app.domain.notices import Content, Line, NoticeScope
from app.domain.vocabulary import OrganizationKind
from app.services.timing import calendars

SU, LUO = Line(1, "苏眉", "主持人"), Line(2, "罗佳", "主持人")
BEFORE = Content("公示", "现予公示。", "领导小组", (SU, LUO))


def changed(**what: object) -> Content:
    return Content(**{"title": "公示", "intro": "现予公示。", "signed_by": "领导小组", "lines": (SU, LUO), **what})  # type: ignore[arg-type]


def test_nobody_is_concerned_by_no_change() -> None:
    assert notices.concerned(BEFORE, changed()) == frozenset()
    assert changed().content_hash == BEFORE.content_hash


@pytest.mark.parametrize(
    ("after", "whom"),
    [
        (changed(lines=(SU, Line(2, "罗佳", "主持人，成员：施展"))), {2}),
        (changed(lines=(SU, LUO, Line(3, "邹子墨", "主持人"))), {3}),
        (changed(lines=(LUO, SU)), set()),
        (changed(lines=(SU,)), set()),
        (changed(intro="现予公示，请监督。"), {1, 2}),
        (changed(title="公示二"), {1, 2}),
        (changed(signed_by="学校"), {1, 2}),
    ],
)
def test_a_change_concerns_who_is_new_or_stands_there_otherwise(after: Content, whom: set[int]) -> None:
    assert notices.concerned(BEFORE, after) == whom


def test_a_content_reads_as_it_was_written() -> None:
    assert Content.of(BEFORE.as_data()) == BEFORE


@pytest.mark.parametrize(
    ("from_on", "count", "until_on"),
    [
        (date(2026, 9, 28), 5, date(2026, 10, 10)),
        (date(2026, 9, 28), 7, date(2026, 10, 13)),
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 4, 30), 5, date(2026, 5, 11)),
        (date(2026, 9, 18), 7, date(2026, 9, 29)),
        (date(2026, 11, 19), 5, date(2026, 11, 26)),
    ],
)
def test_a_name_stands_for_working_days_without_the_day_of_posting(from_on: date, count: int, until_on: date) -> None:
    found = notices.period(from_on, count, calendars.national())
    assert (found.until_on, found.is_provisional) == (until_on, False)
    days = notices.days(found, calendars.national())
    assert (days[0].on, days[0].number) == (from_on, None)
    assert [day.number for day in days if day.number] == list(range(1, count + 1))
    assert days[-1] == notices.Day(until_on, count)


def test_a_period_in_a_year_without_a_calendar_is_provisional() -> None:
    assert notices.period(date(2026, 11, 19), 2, Calendar()).is_provisional


def test_a_name_has_stood_at_the_end_of_its_last_day_and_not_before() -> None:
    end = notices.ends_at(date(2026, 11, 26))
    assert end.isoformat() == "2026-11-26T15:59:59+00:00"
    assert notices.is_over(date(2026, 11, 26), end)
    assert not notices.is_over(date(2026, 11, 26), end - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("kind", "wanted", "scope"),
    [
        (OrganizationKind.SCHOOL, NoticeScope.SCHOOL, NoticeScope.SCHOOL),
        (OrganizationKind.SCHOOL, NoticeScope.CITY, NoticeScope.CITY),
        (OrganizationKind.CITY, NoticeScope.SCHOOL, NoticeScope.CITY),
        (OrganizationKind.DISTRICT, NoticeScope.SCHOOL, NoticeScope.DISTRICT),
    ],
)
def test_a_notice_goes_as_far_as_the_rule_wants_and_at_least_to_all_below(
    kind: OrganizationKind, wanted: NoticeScope, scope: NoticeScope
) -> None:
    assert notices.scope_in(kind, wanted) == scope
