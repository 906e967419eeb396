"""Lists in time and late, effective with the district or the city, and how bureaus see where each school stands."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.db.people import Organization
from app.db.rank_reviews import RankApplication, RankReview
from app.db.rules import RuleValue
from app.db.work import Notification
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.dossiers import Rank
from app.domain.errors import Refused
from app.domain.filings import BatchKind, Difference, FilingLevel, RowStatus, RowVerdict, Standing
from app.domain.ranks import RankReviewStage
from app.domain.vocabulary import Affiliation, Programme
from app.services.filings import batches, listing, progress, row_lists, runs
from app.services.filings.row_lists import Wanted
from app.services.rank_reviews import reviews
from app.services.rank_reviews.reviews import Terms
from app.services.rulebook import rules
from app.services.transactions import writing
from tests.integration.conftest import Site
from tests.integration.filing_world import DAY, YEAR, Filing, filing, in_the_year
from tests.integration.prepared import database, school
from tests.integration.rank_world import rank
from tests.integration.school import School
from tests.integration.test_filings import ranks, sent, standing

__all__ = ["database", "in_the_year", "school"]  # fixtures
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def told(world: Filing, name: str, words: str) -> int:
    found = Notification.person_id == world.people[name], Notification.text.contains(words)
    return len(world.school.session.scalars(select(Notification).where(*found)).all())


def test_a_late_list_is_marked_and_the_district_hears_of_it(site: Site) -> None:
    assert site.world is not None
    world = filing(site.world)
    session = world.school.session
    with writing(session):
        held = session.get_one(RankReview, world.review)
        held.dates = {**held.dates, "file_by": (clock.today() - DAY).isoformat()}
    batch = world.file()
    assert (batch.is_late, standing(world, world.run("district"))) == (True, (Standing.SUBMITTED, FilingLevel.DISTRICT))
    assert told(world, "district_clerk", "松风路小学逾期报来了") == 1
    assert told(world, "city_clerk", "逾期报来了") == 0
    run = world.run("district").id
    session.rollback()
    page = site.browser("district_clerk").get(f"/filings/{run}").text
    assert page.count("逾期报送") == 3
    assert "逾期</span>" in page
    assert "逾期</span>" in site.browser("office").get("/filings").text
    session.rollback()
    with writing(session):
        held = session.get_one(RankReview, world.review)
        assert not batches.add(session, held, BatchKind.SUPPLEMENT, ()).is_late


@SQLITE
def test_by_the_city_s_rule_ranks_are_effective_once_the_district_confirmed_them(school: School) -> None:
    world = filing(school, rank__effective_level="district")
    batch = world.file()
    back, *good = world.rows()
    world.audit("district", "district_clerk", RowVerdict.RETURN, back, reason="缺任职证明")
    world.audit("district", "district_clerk", RowVerdict.ACCEPT, *good)
    world.confirm("district")
    district, city = world.run("district"), world.run("city")
    assert [row.status for row in world.rows()] == [RowStatus.RETURNED, RowStatus.EFFECTIVE, RowStatus.EFFECTIVE]
    assert (world.waiting(district.instance_id), world.waiting(city.instance_id)) == ([], [])
    instance = batch.instance_id or 0
    world.do(instance, "correct_rows", "office", "submit", {"rows": [{"row": back.id, "note": "补上了证明"}]})
    world.do(instance, "sign_rows", "legal", "sign")
    world.pass_all("district")
    assert [(row.status, row.level) for row in world.rows()] == [(RowStatus.EFFECTIVE, FilingLevel.DISTRICT)] * 3
    assert [(one.issuer, one.number) for one in ranks(world)] == [
        ("临溪区教育局", f"{district.organization.code}-2026-{number:05d}") for number in (1, 2, 3)
    ]
    assert len(sent(world, "rank_settled")) == 3
    assert [one.payload for one in sent(world, "filing_settled")] == [{"effective": 3, "refused": 0}]
    assert world.case(instance).outcome == "filed"
    assert standing(world, city) == (Standing.SETTLED, None)
    assert (world.waiting(district.instance_id), world.waiting(city.instance_id)) == ([], [])


@SQLITE
def test_a_district_does_not_lower_the_level_of_its_city(school: School) -> None:
    world = filing(school)
    admin, place = school.actor("district_admin"), school.organizations["district"]
    own = RuleValue(
        organization_id=place,
        programme=Programme.RANK,
        parameter="rank.effective_level",
        value="district",
        from_on=clock.today(),
        reason="本区自定",
        changed_by_id=admin.person_id,
    )
    with pytest.raises(Refused) as caught:
        rules.change_rule(
            school.session,
            admin,
            place,
            "rank",
            own.parameter,
            own.value,
            from_on=own.from_on,
            reason=own.reason,
        )
    assert "市教育局按《职级方案》三（三）4规定为 市教育局，本局不能改。" in str(caught.value.errors["value"][0])
    with writing(school.session):
        # Kept before it was refused.
        school.session.add(own)
    world.file()
    world.pass_all("district")
    assert {row.status for row in world.rows()} == {RowStatus.PASSED}
    assert world.waiting(world.run("district").instance_id) == ["aggregate"]


@SQLITE
def test_bureaus_see_where_a_school_stands_and_how_a_row_differs_from_the_register(school: School) -> None:
    world = filing(school)
    rank(school, school.people["host"], "intermediate_2")
    rank(school, school.people["member"], "senior_1")
    rank(school, school.people["teacher"], "junior_2")
    world.file()
    district, city = world.run("district"), world.run("city")
    first = world.rows()[0]
    found = {
        one: [view.row.name for view in row_lists.rows(school.session, district, Wanted(difference=one)).items]
        for one in (*row_lists.DIFFERS, Difference.ANY, Difference.NONE)
    }
    everybody = ["周敏", "李若涵", "何静"]
    assert found == {
        Difference.REGISTER: everybody,
        Difference.SAME: ["周敏"],
        Difference.LOWER: ["李若涵"],
        Difference.LEAP: ["何静"],
        Difference.CORRECTION: [],
        Difference.RETURNED: [],
        Difference.ANY: everybody,
        Difference.NONE: [],
    }
    world.audit("district", "district_clerk", RowVerdict.RETURN, first, reason="和台账相同")
    world.confirm("district")
    assert standing(world, district) == (Standing.CORRECTING, None)
    assert standing(world, city) == (Standing.CORRECTING, None)
    with writing(school.session):
        other = RankReview(
            organization_id=school.organizations["sibling"],
            instance_id=city.instance_id,
            school_year=YEAR,
            stage=RankReviewStage.NO_APPLICANTS,
            dates={},
        )
        school.session.add(other)
    below = {one.name: one for one in listing.schools_below(school.session, city)}
    assert below["育新学校"].standing == Standing.NO_APPLICANTS
    ordered = progress.by_attention(list(below.values()), FilingLevel.CITY, is_over=True)
    assert [one.name for one in ordered] == ["松风路小学", "育新学校"]


@SQLITE
def test_who_was_an_assistant_is_placed_without_a_leap(school: School) -> None:
    world = filing(school, count=1)
    rank(school, school.people["host"], "assistant")
    world.file()
    with writing(school.session):
        world.rows()[0].held = Rank.ASSISTANT
    for wanted, names in ((Difference.ANY, []), (Difference.NONE, ["周敏"])):
        page = row_lists.rows(school.session, world.run("district"), Wanted(difference=wanted))
        assert [view.row.name for view in page.items] == names


@SQLITE
def test_a_direct_school_in_a_district_s_name_files_with_the_city(school: School) -> None:
    world = filing(school, count=1)
    with writing(school.session):
        school.session.get_one(Organization, world.place).affiliation = Affiliation.DIRECT
    batch = world.file()
    assert (batch.district_run_id, batch.city_run_id) == (None, world.run("city").id)
    assert standing(world, world.run("city")) == (Standing.SUBMITTED, FilingLevel.CITY)
    with writing(school.session):
        runs.expect(school.session, school.organizations["sibling"], YEAR)
    world.settle()
    below = listing.schools_below(school.session, world.run("district"))
    assert [one.name for one in below] == ["育新学校"]


# The year, the last day, a day, and the working days from the one to the other.
DUE = (
    # A Saturday in the holiday of Mid-Autumn.
    (2023, "2023-09-28", (9, 20), 6),
    # A Sunday on which one works.
    (2018, "2018-09-30", (9, 29), 1),
    # A Wednesday, and over.
    (2026, "2026-09-30", (10, 9), -2),
)


@SQLITE
def test_lists_are_due_on_the_working_day_before_a_holiday(school: School) -> None:
    world, session = filing(school), school.session
    cases = session.scalars(select(RankApplication.instance_id)).all()
    for case, (year, last, today, left) in zip(cases, DUE, strict=True):
        with clock.frozen(datetime(year, 9, 1, 8, tzinfo=SHANGHAI)), writing(session):
            opened = reviews.open_review(session, school.organizations["sibling"], case, Terms(7, "09-30", (-10,)))
            assert opened.dates["file_by"] == last
        due = progress.file_by(session, world.place, year)
        assert due is not None
        with clock.frozen(datetime(year, *today, 8, tzinfo=SHANGHAI)):
            assert (due.isoformat(), progress.days_left(due)) == (last, left)
