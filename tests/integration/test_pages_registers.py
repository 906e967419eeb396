"""The school's lists: what stands in each, what they may be narrowed to, for whom they open."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain import clock
from app.domain.dossiers import EntryKind, Level
from app.domain.registers import REGISTERS
from app.domain.vocabulary import Role
from app.views.presenters.registers import COLUMNS
from tests.integration import register_world as files
from tests.integration.conftest import Site
from tests.integration.school import School

TODAY = clock.today()
YEAR = TODAY.year
LAST = date(YEAR - 1, 5, 4)


@pytest.fixture
def school(site: Site) -> School:
    """Return a school with its office, and something in each register."""
    world = site.world
    assert world is not None
    files.person(world, "office", "叶澜", Role.MORAL_EDUCATION_OFFICE)
    files.person(world, "committee", "卫衡", Role.DISCIPLINE_COMMITTEE)
    files.person(world, "clerk", "温和", Role.BUREAU_CLERK, "district")
    common: dict[str, Any] = {"level": Level.CITY, "issuer": "云澜市教育局"}
    files.honour(world, "teacher", LAST)
    told: dict[str, Any] = {**common, "title": "先进班集体", "class_name": "三（2）班"}
    files.entry(world, "host", EntryKind.CLASS_HONOUR, TODAY, **told)
    files.service(world, "host", date(YEAR - 3, 9, 1), date(YEAR - 1, 7, 15), "一（1）班")
    files.service(world, "host", date(YEAR - 1, 9, 1))
    files.rank(world, "host", date(YEAR - 3, 9, 1), "junior_2")
    files.rank(world, "host", date(YEAR - 1, 9, 1), "junior_1")
    files.entry(world, "host", EntryKind.TITLE, LAST, category="intermediate", number="职-12")
    told = {**common, "title": "班主任研修班", "category": "junior", "hours": 24, "until_on": LAST + timedelta(days=2)}
    files.entry(world, "host", EntryKind.TRAINING, LAST, **told)
    files.entry(world, "host", EntryKind.PUBLICATION, LAST, title="一次班会", category="case", **common)
    files.entry(world, "host", EntryKind.PROJECT, LAST, title="自主管理研究", category="lead", number="课-3", **common)
    files.sanction(world, "member", LAST, LAST + timedelta(days=180))
    files.sanction(world, "finance", LAST)
    return world


@pytest.mark.usefixtures("school")
def test_each_register_says_what_was_verified(site: Site) -> None:
    browser = site.browser("office")
    said = {
        "honours": ("共 2 条", "优秀班主任", "班主任工作", "市级", "先进班集体", "三（2）班", "班集体荣誉"),
        "service": ("共 1 条", "三（2）班", "至今", f"截至{YEAR}年"),
        "ranks": ("共 1 条", "初级一档"),
        "titles": ("共 1 条", "中级", "职-12"),
        "credits": ("班主任研修班", "初级", "24", f"{YEAR - 1}年5月4日—{YEAR - 1}年5月6日"),
        "publications": ("一次班会", "案例"),
        "projects": ("自主管理研究", "主持", "课-3", f"{YEAR - 1}年5月4日起"),
        "sanctions": ("共 2 条", "警告", "校级", "已解除", "有效"),
    }
    assert set(said) == set(REGISTERS) == set(COLUMNS)
    for name, words in said.items():
        page = browser.get(f"/registers/{name}").text
        assert [word for word in words if word not in page] == [], name
        assert page.count('<th scope="col"') <= 6, name
    assert browser.get("/registers").location == "/registers/honours"


def test_lists_are_narrowed(site: Site, school: School) -> None:
    browser = site.browser("office")
    assert "共 2 条" in browser.get("/registers/ranks?as_of=").text
    for query, word, gone in (
        (f"ranks?as_of={YEAR - 2}-01-01", "初级二档", "初级一档</td>"),
        (f"service?as_of={YEAR - 2}-01-01", "一（1）班", "三（2）班"),
        ("honours?category=homeroom", "优秀班主任", "先进班集体"),
        (f"honours?year={YEAR}", "先进班集体", "优秀班主任"),
        ("honours?q=何静", "优秀班主任", "先进班集体"),
        (f"honours?person={school.people['host']}", "先进班集体", "优秀班主任"),
        ("honours?level=nation", "没有符合的登记", "优秀班主任"),
        ("honours?category=nonsense&level=nonsense&year=x", "共 2 条", "没有符合的登记"),
    ):
        page = browser.get(f"/registers/{query}").text
        assert word in page, query
        assert gone not in page, query
    statuses = {
        f"honours?organization={school.organizations['sibling']}": 404,
        f"honours?person={school.people['other_host']}": 404,
        "honours?as_of=yesterday": 422,
        "nothing": 404,
    }
    assert {path: browser.get(f"/registers/{path}").status_code for path in statuses} == statuses


def test_a_bureau_sees_whose_school_it_is_and_no_sanctions(site: Site, school: School) -> None:
    browser = site.browser("clerk")
    page = browser.get("/registers/honours").text
    assert "松风路小学" in page
    assert "/registers/sanctions" not in page
    assert browser.get("/registers/sanctions").status_code == 403
    sibling = school.organizations["sibling"]
    assert "没有符合的登记" in browser.get(f"/registers/honours?organization={sibling}").text


@pytest.mark.usefixtures("school")
def test_for_whom_the_lists_open(site: Site) -> None:
    opens = {"office": (200, 200), "deputy": (200, 403), "legal": (200, 403), "committee": (403, 200)}
    closed = ("teacher", "host", "member", "finance", "admin", "district_finance", "district_admin", "city_auditor")
    for who, expected in (opens | dict.fromkeys(closed, (403, 403))).items():
        browser = site.browser(who)
        found = tuple(browser.get(f"/registers/{name}").status_code for name in ("honours", "sanctions"))
        assert found == expected, who
        assert ('href="/registers"' in browser.get("/studio-register").text) == (who in opens), who
    assert site.browser("committee").get("/registers").location == "/registers/sanctions"
    assert "还没有核实过的登记" in _other_office(site)


def _other_office(site: Site) -> str:
    assert site.world is not None
    files.person(site.world, "other_office", "钟岩", Role.MORAL_EDUCATION_OFFICE, "sibling")
    return str(site.browser("other_office").get("/registers/honours").text)


@pytest.mark.usefixtures("school")
def test_pages_follow_each_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.registers.entries.PAGE", 1)
    browser = site.browser("office")
    first = browser.get("/registers/honours?as_of=&level=city").text
    assert "先进班集体" in first
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(address).text
    assert "优秀班主任" in second
    assert "回到第一页" in second
