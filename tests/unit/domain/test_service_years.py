"""Years of service, worked out by hand and against a count that looks at every single day."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.service_years import (
    GapPolicy,
    Period,
    TenureRules,
    YearsUnit,
    day_before,
    months_of,
    tenure_rules,
    years_of,
)

USUAL = TenureRules()
AS_OF = date(2026, 8, 31)
DAY = timedelta(days=1)


def school_years(first: int, last: int, *, is_assistant: bool = False) -> Period:
    return Period(date(first, 9, 1), date(last, 8, 31), is_assistant)


@pytest.mark.parametrize(
    ("periods", "rules", "years"),
    [
        ([], USUAL, 0),
        ([school_years(2020, 2023)], USUAL, 3),
        ([Period(date(2020, 9, 1), date(2023, 8, 30))], USUAL, 2),
        ([Period(date(2020, 9, 1))], USUAL, 6),
        ([Period(date(2026, 9, 1))], USUAL, 0),
        # Two schools one after the other, and a colleague's class taken over meanwhile.
        ([school_years(2018, 2020), school_years(2020, 2022), school_years(2019, 2021)], USUAL, 4),
        ([school_years(2018, 2020), school_years(2022, 2025)], USUAL, 5),
        ([school_years(2018, 2020), school_years(2022, 2025)], TenureRules(gap_policy=GapPolicy.LONGEST), 3),
        ([school_years(2015, 2020), school_years(2022, 2025)], TenureRules(gap_policy=GapPolicy.LAST), 3),
        ([school_years(2019, 2020, is_assistant=True), school_years(2020, 2023)], USUAL, 4),
        (
            [school_years(2019, 2020, is_assistant=True), school_years(2020, 2023)],
            TenureRules(counts_assistant_year=False),
            3,
        ),
        # Of three years as an assistant the first counts.
        ([school_years(2017, 2020, is_assistant=True), school_years(2020, 2023)], USUAL, 4),
        ([school_years(2017, 2020, is_assistant=True)], TenureRules(assistant_years=2), 2),
        # A semester here and one there make no year: the winter holidays are missing.
        (
            [Period(date(2020, 9, 1), date(2021, 1, 31)), Period(date(2021, 3, 1), date(2021, 8, 31))],
            TenureRules(unit=YearsUnit.EXACT),
            0.92,
        ),
        ([Period(date(2020, 9, 1), date(2023, 10, 31))], TenureRules(unit=YearsUnit.EXACT), 3.17),
        ([Period(date(2020, 2, 29), date(2021, 2, 26))], USUAL, 0),
        ([Period(date(2020, 2, 29), date(2021, 2, 27))], USUAL, 1),
    ],
)
def test_years_by_hand(periods: Sequence[Period], rules: TenureRules, years: float) -> None:
    assert years_of(periods, rules, AS_OF) == years


def test_rules_come_from_the_pack_and_have_defaults() -> None:
    assert tenure_rules({}) == USUAL
    given_rules = {
        "tenure.counts_assistant_year": False,
        "tenure.gap_policy": "longest",
        "rank.years_unit": "exact",
        "rank.assistant_years": 2,
    }
    assert tenure_rules(given_rules) == TenureRules(
        counts_assistant_year=False, assistant_years=2, gap_policy=GapPolicy.LONGEST, unit=YearsUnit.EXACT
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [(date(2026, 8, 31), date(2026, 8, 31)), (date(2026, 8, 30), date(2025, 8, 31)), (date(2027, 2, 1), AS_OF)],
)
def test_years_are_counted_up_to_the_last_such_day(today: date, expected: date) -> None:
    assert day_before("08-31", today) == expected
    assert day_before("02-29", date(2027, 3, 1)) == date(2027, 2, 28)


# --- the same, by looking at every day -------------------------------------------------------------------------------

_days = st.integers(0, 5_000).map(lambda days: date(2012, 1, 1) + timedelta(days=days))


@st.composite
def histories(draw: st.DrawFn) -> list[Period]:
    found = []
    for _ in range(draw(st.integers(0, 7))):
        begun = draw(_days)
        length = draw(st.one_of(st.none(), st.integers(0, 1_500), st.sampled_from([30, 31, 364, 365, 366, 729, 730])))
        until = None if length is None else begun + timedelta(days=length)
        found.append(Period(begun, until, draw(st.booleans())))
        if until is not None and draw(st.booleans()):  # goes on, in another class, the day after or a little later
            later = until + timedelta(days=draw(st.integers(1, 40)))
            found.append(Period(later, later + timedelta(days=draw(st.integers(0, 800)))))
    return found


rules_of_schools = st.builds(
    TenureRules,
    counts_assistant_year=st.booleans(),
    assistant_years=st.integers(1, 3),
    gap_policy=st.sampled_from(GapPolicy),
    unit=st.sampled_from(YearsUnit),
)


def counted_days(periods: Sequence[Period], rules: TenureRules, as_of: date) -> set[date]:
    """Return every day in the post that counts."""
    served: set[date] = set()
    begun = min((period.from_on for period in periods if period.is_assistant), default=None)
    for period in periods:
        day = period.from_on
        while day <= min(period.until_on or as_of, as_of):
            is_within = begun is not None and _age(begun, day) < rules.assistant_years
            if not period.is_assistant or (rules.counts_assistant_year and is_within):
                served.add(day)
            day += DAY
    return served


def _age(born: date, day: date) -> int:
    """Return how many birthdays someone born on a day has had; who was born in a leap year's February on the 28th."""
    birthday = (born.month, min(born.day, 28)) if born.month == 2 and day.year % 4 else (born.month, born.day)
    return day.year - born.year - ((day.month, day.day) < birthday)


def runs_of(days: set[date]) -> list[list[date]]:
    """Return the runs of days that follow each other."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] + DAY == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def naive_months(periods: Sequence[Period], rules: TenureRules, as_of: date) -> int:
    """Count months by walking through the days of each run."""
    runs = runs_of(counted_days(periods, rules, as_of))
    lengths = [_walked(run) for run in runs]
    if rules.gap_policy is GapPolicy.LAST:
        lengths = lengths[-1:]
    elif rules.gap_policy is GapPolicy.LONGEST:
        lengths = sorted(lengths)[-1:]
    return sum(months for months, _rest in lengths) + sum(rest for _months, rest in lengths) // 31


def _walked(run: Sequence[date]) -> tuple[int, int]:
    """Return whole months and days left over: a month is full when the next day has the first day's number again."""
    first, months, rest = run[0], 0, 0
    for day in run:
        rest += 1
        following = day + DAY
        is_last_of_month = (following + DAY).month != following.month
        if following.day == first.day or (is_last_of_month and following.day < first.day):
            months, rest = months + 1, 0
    return months, rest


@settings(max_examples=150, deadline=None)
@given(histories(), rules_of_schools, _days)
def test_years_agree_with_a_count_of_single_days(periods: list[Period], rules: TenureRules, as_of: date) -> None:
    months = naive_months(periods, rules, as_of)
    assert months_of(periods, rules, as_of) == months
    whole = rules.unit is YearsUnit.WHOLE
    assert years_of(periods, rules, as_of) == (months // 12 if whole else round(months / 12, 2))
    # No way of counting makes more years than the days allow.
    days = len(counted_days(periods, rules, as_of))
    assert months // 12 <= days / 365
    if rules.gap_policy is GapPolicy.SUM:
        assert months >= days // 31


@settings(max_examples=60, deadline=None)
@given(histories(), rules_of_schools, _days)
def test_overlaps_change_nothing_and_time_takes_nothing_away(
    periods: list[Period], rules: TenureRules, as_of: date
) -> None:
    assert months_of([*periods, *periods], rules, as_of) == months_of(periods, rules, as_of)
    assert months_of(list(reversed(periods)), rules, as_of) == months_of(periods, rules, as_of)
    if rules.gap_policy is not GapPolicy.LAST:
        assert months_of(periods, rules, as_of + DAY) >= months_of(periods, rules, as_of)
