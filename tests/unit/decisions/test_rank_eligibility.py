"""The tables of ranks against DOMAIN §3, said once more in plain words, over all that can be brought to a review.

A column looks at one thing that somebody brings, so each is worked out once and the combinations are put together;
that the table itself does nothing else is looked at in combinations drawn at random.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from app.domain.dossiers import Level, ProfessionalTitle, Rank
from app.domain.facts import FACTS, ORDER, FactState, FactValue, order_of
from app.domain.rules import Adoption, EffectiveRule, effective
from app.domain.rules import Level as RuleLevel
from app.domain.vocabulary import OrganizationKind
from app.engine.decisions.conditions import judge_conditions
from app.engine.decisions.model import DecisionTable
from app.services.dossiers.condition_inputs import inputs_of_rank
from app.services.dossiers.condition_tables import ELIGIBILITY, load_tables
from app.services.dossiers.rank_reach import Reach, reach_of
from app.services.rulebook.rule_packs import find_pack

CONDITIONS = "rank_conditions"
START = date(2026, 1, 1)
RANKS = ["junior_2", "junior_1", "intermediate_2", "intermediate_1", "senior_2", "senior_1"]
HELD = [None, "assistant", *RANKS]
# Whole years; and with months, on both sides of each bound.
YEARS: Mapping[str, Sequence[float]] = {
    "whole": (*range(20), 35),
    "exact": sorted({round(year + months / 12, 2) for year in (0, 1, 3, 6, 9, 12, 15, 20) for months in (0, 1, 11)}),
}
TITLES = [None, *(one.value for one in ProfessionalTitle)]
HONOURS = [None, *(one.value for one in Level)]
TITLE_ORDER = ["none", "junior", "intermediate", "senior", "full_senior"]
HONOUR_ORDER = ["school", "district", "city", "province", "nation"]
BOTH = (False, True)


@dataclass(frozen=True)
class Settings:
    """The settings that DOMAIN §3 names, in its order, and the kind of school."""

    is_bound: bool = False
    is_floor: bool = True
    initial_title: str = "senior"
    places_first: bool = True
    steps: int = 1
    is_direct: bool = False
    unit: str = "whole"
    asks_hours: bool = False
    knows_exceptions: bool = True

    @property
    def values(self) -> dict[str, Any]:
        """Return the settings as rules."""
        return {
            "rank.upper_bound": "binding" if self.is_bound else "informative",
            "rank.title_is_floor": self.is_floor,
            "rank.initial_title": self.initial_title,
            "rank.first_placement": self.places_first,
            "rank.steps_per_promotion": self.steps,
            "rank.years_unit": self.unit,
            "rank.training_hours_required": self.asks_hours,
            "rank.exceptional": self.knows_exceptions,
        }


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brings: years, title, rank and the highest honour that counts."""

    years: float
    title: str | None
    held: str | None
    honour: str | None


# ── DOMAIN §3, read row by row ──────────────────────────────────────────────


def may_have(rank: str, brought: Brought, settings: Settings) -> bool:
    """Tell whether the table allows a rank."""
    return (
        holds_what_it_must(rank, brought.held, settings)
        and years_are_right(rank, brought.years, settings)
        and honour_is_enough(rank, brought.honour, settings)
        and title_is_right(rank, brought, settings)
    )


# Years from and to, the last included; the first only of the lowest rank, for the others' is the last of the one below.
SPANS = {
    "junior_2": (1, 3),
    "junior_1": (3, 6),
    "intermediate_2": (6, 9),
    "intermediate_1": (9, 12),
    "senior_2": (12, 15),
    "senior_1": (15, 100),
}
ABOVE = {"intermediate_2": "junior", "intermediate_1": "intermediate", "senior_2": "senior"}
HONOUR = {"intermediate_2": "school", "intermediate_1": "district", "senior_2": "city", "senior_1": "province"}


def years_are_right(rank: str, years: float, settings: Settings) -> bool:
    low, high = SPANS[rank]
    is_enough = years >= low if rank == "junior_2" else years > low
    return is_enough and (years <= high or not settings.is_bound)


def title_is_right(rank: str, brought: Brought, settings: Settings) -> bool:
    is_first = brought.held in {None, "assistant"} and settings.places_first
    if rank == "senior_1" and is_first:
        return is_at_least(TITLE_ORDER, brought.title, settings.initial_title)
    if rank == "senior_1":
        # Not restated: whoever holds senior_2 has shown it there.
        return brought.held in {"senior_2", "senior_1"} or is_at_least(TITLE_ORDER, brought.title, "senior")
    if rank in {"junior_2", "junior_1"}:
        return is_at_least(TITLE_ORDER, brought.title, "junior") if settings.is_floor else brought.title == "junior"
    return is_at_least(TITLE_ORDER, brought.title, ABOVE[rank])


def holds_what_it_must(rank: str, held: str | None, settings: Settings) -> bool:
    if held in {None, "assistant"}:
        return settings.places_first or rank == "junior_2"
    return 0 < RANKS.index(rank) - RANKS.index(str(held)) <= settings.steps


def above(held: str | None) -> list[str]:
    return RANKS[RANKS.index(held) + 1 :] if held in RANKS else RANKS


def honour_is_enough(rank: str, honour: str | None, settings: Settings) -> bool:
    if rank == "intermediate_1" and settings.is_direct:
        return honour is not None
    return rank not in HONOUR or is_at_least(HONOUR_ORDER, honour, HONOUR[rank])


def is_at_least(order: list[str], value: str | None, least: str) -> bool:
    return value is not None and order.index(value) >= order.index(least)


# ── The tables ──────────────────────────────────────────────────────────────


def facts_of(brought: Brought) -> dict[str, FactValue]:
    """Return what a file proves that holds what is brought."""
    found = {name: FactValue() for name in FACTS}
    found["homeroom_years"] = FactValue(brought.years, (), FactState.PROVEN)
    for name, value in (
        ("professional_title", brought.title),
        ("rank", brought.held),
        ("rank_honour_level", brought.honour),
    ):
        if value is not None:
            found[name] = FactValue(value, (), FactState.PROVEN)
            found[f"{name}{ORDER}"] = FactValue(order_of(FACTS[name], value), (), FactState.PROVEN)
    return found


@cache
def rules_of(settings: Settings) -> Mapping[str, EffectiveRule]:
    level = RuleLevel(1, "云澜市教育局", OrganizationKind.CITY, [Adoption(find_pack("s4"), START)])
    rules = effective([level], START)
    return rules | {key: replace(rules[key], value=value) for key, value in settings.values.items()}


def reached(brought: Brought, settings: Settings) -> Reach:
    values = {key: rule.value for key, rule in rules_of(settings).items()}
    found = reach_of(values, facts_of(brought), is_direct=settings.is_direct)
    assert found is not None
    return found


NOTHING = Brought(0, None, None, None)
USUAL = Settings()


@cache
def column(place: int, brought: Brought, settings: Settings) -> frozenset[str]:
    """Return the ranks that one column of the table allows."""
    return frozenset(reached(brought, settings).columns[place].ranks) - {"assistant"}


def by_years(settings: Settings) -> dict[float, frozenset[str]]:
    usual = replace(USUAL, is_bound=settings.is_bound, unit=settings.unit)
    return {years: column(0, replace(NOTHING, years=years), usual) for years in YEARS[settings.unit]}


def by_title(held: str | None, settings: Settings) -> dict[str | None, frozenset[str]]:
    usual = replace(settings, is_bound=False, steps=1, is_direct=False, unit="whole")
    return {title: column(1, replace(NOTHING, title=title, held=held), usual) for title in TITLES}


def by_holding(held: str | None, settings: Settings) -> frozenset[str]:
    usual = replace(USUAL, places_first=settings.places_first, steps=settings.steps)
    return column(2, replace(NOTHING, held=held), usual)


def by_honour(settings: Settings) -> dict[str | None, frozenset[str]]:
    usual = replace(USUAL, is_direct=settings.is_direct)
    return {honour: column(3, replace(NOTHING, honour=honour), usual) for honour in HONOURS}


def all_settings(held: str | None) -> Iterator[Settings]:
    """Yield all settings that can matter to whoever holds a rank or none."""
    is_ranked = held not in {None, "assistant"}
    yield from (
        Settings(*one)
        for one in product(
            BOTH,
            BOTH,
            ["senior"] if is_ranked else ["junior", "intermediate", "senior"],
            [True] if is_ranked else BOTH,
            [1, 2] if is_ranked else [1],
            BOTH,
            YEARS,
        )
    )


@pytest.mark.parametrize("held", HELD)
def test_every_combination_is_allowed_what_the_domain_allows(held: str | None) -> None:
    for settings in all_settings(held):
        years_allow, title_allows = by_years(settings), by_title(held, settings)
        holding_allows, honour_allows = by_holding(held, settings), by_honour(settings)
        for years, title, honour in product(years_allow, TITLES, HONOURS):
            brought = Brought(years, title, held, honour)
            found = years_allow[years] & title_allows[title] & holding_allows & honour_allows[honour]
            assert found == {rank for rank in RANKS if may_have(rank, brought, settings)}, (brought, settings)


def some(number: int) -> Iterator[tuple[Brought, Settings]]:
    chance = Random(20260901)  # noqa: S311 - a sample, the same each time
    for _once in range(number):
        held = chance.choice(HELD)
        settings = chance.choice(list(all_settings(held)))
        brought = Brought(chance.choice(YEARS[settings.unit]), chance.choice(TITLES), held, chance.choice(HONOURS))
        yield brought, replace(settings, steps=chance.randint(1, 5), knows_exceptions=chance.choice(BOTH))


def test_the_whole_table_allows_what_all_its_columns_allow() -> None:
    for brought, settings in some(400):
        found = reached(brought, settings)
        expected = [rank for rank in RANKS if may_have(rank, brought, settings)]
        assert list(found.allowed) == expected, (brought, settings)
        assert found.counts == (expected[-1] if expected else None)
        climbs = [rank for rank in RANKS if holds_what_it_must(rank, brought.held, settings)]
        assert [rank for rank in found.climbs_to if rank is not Rank.ASSISTANT] == climbs
        against = [rank for rank in above(brought.held) if rank not in expected]
        assert list(found.exceptional) == (against if settings.knows_exceptions else []), (brought, settings)
        assert found.is_first_year == (brought.years < 1 and brought.held in {None, "assistant"})


def test_the_conditions_of_a_rank_say_the_same() -> None:
    for brought, settings in some(30):
        found = reached(brought, settings)
        for rung in found.above:
            truths = judged(rung.rank, brought, settings)
            is_met = all(
                truths[name] for name in ("years", "not_too_many_years", "title", "holds", "honour") if name in truths
            )
            assert is_met == may_have(rung.rank, brought, settings), (rung, brought, settings)


def judged(rank: str, brought: Brought, settings: Settings, **more: Any) -> dict[str, bool | None]:
    """Return the conditions of a rank that the rules ask for, and whether they are met."""
    reach = reached(brought, settings)
    rung = reach.rung(rank)
    assert rung is not None
    inputs = inputs_of_rank(rules_of(settings), rung, is_direct=settings.is_direct, is_first_placement=False)
    facts = {name: one.value for name, one in facts_of(brought).items()} | more
    found = judge_conditions(load_tables()[CONDITIONS], CONDITIONS, {**facts, **inputs.names})
    return {one.id: one.truth for one in found if inputs.is_set(one.outputs["parameter"])}


def test_every_rule_of_the_ladder_s_table_is_reached() -> None:
    logic = load_tables()[ELIGIBILITY].decisions[ELIGIBILITY].logic
    assert isinstance(logic, DecisionTable)
    # Each is the one that counts for whoever just reaches it, by a first placement and by a promotion.
    counting = {}
    for rank in RANKS:
        years = SPANS[rank][0] + 1
        for held in {None, None if rank == "junior_2" else RANKS[RANKS.index(rank) - 1]}:
            found = reached(Brought(years, ABOVE.get(rank, "senior"), held, HONOUR.get(rank)), Settings())
            assert found.counts == rank, (rank, held)
            counting[found.counts] = found
    first_year = reached(Brought(0, "full_senior", None, "nation"), Settings())
    assert (first_year.is_first_year, first_year.allowed) == (True, ())
    assert {*counting, Rank.ASSISTANT} == {rule.id for rule in logic.rules}


MORE = {
    "is_barred": (False, True),
    "publication_level_order": (3, 0),
    "training_certificate_level_order": (1, 0),
    "training_hours_junior": (24, 23),
    "training_hours_intermediate": (40, 39),
    "training_hours_senior": (40, 39),
}
# What no file proves: the panel judges it by what comes with the application.
JUDGED = {"standing", "handbook", "cases", "guidance"}


def test_every_condition_is_reached_met_and_not_met() -> None:
    settings = Settings(is_bound=True, asks_hours=True)
    seen: dict[str, set[bool | None]] = {}
    for rank, right, wrong in (
        ("junior_1", Brought(5, "junior", "junior_2", None), Brought(2, "none", "junior_2", None)),
        (
            "intermediate_1",
            Brought(11, "senior", "intermediate_2", "city"),
            Brought(20, "junior", "junior_2", "school"),
        ),
        ("senior_2", Brought(14, "senior", "intermediate_1", "city"), Brought(12, "junior", "junior_1", "school")),
    ):
        for brought, at in ((right, 0), (wrong, 1)):
            for name, truth in judged(
                rank, brought, settings, **{key: values[at] for key, values in MORE.items()}
            ).items():
                seen.setdefault(name, set()).add(truth)
    logic = load_tables()[CONDITIONS].decisions[CONDITIONS].logic
    assert isinstance(logic, DecisionTable)
    assert seen == {rule.id: {None} if rule.id in JUDGED else {True, False} for rule in logic.rules}


def test_direct_schools_need_share_their_experience_at_home_only() -> None:
    brought = Brought(11, "intermediate", "intermediate_2", "district")
    for is_direct in BOTH:
        found = judged("intermediate_1", brought, Settings(is_direct=is_direct), publication_level_order=1)
        assert found["experience"] is is_direct
