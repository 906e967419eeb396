"""A district that does not answer, and schools that do not file: by when, who is reminded, who is told, and once each."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.db.work import IS_OPEN, Notification, WorkItem
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.services.filings import urging
from app.services.reading import history
from app.services.reading.cases import case_view
from tests.integration.api import Caller
from tests.integration.conftest import Site
from tests.integration.filing_world import YEAR, Filing, filing, in_the_year

LAST = date(2026, 10, 27)
FILED = datetime(2026, 9, 22, 10, tzinfo=SHANGHAI)
SCHOOLS_LATE, TEN_BEFORE, DAY_AFTER = (
    datetime(2026, *on, 9, 1, tzinfo=SHANGHAI) for on in ((10, 8), (10, 13), (10, 28))
)

__all__ = ["in_the_year"]  # a fixture
THREE_AFTER = datetime(2026, 10, 30, 9, 1, tzinfo=SHANGHAI)
DISTRICT = ("district_clerk", "district_reviewer", "district_leader")


@pytest.fixture
def filed(site: Site) -> Filing:
    """Return a school whose list lies with its district since September."""
    assert site.world is not None
    with clock.frozen(FILED):
        world = filing(site.world)
        world.file()
    return world


def told(world: Filing, name: str, words: str) -> int:
    """Count what somebody was told in certain words."""
    world.school.session.rollback()
    query = select(Notification.id).where(
        Notification.person_id == world.people[name], Notification.text.contains(words)
    )
    return len(world.school.session.scalars(query).all())


def pass_to(world: Filing, at: datetime) -> None:
    with clock.frozen(at):
        world.settle()


def test_a_bureau_learns_once_on_the_day_after_of_all_who_have_not_filed(filed: Filing) -> None:
    pass_to(filed, SCHOOLS_LATE.replace(hour=8))
    words = "下面还有 1 所学校没有报（育新学校）"
    assert told(filed, "city_clerk", words) == 0
    pass_to(filed, SCHOOLS_LATE)
    pass_to(filed, TEN_BEFORE)
    assert [told(filed, name, words) for name in ("city_clerk", "city_reviewer", "office")] == [1, 0, 0]


def test_a_district_is_reminded_and_when_it_is_late_its_heads_the_schools_and_the_city_learn(filed: Filing) -> None:
    assert filed.run("district").due_on == LAST
    pass_to(filed, TEN_BEFORE)
    words = "3 位待审核、0 位等汇总上报"
    before = [told(filed, name, words) for name in DISTRICT]
    with clock.frozen(TEN_BEFORE):
        filed.pass_all("district")
        waiting = WorkItem.instance_id == filed.run("district").instance_id, IS_OPEN
        found = filed.school.session.scalars(select(WorkItem).where(*waiting)).one()
        assert found.due_at is not None
        assert (found.element, clock.shanghai(found.due_at).date()) == ("aggregate", LAST)
    assert before == [1, 0, 0]
    pass_to(filed, DAY_AFTER)
    pass_to(filed, DAY_AFTER.replace(hour=15))
    late = "已经超过期限 1 个工作日。还有 0 位待审核、3 位等汇总上报"
    assert [told(filed, name, late) for name in DISTRICT] == [1, 1, 1]
    ask = "向临溪区教育局询问（经办：区里郑宁）"
    assert [told(filed, name, ask) for name in ("office", "legal", "teacher", "other_legal")] == [1, 1, 0, 0]
    city = "临溪区教育局过了期限还没有汇总上报"
    assert [told(filed, name, city) for name in ("city_clerk", "city_reviewer", "district_clerk")] == [1, 1, 0]
    pass_to(filed, THREE_AFTER)
    assert [told(filed, name, "已经超过期限") for name in DISTRICT] == [2, 2, 2]
    assert [told(filed, "office", ask), told(filed, "city_clerk", city)] == [1, 1]


def test_the_city_sees_how_late_a_district_is_and_urges_it(site: Site, filed: Filing) -> None:
    run = filed.run("city").id
    with clock.frozen(DAY_AFTER):
        filed.settle()
        page = site.browser("city_clerk").get(f"/filings/{run}").text
        assert "逾期 1 个工作日" in page
        assert "催办没有报的 1 所、逾期的 1 个区县" in page
        answer = Caller(site.app, "city_clerk").get("/filings", year=YEAR).get_json()
        assert [(one["rows"], one["days_late"]) for one in answer["late_districts"]] == [(3, 1)]
        below = Caller(site.app, "district_clerk").get("/filings", year=YEAR).get_json()
        assert below["late_districts"] == []
        assert "各区县汇总" not in site.browser("district_clerk").get(f"/filings/{filed.run('district').id}").text
        urged = urging.urge(filed.school.session, filed.actor("city_clerk"), run)
        filed.settle()
    assert (urged.schools, urged.districts) == (1, 1)
    assert [told(filed, name, "云澜市教育局催办") for name in DISTRICT] == [1, 1, 1]


def test_the_strip_shows_what_comes_of_an_audit_before_the_year_ends(filed: Filing) -> None:
    session = filed.school.session
    with clock.frozen(FILED):
        view = case_view(session, filed.actor("district_clerk"), filed.run("district").instance_id)
        steps = [one.element for one in history.strip(session, view) if one.state != "done"]
    assert steps[:4] == ["audit_rows", "confirm_rows", "aggregate", "sign_up"]
    assert steps[-1] == "closed"


def test_a_district_that_sums_up_in_time_hears_nothing_more(filed: Filing) -> None:
    with clock.frozen(TEN_BEFORE):
        filed.pass_all("district")
        case = filed.run("district").instance_id
        filed.do(case, "aggregate", "district_clerk", "submit")
        filed.do(case, "sign_up", "district_leader", "agree")
    pass_to(filed, THREE_AFTER)
    assert [told(filed, name, "已经超过期限") for name in DISTRICT] == [0, 0, 0]
    assert [told(filed, name, "没有汇总上报") for name in ("office", "city_clerk")] == [0, 0]
