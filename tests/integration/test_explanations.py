"""What a person's file is worth: each condition met, not met or not provable, with evidence, clause and words."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain import clock
from app.domain.dossiers import EntryKind, Level, Rank
from app.domain.entry_checks import Particulars
from app.services.dossiers.condition_tables import Table
from app.services.dossiers.explanations import Condition, Explanation, Met, explain, explanations_of
from app.services.ranks.eligibility import eligibility_of, kept
from app.services.rulebook import rules
from tests.integration.file_world import HONOUR, SANCTION, SERVICE, keep
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.integration.test_statements import statements

__all__ = ["database", "school"]  # fixtures

TITLE = Particulars(EntryKind.TITLE, date(2020, 12, 1), category="intermediate")
RANK = Particulars(EntryKind.RANK, date(2023, 12, 1), category="junior_1")
EMPLOYMENT = Particulars(EntryKind.EMPLOYMENT, date(2015, 9, 1), until_on=date(2028, 8, 31))
CLASS_HONOUR = Particulars(
    EntryKind.CLASS_HONOUR,
    date(2024, 5, 1),
    "先进班集体",
    level=Level.SCHOOL,
    issuer="松风路小学",
    class_name="五（2）班",
)


@pytest.fixture
def ranked(school: School) -> School:
    """The small world under the rules of ranks too."""
    city = school.organizations["city"]
    rules.adopt_pack(school.session, school.actor("city_admin"), city, "rank", "s4", date(2026, 1, 1))
    return school


def latest_31_august() -> date:
    """Return the day up to which years count, by the default of the rules."""
    today = clock.today()
    return date(today.year - (today < date(today.year, 8, 31)), 8, 31)


def explained(world: School, table: Table, name: str = "host", **more: Any) -> Explanation:
    place, today = world.organizations["school"], clock.today()
    found = explain(world.session, world.people[name], place, table, today, **{"has_sanctions": True, **more})
    assert found is not None
    return found


def states(found: Explanation) -> dict[str, Met]:
    return {one.id: one.state for one in found.conditions}


def condition(found: Explanation, name: str) -> Condition:
    return next(one for one in found.conditions if one.id == name)


def test_the_next_rank_step_by_step(ranked: School) -> None:
    service, title, rank = keep(ranked, "host", SERVICE, TITLE, RANK)
    found = explained(ranked, Table.NEXT_RANK)
    assert (found.target, found.is_first_placement) == ("中级二档", False)
    assert found.years_until == latest_31_august()
    assert states(found) == {
        "years": Met.MET,
        "title": Met.MET,
        "holds": Met.MET,
        "honour": Met.NOT_PROVABLE,
        "handbook": Met.NOT_PROVABLE,
        "cases": Met.NOT_PROVABLE,
        "experience": Met.NOT_PROVABLE,
        "guidance": Met.NOT_PROVABLE,
        "not_barred": Met.MET,
    }
    assert [entry.id for entry in condition(found, "years").evidence] == [service]
    assert [entry.id for entry in condition(found, "title").evidence] == [title]
    assert [entry.id for entry in condition(found, "holds").evidence] == [rank]
    assert condition(found, "years").requirement == "超过 6 年"
    assert condition(found, "title").requirement == "初级以上"
    assert condition(found, "honour").requirement == "校级以上（优秀教师、德育工作、班主任工作）"
    assert condition(found, "years").rule["clause"]["document"] == "职级方案"
    assert condition(found, "not_barred").requirement == "没有受过处分，或者处分已经满 3 年"
    assert condition(found, "experience").requirement == "县级以上发表或者交流过班主任工作经验"
    assert condition(found, "handbook").rule["clause"]["article"] == "三（二）"
    assert [one.id for one in found.missing if not one.is_attached] == ["honour", "experience"]


def test_years_too_few_say_when_they_are_enough(ranked: School) -> None:
    keep(ranked, "host", SERVICE, Particulars(EntryKind.RANK, date(2023, 12, 1), category="intermediate_2"))
    assert condition(explained(ranked, Table.NEXT_RANK), "years").expected_on == date(2028, 8, 31)
    ended = Particulars(EntryKind.SERVICE, date(2018, 9, 1), until_on=date(2020, 8, 31), category="full")
    keep(ranked, "teacher", ended)
    years = condition(explained(ranked, Table.NEXT_RANK, "teacher"), "years")
    assert (years.state, years.expected_on) == (Met.MET, None)
    city = condition(explained(ranked, Table.CITY_HOST, "teacher"), "years")
    assert (city.state, city.value.value, city.expected_on) == (Met.NOT_MET, 2, None)


def test_an_honour_too_low_is_not_met(ranked: School) -> None:
    keep(ranked, "host", SERVICE, RANK, CLASS_HONOUR, HONOUR)
    found = explained(ranked, Table.CITY_HOST)
    assert condition(found, "class_honour").state is Met.NOT_MET
    assert condition(found, "class_honour").value.value == "school"
    assert condition(found, "honour").state is Met.MET
    assert (found.target, found.years_until) == ("", clock.today())


def test_conditions_of_a_city_host(school: School) -> None:
    keep(school, "host", SERVICE, EMPLOYMENT)
    assert states(explained(school, Table.CITY_HOST)) == {
        "serving": Met.MET,
        "years": Met.MET,
        "stays": Met.NOT_MET,
        "honour": Met.NOT_PROVABLE,
        "class_honour": Met.NOT_PROVABLE,
        "project": Met.NOT_PROVABLE,
        "not_barred": Met.MET,
    }
    (serving, *_rest) = explained(school, Table.CITY_HOST, "teacher").conditions
    assert (serving.state, serving.value.value) == (Met.NOT_MET, False)


def test_a_host_of_a_studio_needs_no_years_as_a_member(school: School) -> None:
    assert condition(explained(school, Table.CITY_MEMBER), "years").state is Met.MET
    assert condition(explained(school, Table.CITY_MEMBER, "teacher"), "years").state is Met.NOT_PROVABLE


def test_who_may_not_see_sanctions_is_not_told_of_a_bar(school: School) -> None:
    keep(school, "host", SANCTION)
    assert condition(explained(school, Table.CITY_HOST), "not_barred").state is Met.NOT_MET
    assert "not_barred" not in states(explained(school, Table.CITY_HOST, has_sanctions=False))


def test_only_what_the_school_s_rules_ask_for_is_explained(ranked: School) -> None:
    person, place = ranked.people["host"], ranked.organizations["school"]
    with statements(ranked.session) as seen:
        found = explanations_of(ranked.session, person, place, clock.today(), has_sanctions=True)
    assert [one.table for one in found] == [Table.NEXT_RANK, Table.CITY_HOST, Table.CITY_MEMBER]
    # The file in two, what waits in one, the rules of each programme in three.
    assert len(seen) <= 2 + 1 + 1 + 3 * 3


def test_the_highest_rank_has_nothing_above_it(ranked: School) -> None:
    keep(ranked, "host", Particulars(EntryKind.RANK, date(2023, 12, 1), category="senior_1"))
    person, place = ranked.people["host"], ranked.organizations["school"]
    assert explain(ranked.session, person, place, Table.NEXT_RANK, clock.today(), has_sanctions=True) is None


LONG = Particulars(EntryKind.SERVICE, date(2005, 9, 1), category="full", class_name="一班", issuer="某校")


def test_a_first_placement_goes_where_all_columns_allow(ranked: School) -> None:
    keep(ranked, "host", LONG)
    none = explained(ranked, Table.NEXT_RANK)
    assert (none.target, none.is_first_placement) == ("初级二档", True)
    assert none.reach is not None
    assert [(one.title, one.allows) for one in none.reach.columns] == [
        ("任班主任年限", "senior_1"),
        ("职称", "assistant"),
        ("已认定职级", "senior_1"),
        ("荣誉", "junior_1"),
    ]
    assert (none.reach.counts, none.reach.higher) == (None, None)
    keep(ranked, "host", TITLE)
    found, higher = explained(ranked, Table.NEXT_RANK), explained(ranked, Table.HIGHER_RANK)
    assert found.reach is not None
    assert (found.target, found.reach.kind, found.reach.allowed) == ("初级一档", "first", ("junior_2", "junior_1"))
    assert (higher.target, higher.is_first_placement) == ("中级二档", True)
    assert condition(higher, "honour").state is Met.NOT_PROVABLE
    assert "holds" not in states(found)


def test_the_top_at_once_wants_the_highest_title_and_a_name(ranked: School) -> None:
    keep(ranked, "host", LONG, replace(TITLE, category="senior"), replace(HONOUR, level=Level.PROVINCE))
    found = explained(ranked, Table.NEXT_RANK)
    assert (found.target, found.is_first_placement) == ("高级一档", True)
    assert condition(found, "years").requirement == "超过 15 年"
    assert condition(found, "title").requirement == "高级以上"
    assert condition(found, "standing").state is Met.NOT_PROVABLE
    assert condition(found, "standing").fact is None


def test_a_rank_against_the_table_is_exceptional(ranked: School) -> None:
    keep(ranked, "host", SERVICE, TITLE, RANK, HONOUR)
    place, today = ranked.organizations["school"], clock.today()
    found = eligibility_of(ranked.session, ranked.people["host"], place, today, Rank.INTERMEDIATE_1)
    assert found is not None
    assert found.reach is not None
    assert found.target == "中级一档"
    assert states(found)["holds"] is Met.NOT_MET
    ways = {rank: found.reach.way_to(rank) for rank in (Rank.JUNIOR_1, Rank.INTERMEDIATE_2, Rank.INTERMEDIATE_1)}
    assert list(ways.values()) == [None, "promotion", "exceptional"]
    told = kept(found)
    assert told["reach"]["counts"] == "intermediate_2"
    assert json.loads(json.dumps(told)) == told


def test_a_junior_rank_wants_the_certificate_of_a_course(ranked: School) -> None:
    course = Particulars(
        EntryKind.TRAINING,
        date(2025, 7, 10),
        title="班主任培训",
        category="junior",
        level=Level.SCHOOL,
        issuer="松风路小学",
        hours=24,
    )
    keep(ranked, "host", SERVICE, replace(RANK, category="junior_2"), course)
    assert condition(explained(ranked, Table.NEXT_RANK), "certificate").state is Met.NOT_PROVABLE
    keep(ranked, "host", replace(course, number="PX0001"))
    met = condition(explained(ranked, Table.NEXT_RANK), "certificate")
    assert (met.state, met.requirement) == (Met.MET, "校级以上班主任培训的合格证书")


def test_rules_of_a_school_change_what_is_asked(ranked: School) -> None:
    keep(ranked, "host", SERVICE, TITLE, RANK)
    admin, place, today = ranked.actor("city_admin"), ranked.organizations["city"], clock.today()
    for parameter, value in (
        ("rank.training_hours_required", True),
        ("rank.title_is_floor", False),
        ("rank.upper_bound", "binding"),
        ("tenure.gap_policy", "last"),
    ):
        rules.change_rule(ranked.session, admin, place, "rank", parameter, value, from_on=today, reason="试行")
    found = explained(ranked, Table.NEXT_RANK)
    assert condition(found, "hours_intermediate").requirement == "不少于 40 学时"
    # 具有初级以上职称: the document itself says "or above".
    assert (condition(found, "title").state, condition(found, "title").requirement) == (Met.MET, "初级以上")
    assert condition(found, "not_too_many_years").requirement == "不超过 9 年"
    assert condition(found, "not_too_many_years").state is Met.MET
    keep(ranked, "teacher", SERVICE, TITLE, replace(RANK, category="junior_2"))
    title = condition(explained(ranked, Table.NEXT_RANK, "teacher"), "title")
    assert (title.state, title.requirement) == (Met.NOT_MET, "初级")
