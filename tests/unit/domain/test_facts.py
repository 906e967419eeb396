"""The list of facts, and what entries prove."""

from datetime import date
from typing import Any

import pytest

from app.domain.dossiers import EntryKind, Level
from app.domain.fact_reading import FactRules, Told, fact_rules, read_entries
from app.domain.facts import FACTS, ORDER, FactState, FactType, choice_of

AS_OF = date(2026, 11, 26)
USUAL = FactRules()


def told(kind: EntryKind, from_on: str, until_on: str | None = None, *, number: int = 1, **more: Any) -> Told:
    return Told(number, kind, date.fromisoformat(from_on), date.fromisoformat(until_on) if until_on else None, **more)


def values(*entries: Told, rules: FactRules = USUAL) -> dict[str, Any]:
    return {name: found.value for name, found in read_entries(entries, rules, AS_OF).items() if found.value is not None}


def test_the_list_is_consistent() -> None:
    for name, fact in FACTS.items():
        assert name == fact.name
        assert not fact.options or fact.type is FactType.TEXT
        if name.endswith(ORDER):
            assert choice_of(name).options
    assert {name for name, fact in FACTS.items() if fact.is_confidential} == {"is_barred", "barred_until"}


def test_an_empty_file_proves_nothing_but_that_there_is_no_sanction() -> None:
    found = read_entries([], USUAL, AS_OF)
    assert {name: one.value for name, one in found.items() if one.state is FactState.PROVEN} == {"is_barred": False}
    assert found.keys() == {name for name, fact in FACTS.items() if isinstance(fact.source, EntryKind)}


def test_what_comes_later_does_not_count_yet() -> None:
    later = told(EntryKind.TITLE, "2026-11-27", category="senior")
    assert "professional_title" not in values(later)


def test_working_years_and_those_until_retirement() -> None:
    found = values(told(EntryKind.EMPLOYMENT, "2010-09-01", "2029-11-26"))
    assert (found["working_from_on"], found["working_years"]) == ("2010-09-01", 16)
    assert (found["retires_on"], found["years_to_retirement"]) == ("2029-11-26", 3)
    assert values(told(EntryKind.EMPLOYMENT, "1980-09-01", "2020-08-31"))["years_to_retirement"] == 0
    assert values(told(EntryKind.EMPLOYMENT, "1980-09-01", "9999-12-31"))["years_to_retirement"] == 7964


def test_the_latest_title_and_rank_hold() -> None:
    found = values(
        told(EntryKind.TITLE, "2020-12-01", category="intermediate"),
        told(EntryKind.TITLE, "2012-12-01", category="junior", number=2),
        told(EntryKind.RANK, "2024-12-01", category="junior_1"),
    )
    assert (found["professional_title"], found["professional_title_order"]) == ("intermediate", 3)
    assert (found["rank"], found["rank_order"], found["rank_from_on"]) == ("junior_1", 3, "2024-12-01")


def test_years_count_to_the_day_that_the_rules_name() -> None:
    service = told(EntryKind.SERVICE, "2020-10-01", category="full", class_name="八年级（3）班")
    assert values(service)["homeroom_years"] == 6
    found = values(service, rules=fact_rules({"rank.years_as_of": "08-31"}))
    assert (found["homeroom_years"], found["homeroom_from_on"]) == (5, "2020-10-01")
    assert found["current_class"] == "八年级（3）班"


def test_honours_count_by_kind_and_each_names_its_evidence() -> None:
    entries = [
        told(EntryKind.HONOUR, "2020-09-10", level=Level.CITY, category="excellent_teacher", number=1),
        told(EntryKind.HONOUR, "2021-09-10", level=Level.DISTRICT, category="homeroom", number=2),
        told(EntryKind.HONOUR, "2022-09-10", level=Level.DISTRICT, category="homeroom", number=3),
        told(EntryKind.HONOUR, "2023-09-10", level=Level.NATION, category="other", number=4),
    ]
    found = read_entries(entries, USUAL, AS_OF)
    assert (found["rank_honour_level"].value, found["rank_honour_level"].evidence) == ("city", (1,))
    assert (found["homeroom_honour_level"].value, found["homeroom_honour_level"].evidence) == ("district", (2, 3))
    assert found["homeroom_honour_level_order"].value == 2
    assert found["honour_count"].evidence == (1, 2, 3, 4)
    narrow = fact_rules({"rank.honour_kinds": ["homeroom"]})
    assert read_entries(entries, narrow, AS_OF)["rank_honour_level"].value == "district"


def test_hours_are_summed_by_tier() -> None:
    found = values(
        told(EntryKind.TRAINING, "2024-07-01", category="junior", hours=16),
        told(EntryKind.TRAINING, "2025-07-01", category="junior", hours=8),
        told(EntryKind.TRAINING, "2025-08-01", category="intermediate", hours=40),
    )
    hours = {name: found.get(f"training_hours_{name}") for name in ("junior", "intermediate", "senior")}
    assert hours == {"junior": 24, "intermediate": 40, "senior": None}
    assert found["training_hours"] == 64


@pytest.mark.parametrize(
    ("rules", "level", "from_on", "barred_until"),
    [
        ({"sanction.bar_years": 3}, Level.SCHOOL, "2023-11-27", "2026-11-26"),
        ({"sanction.bar_years": 3}, Level.SCHOOL, "2023-11-26", None),
        ({"sanction.bar_years": 3, "sanction.level": "district"}, Level.SCHOOL, "2025-11-26", None),
        ({}, Level.CITY, "2025-11-26", None),
    ],
)
def test_a_sanction_bars_for_as_long_as_the_rules_say(
    rules: dict[str, Any], level: Level, from_on: str, barred_until: str | None
) -> None:
    sanction = told(EntryKind.SANCTION, from_on, category="warning", level=level)
    found = values(sanction, rules=fact_rules(rules))
    assert (found["is_barred"], found.get("barred_until")) == (barred_until is not None, barred_until)
