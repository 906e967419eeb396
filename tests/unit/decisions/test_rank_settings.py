"""What the ladder's table does not look at, against DOMAIN §3 in plain words: how years are counted, and the other work."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, product
from typing import Any

import pytest

from app.domain.dossiers import EntryKind, Level
from app.domain.fact_reading import Told, fact_rules, read_entries
from app.services.dossiers.condition_inputs import inputs_of_rank
from tests.unit.decisions.test_rank_eligibility import (
    BOTH,
    HONOUR_ORDER,
    NOTHING,
    RANKS,
    USUAL,
    Brought,
    Settings,
    column,
    judged,
    reached,
    rules_of,
    years_are_right,
)

# From and to a month, both included; without an end it lasts. An assistant's time is marked.
Time = tuple[str, str | None, bool]
CAREERS: Sequence[Sequence[Time]] = (
    [("2019-09", None, False)],
    # Three years and two months on 31 August 2026.
    [("2023-07", None, False)],
    [("2021-09", "2022-08", True), ("2022-09", None, False)],
    # An assistant for two years: the first of them counts.
    [("2015-09", "2017-08", True), ("2017-09", "2020-08", False), ("2023-09", None, False)],
    # A long time, an interruption, a short time.
    [("2010-09", "2017-01", False), ("2020-09", None, False)],
    # A short time, then a long one, and out of the post.
    [("2008-09", "2010-02", False), ("2012-09", "2021-08", False)],
    # Two classes at once, and one term more.
    [("2012-09", "2016-08", False), ("2014-09", "2018-12", False)],
    [("2026-09", None, False)],
    [("2025-09", None, True)],
)
TODAYS = (date(2026, 3, 15), date(2026, 9, 1), date(2026, 12, 31))


@pytest.mark.parametrize("counted_to", ["08-31", "12-31", "06-30"])
def test_years_are_counted_as_the_settings_say_and_allow_what_the_domain_allows(counted_to: str) -> None:
    packed = {key: rule.value for key, rule in rules_of(USUAL).items()}
    for unit, counts, gaps in product(("whole", "exact"), BOTH, ("sum", "longest", "last")):
        settings = {
            "rank.years_as_of": counted_to,
            "rank.years_unit": unit,
            "tenure.counts_assistant_year": counts,
            "tenure.gap_policy": gaps,
        }
        rules = fact_rules(packed | settings)
        for career, today in product(CAREERS, TODAYS):
            found = read_entries(told(career), rules, today)["homeroom_years"].value
            expected = years_by_hand(career, settings, today)
            assert found == expected, (career, settings, today)
            for is_bound in BOTH if expected is not None else ():
                usual = Settings(is_bound=is_bound, unit=unit)
                allowed = {rank for rank in RANKS if years_are_right(rank, expected or 0, usual)}
                assert column(0, replace(NOTHING, years=expected or 0), usual) == allowed


def told(career: Sequence[Time]) -> list[Told]:
    return [
        Told(
            place,
            EntryKind.SERVICE,
            first_day(first),
            last_day(last) if last else None,
            "assistant" if helps else "full",
        )
        for place, (first, last, helps) in enumerate(career)
    ]


def years_by_hand(career: Sequence[Time], settings: dict[str, Any], today: date) -> float | None:
    """Count months one by one; None where nothing has begun."""
    if all(first_day(first) > today for first, _last, _helps in career):
        return None
    day = today
    while f"{day:%m-%d}" != settings["rank.years_as_of"]:
        day -= timedelta(days=1)
    months = sorted(set(months_of(career, counts_assistants=settings["tenure.counts_assistant_year"])))
    served = [month for month in months if month <= number_of(f"{day:%Y-%m}")]
    runs = [len(list(run)) for _start, run in groupby(enumerate(served), lambda one: one[1] - one[0])]
    by_policy = {"sum": sum(runs), "longest": max(runs, default=0), "last": runs[-1] if runs else 0}
    total = by_policy[settings["tenure.gap_policy"]]
    return total // 12 if settings["rank.years_unit"] == "whole" else round(total / 12, 2)


def months_of(career: Sequence[Time], *, counts_assistants: bool) -> Iterator[int]:
    for first, last, helps in career:
        months = range(number_of(first), number_of(last or "2030-12") + 1)
        if not helps:
            yield from months
        elif counts_assistants:
            yield from months[:12]


def number_of(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def last_day(month: str) -> date:
    first = first_day(month)
    return first.replace(day=monthrange(first.year, first.month)[1])


# ── What is asked beside the table ──────────────────────────────────────────

TIERS = {rank: rank.partition("_")[0] for rank in RANKS}
HOURS = {"junior": 24, "intermediate": 40, "senior": 40}
SHARED = {"junior": "school", "intermediate": "district", "senior": "city"}
LEVELS = [None, *(one.value for one in Level)]


def standing_of(rank: str, settings: Settings) -> str | None:
    """Return where the name must be known: of direct and private schools in the city, of others in the county."""
    if rank == "senior_2":
        return "city" if settings.is_direct else "district"
    return "wide" if rank == "senior_1" else None


def asked_beside(rank: str, settings: Settings, brings: dict[str, Any]) -> dict[str, bool | None]:
    """Return what a rank asks beside the table, and whether it is met: None is for the panel, or proven by nothing."""
    tier = TIERS[rank]
    shared = "school" if settings.is_direct and tier == "intermediate" else SHARED[tier]
    found: dict[str, bool | None] = {"handbook": None, "cases": None, "not_barred": not brings["is_barred"]}
    found["experience"] = reaches(brings["publication"], shared)
    if standing_of(rank, settings):
        found["standing"] = None
    if tier == "junior":
        found["certificate"] = reaches(brings["certificate"], "school")
    else:
        found["guidance"] = None
    if settings.asks_hours:
        found[f"hours_{tier}"] = None if brings["hours"] is None else brings["hours"] >= HOURS[tier]
    return found


def reaches(level: str | None, least: str) -> bool | None:
    return None if level is None else HONOUR_ORDER.index(level) >= HONOUR_ORDER.index(least)


@pytest.mark.parametrize("rank", RANKS)
def test_a_rank_asks_the_work_training_and_standing_of_its_level(rank: str) -> None:
    below = RANKS[RANKS.index(rank) - 1] if rank != "junior_2" else None
    nothing = Brought(1, None, below, None)
    table = {"years", "not_too_many_years", "title", "holds", "honour"}
    for is_direct, asks_hours in product(BOTH, BOTH):
        settings = Settings(is_direct=is_direct, asks_hours=asks_hours)
        for place, level in enumerate(LEVELS):
            hours = (None, 0, 23, 24, 39, 40)[place]
            brings = {
                "publication": level,
                "certificate": LEVELS[place - 3],
                "hours": hours,
                "is_barred": place % 2 == 0,
            }
            facts = {
                "publication_level_order": order(level),
                "training_certificate_level_order": order(LEVELS[place - 3]),
                **{f"training_hours_{tier}": hours for tier in HOURS},
                "is_barred": brings["is_barred"],
            }
            found = {
                name: truth for name, truth in judged(rank, nothing, settings, **facts).items() if name not in table
            }
            assert found == asked_beside(rank, settings, brings), (rank, settings, brings)
        rung = reached(nothing, settings).rung(rank)
        assert rung is not None
        assert rung.standing == standing_of(rank, settings)
        names = inputs_of_rank(rules_of(settings), rung, is_direct=is_direct, is_first_placement=False).names
        assert names["ladder"]["standing"] == standing_of(rank, settings)


def order(level: str | None) -> int | None:
    return None if level is None else HONOUR_ORDER.index(level) + 1
