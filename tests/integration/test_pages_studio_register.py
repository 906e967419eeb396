"""The register of studios and a studio's page: what stands there, and for whom."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from app.db.people import Position
from app.db.processes import ProcessInstance
from app.domain import clock, semesters
from app.domain.vocabulary import Role
from app.services.studios import studio_pages, studios
from app.services.transactions import writing
from tests.integration import register_world as files
from tests.integration.conftest import Site
from tests.integration.school import School
from tests.integration.test_statements import statements

TODAY = clock.today()


@pytest.fixture
def school(site: Site) -> School:
    """Return a school with a graded studio that spent money before and has a budget now."""
    world = site.world
    assert world is not None
    world.confirm_budget()
    files.grade(world, world.studio, "去年第二学期", "excellent", date(TODAY.year, 1, 20))
    files.balance(world, world.studio, date(TODAY.year - 1, 8, 31), 1_200_000)
    return world


def plan(world: School, outcome: str, activities: list[tuple[int, str]], semester: str | None = None) -> None:
    """Keep a semester plan as it ended; the built-in process is walked by its scenarios."""
    world.session.rollback()
    values = {
        "submit_plan": {
            "semester": semester or semesters.around(TODAY)[0],
            "activities": [{"month": str(month), "name": name, "kind": "seminar"} for month, name in activities],
        }
    }
    with writing(world.session) as session:
        version = session.query(ProcessInstance.version_id).limit(1).scalar()
        number = session.query(ProcessInstance).count()
        case = ProcessInstance(
            serial=f"JH-SF01-{number}",
            verification_code=f"plan-{number}",
            version_id=version,
            process_key="semester_plan",
            organization_id=world.organizations["school"],
            studio_id=world.studio,
            title="计划",
            status="completed",
            outcome=outcome,
            state=b"",
            values=values,
            rules={},
        )
        session.add(case)


def test_the_register_lists_who_runs_what(site: Site, school: School) -> None:
    page = site.browser("teacher").get("/studio-register").text
    for words in ("共 1 个", "周敏名班主任工作室", "周敏", "市级"):
        assert words in page
    assert "罗佳" not in page
    bureau = site.browser("district_admin")
    assert "共 2 个" in bureau.get("/studio-register").text
    sibling = school.organizations["sibling"]
    assert "周敏" not in bureau.get(f"/studio-register?organization={sibling}").text
    assert "没有符合的工作室" in bureau.get("/studio-register?level=school").text
    assert site.browser("teacher").get(f"/studio-register?organization={sibling}").status_code == 404


def test_a_studio_that_ended_is_listed_only_where_all_are_asked_for(site: Site, school: School) -> None:
    studios.end_studio(site.session, school.actor("admin"), school.studio)
    browser = site.browser("teacher")
    assert "没有进行中的工作室" in browser.get("/studio-register").text
    page = browser.get("/studio-register?show=all").text
    assert "已结束" in page
    assert "周敏名班主任工作室" in page


def test_a_studio_s_page_for_each_reader(site: Site, school: School) -> None:
    with writing(site.session) as session:
        kept = {"organization_id": school.organizations["school"], "studio_id": school.studio}
        gone = {"from_on": TODAY - timedelta(days=90), "until_on": TODAY - timedelta(days=9)}
        session.add(Position(person_id=school.people["teacher"], role=Role.STUDIO_MEMBER, **kept, **gone))
    path = f"/studio-register/{school.studio}"
    everybody = (
        "周敏名班主任工作室",
        "松风路小学 · 市级",
        "工作室主持人",
        "李若涵",
        "接下来的活动",
        "曾经的人员",
        "何静",
    )
    money, graded = ("60,000.00", "12,000.00 元"), ("考核等级", "去年第二学期", "优秀")
    seen = {
        "teacher": (),
        "host": (*money, *graded),
        "member": (*money, *graded),
        "finance": (*money, *graded),
        "deputy": graded,
        "admin": money,
        "district_finance": (*money, *graded),
        "district_admin": (),
    }
    for who, more in seen.items():
        page = site.browser(who).get(path).text
        assert [words for words in (*everybody, *more) if words not in page] == [], who
        assert [words for words in {*money, *graded} - {*more} if words in page] == [], who
        assert (f'href="/studios/{school.studio}"' in page) == (who in {"admin", "district_admin"}), who
        assert ("提出变动" in page) == (who == "host"), who
    for who in ("other_host", "other_admin"):
        assert site.browser(who).get(path).status_code == 404, who


def test_what_filed_plans_say_of_this_month_and_later(site: Site, school: School) -> None:
    [now, following] = semesters.around(TODAY)
    plan(school, "filed", [(TODAY.month, "本月的研讨")], now)
    plan(school, "filed", [(3 if following.endswith("2") else 9, "下学期的活动")], following)
    plan(school, "refused", [(TODAY.month, "没有同意的")], now)
    before = f"{int(now[:4]) - 1}-{now[-1]}"
    plan(school, "filed", [(TODAY.month, "一年前的活动"), (13, "没有这个月")], before)
    page = site.browser("teacher").get(f"/studio-register/{school.studio}").text
    assert page.index("本月的研讨") < page.index("下学期的活动")
    for words in ("没有同意的", "一年前的活动", "没有这个月"):
        assert words not in page


def test_a_studio_s_page_costs_the_same_however_much_it_holds(world: School) -> None:
    world.confirm_budget()
    reader = world.actor("legal")
    costs = []
    for number in range(2):
        for place in range(1 + 20 * number):
            files.grade(world, world.studio, f"{number}/{place}", "good", TODAY)
            files.balance(world, world.studio, TODAY - timedelta(days=100 * number + place), 100)
            files.person(world, f"m{number}{place}", f"成员{place}", Role.TEACHER)
            with writing(world.session) as session:
                kept = {"organization_id": world.organizations["school"], "studio_id": world.studio, "from_on": TODAY}
                session.add(Position(person_id=world.people[f"m{number}{place}"], role=Role.STUDIO_MEMBER, **kept))
        with statements(world.session) as seen:
            page = studio_pages.studio_page(world.session, reader, world.studio)
            assert all(post.person.name for post in page.posts)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 9


def test_a_change_is_proposed_from_the_page_of_the_studio(site: Site, school: School) -> None:
    page = site.browser("host").get(f"/studio-register/{school.studio}").text
    address = next(found for found in re.findall(r'href="([^"]+)"', page) if "studio_change" in found)
    form = site.browser("host").get(unescape(address)).text
    assert re.search(rf'value="{school.studio}" selected', form)
    studios.end_studio(site.session, school.actor("admin"), school.studio)
    ended = site.browser("host").get(f"/studio-register/{school.studio}").text
    assert [words for words in ("提出变动", "接下来的活动") if words in ended] == []
