"""From sign-in, role by role: what a person of the demo finds, may begin, and is refused."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import enter, sign_in, window

pytestmark = pytest.mark.browser
PASSWORD = "yunlan-2026"  # the demo's, said by `shenpi demo accounts`
LEDGER = ["待办", "发起", "台账", "档案", "评选", "公示", "规则"]
# Whose positions open neither ledger nor budget.
NO_MONEY = ["待办", "发起", "档案", "评选", "公示", "规则"]
# Whose positions open the filings of ranks, with the money and without.
FILER = ["待办", "发起", "台账", "档案", "评选", "备案", "公示", "规则"]
FILER_NO_MONEY = ["待办", "发起", "档案", "评选", "备案", "公示", "规则"]
APPLY, RANK = "主持人和成员申报", "职级申报"
HOSTS = ["招收成员", "学期计划", "工作室变动", "档案登记", "年度预算", "经费报销", RANK, APPLY]


@dataclass(frozen=True)
class Finds:
    """What somebody finds: the rail, what may be begun, and pages that do not open."""

    username: str
    rail: list[str]
    begins: list[str]
    is_refused: tuple[str, ...] = ("/people", "/studios/new", "/organizations/new?parent=1")


ROLES = {
    "studio host": Finds("zhoumin", LEDGER, HOSTS),
    "studio member": Finds("liruohan", LEDGER, ["档案登记", "经费报销", RANK, APPLY]),
    "homeroom teacher": Finds("muzhiyao", LEDGER, HOSTS),
    "legal representative": Finds("chenguodong", FILER, ["档案登记"]),
    "legal representative of a private school": Finds("xiahanzhang", LEDGER, []),
    "deputy principal": Finds("xuwenbin", FILER_NO_MONEY, ["档案登记", APPLY]),
    "moral education director": Finds(
        "zhengyalan",
        FILER_NO_MONEY,
        ["工作室变动", "档案登记", "处分登记", "职级更正", "职级补报", APPLY, "主持人评选", "名单公示", "校内投票"],
    ),
    "supervision office": Finds("xuan", NO_MONEY, ["档案登记", APPLY]),
    "finance officer": Finds("liuyun", LEDGER, ["冲销与退款"]),
    "process administrator": Finds(
        "hanxue", [*LEDGER, "人员", "设置"], ["任职交接", "档案登记", APPLY], ("/organizations/new?parent=1",)
    ),
    "bureau clerk": Finds("luoping", FILER, ["主持人评选"]),
    "bureau reviewer": Finds("qiaoan", FILER, []),
    "bureau leader": Finds("wenzhengping", FILER, []),
    "bureau finance": Finds("jiyuchen", LEDGER, []),
    "bureau auditor": Finds("fangyuan", LEDGER, []),
    "bureau administrator": Finds("mengfan", [*NO_MONEY, "人员", "设置"], [], ()),
    "district administrator": Finds("linxiao", [*NO_MONEY, "人员", "设置"], [], ()),
}


@pytest.fixture(scope="module")
def foreign_case(chromium, demo) -> str:
    """The address of a case that a school of another district has on its way."""
    with window(chromium, demo.address) as page:
        enter(page, "苏老师")
        page.goto("/?box=initiated")
        page.locator(".sp-item a").first.click()
        address = page.url.removeprefix(demo.address)
        assert address.startswith("/cases/")
        return address


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_finds(chromium, demo, role):
    finds = ROLES[role]
    with window(chromium, demo.address) as page:
        sign_in(page, finds.username, PASSWORD)
        expect(page.locator("h1")).to_have_text("待办")
        assert rail(page) == [*finds.rail, "我的"]
        page.goto("/start")
        assert page.locator(".sp-person b").all_inner_texts() == finds.begins
        for address in finds.is_refused:
            assert status(page, address) in {403, 404}, address
            expect(page.locator("main .sp-empty")).to_contain_text("您")


# The city's bureau sees what lies below it; nobody else sees another school's cases.
CITY = {"mengfan", "jiyuchen", "fangyuan", "luoping", "qiaoan", "wenzhengping"}
OUTSIDERS = [role for role, finds in ROLES.items() if finds.username not in CITY]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_another_schools_case_is_not_there(chromium, demo, foreign_case, role):
    with window(chromium, demo.address) as page:
        sign_in(page, ROLES[role].username, PASSWORD)
        assert status(page, foreign_case) == 404
        expect(page.locator("main h2")).to_have_text("没有找到")


def rail(page: Page) -> list[str]:
    return page.locator(".sp-rail li a > span:last-child").all_inner_texts()


def status(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer
    return answer.status
