"""The statistics of ranks: of whom they are taken, as of which day, for whom, and what is not broken down."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from app.db.people import Organization
from app.domain.vocabulary import Affiliation, Role
from app.services.ranks.statistics import statistics
from app.services.transactions import writing
from tests.integration import register_world as files
from tests.integration.api import Served
from tests.integration.conftest import Site
from tests.integration.rank_world import listed, offices, rank, teachers
from tests.integration.school import School
from tests.integration.statements import statements_of


def told(served: Served, who: str, **query: Any) -> dict[str, Any]:
    answer = served.as_(who).get("/statistics/ranks", **query)
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.get_json()
    return found


def held(unit: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in unit["by_rank"].items() if count}


def peopled(school: School) -> list[int]:
    """Give a school six homeroom teachers and its sibling three, some of them with ranks."""
    offices(school)
    own, others = teachers(school, 7), teachers(school, 3, "sibling")
    listed(school, own[:6])
    listed(school, others, "sibling")
    rank(school, own[0], "junior_2", date(2024, 10, 15))
    rank(school, own[0], "junior_1", date(2025, 10, 15))
    rank(school, own[1], "intermediate_2")
    # Holds a rank, and leads no class.
    rank(school, own[6], "senior_1")
    rank(school, others[0], "junior_2")
    return own


def test_ranks_are_counted_of_the_homeroom_teachers_on_the_list_of_the_day(served: Served) -> None:
    own = peopled(served.school)
    now = told(served, "office")
    assert (now["total"]["homeroom_teachers"], held(now["total"])) == (6, {"junior_1": 1, "intermediate_2": 1})
    assert (now["total"]["unranked"], now["total"]["confirmed"], now["total"]["withheld"]) == (4, 1, 0)
    before = told(served, "office", as_of="2025-10-01")
    assert held(before["total"]) == {"junior_2": 1, "intermediate_2": 1}
    # Before the first list, nobody knows of how many.
    assert told(served, "office", as_of="2025-08-31")["total"]["confirmed"] == 0
    listed(served.school, own[1:3], from_on=date(2026, 9, 1))
    assert told(served, "office", as_of="2026-09-02")["total"]["homeroom_teachers"] == 2
    assert served.as_("office").get("/statistics/ranks", as_of="x").status_code == 422


def test_a_school_sees_itself_and_a_bureau_what_is_below(served: Served) -> None:
    peopled(served.school)
    at = served.school.organizations
    assert [unit["organization"]["id"] for unit in told(served, "office")["units"]] == [at["school"]]
    district = told(served, "clerk")
    assert [unit["homeroom_teachers"] for unit in district["units"]] == [6, 3]
    assert held(district["total"]) == {"junior_1": 1, "junior_2": 1, "intermediate_2": 1}
    for who, organization, status in (
        ("office", at["district"], 404),
        ("office", at["sibling"], 404),
        ("clerk", at["city"], 404),
        ("teacher", at["school"], 403),
        ("teacher", None, 403),
        ("clerk", at["school"], 200),
    ):
        query = {"organization": organization} if organization else {}
        assert served.as_(who).get("/statistics/ranks", **query).status_code == status, who
        assert served.as_(who).get("/statistics/ranks.xlsx", **query).status_code == status, who


def test_a_group_under_five_is_not_broken_down_for_who_does_not_see_its_people(served: Served) -> None:
    peopled(served.school)
    found = told(served, "leader")
    own, sibling = found["units"]
    assert (sibling["homeroom_teachers"], sibling["withheld"], held(sibling), sibling["unranked"]) == (3, 3, {}, 0)
    assert held(own) == {"junior_1": 1, "intermediate_2": 1}
    # Nor does the total tell of them by what it has beside the others.
    assert (held(found["total"]), found["total"]["withheld"], found["total"]["homeroom_teachers"]) == (held(own), 3, 9)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_city_sees_its_districts_and_direct_schools_and_looks_into_a_district(served: Served) -> None:
    school, at = served.school, served.school.organizations
    peopled(school)
    files.person(school, "city_clerk", "罗文", Role.BUREAU_CLERK, "city")
    files.person(school, "city_leader", "钱进", Role.BUREAU_LEADER, "city")
    with writing(school.session):
        direct, city = (school.session.get_one(Organization, at[name]) for name in ("sibling", "city"))
        direct.parent_id, direct.affiliation, direct.path = city.id, Affiliation.DIRECT, f"{city.path}{direct.id}/"
    everybody = {"junior_1": 1, "junior_2": 1, "intermediate_2": 1}
    for who, withheld, ranks in (("city_clerk", 0, everybody), ("city_leader", 3, everybody | {"junior_2": 0})):
        found = told(served, who)
        units = [(one["organization"]["id"], one["schools"], one["homeroom_teachers"]) for one in found["units"]]
        assert units == [(at["district"], 1, 6), (at["sibling"], 1, 3)]
        assert (found["total"]["homeroom_teachers"], found["total"]["withheld"]) == (9, withheld)
        assert held(found["total"]) == {name: count for name, count in ranks.items() if count}
        below = told(served, who, organization=at["district"])
        assert [one["organization"]["id"] for one in below["units"]] == [at["school"]]
    assert served.as_("clerk").get("/statistics/ranks", organization=at["sibling"]).status_code == 404


def test_the_sheet_has_a_row_for_each_school(served: Served) -> None:
    peopled(served.school)
    sheet = load_workbook(BytesIO(served.as_("leader").get("/statistics/ranks.xlsx").data)).worksheets[0]
    heads, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(map(str, heads), row, strict=True)) for row in rows]
    told_of = [(row["学校"], row["主管教育局"], row["班主任"], row["中级二档"], row["不分列"]) for row in found]
    assert told_of == [
        ("松风路小学", "临溪区教育局", 6, 1, 0),
        ("育新学校", "临溪区教育局", 3, None, 3),
        ("合计", None, 9, 1, 3),
    ]


def test_more_schools_and_people_cost_no_more_statements(world: School) -> None:
    peopled(world)
    clerk = world.actor("clerk")

    def counted() -> int:
        world.session.rollback()
        return statements_of(world, lambda: statistics(world.session, clerk, None, date(2026, 11, 1)))

    before = counted()
    listed(world, teachers(world, 30), from_on=date(2026, 9, 1))
    assert counted() == before <= 4


@pytest.mark.parametrize("who", ["office", "clerk", "leader"])
def test_the_page_gives_each_number_its_denominator(site: Site, who: str) -> None:
    assert site.world is not None
    peopled(site.world)
    page = site.browser(who).get("/statistics/ranks").text
    said = {
        "office": ("松风路小学 · 截至", "有职级的班主任（人）", "/ 6", "初级一档 1 人"),
        "clerk": ("育新学校", "合计", "/ 9", "2 / 2"),
        "leader": ("不足 5 人的学校只计人数", "其中 3 人", "/ 6"),
    }
    assert [words for words in said[who] if words not in page] == []
    assert ("合计</th>" in page) == (who != "office")
    assert site.browser(who).get("/statistics/ranks.xlsx").status_code == 200
    assert site.browser("teacher").get("/statistics/ranks").status_code == 403
