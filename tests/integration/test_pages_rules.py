"""The rules pages: who reads, who changes, what a lock refuses."""

from datetime import timedelta

import pytest

from app.domain import clock
from app.services.rulebook import rules
from app.views.words import full_day
from tests.integration.conftest import Site

DAYS = "/rules/city_studio/expense.sign_working_days"
MATCH = "/rules/city_studio/funding.match_min"


@pytest.fixture
def today() -> str:
    return clock.today().isoformat()


def test_everybody_of_the_school_reads_its_rules(site: Site):
    page = site.browser("teacher").get("/rules").text
    assert "松风路小学现行 94 项" in page
    assert "《经费管理办法》第四条" in page
    assert "文件未规定，本单位设定" in page
    assert ">修改<" not in page
    assert "采用规则包" not in page


def test_an_administrator_sees_what_may_be_changed(site: Site):
    page = site.browser("admin").get("/rules").text
    assert "固定，不能改" in page
    assert "只能提高" in page
    assert 'aria-label="修改报销签字期限"' in page
    assert 'aria-label="修改报销签字人"' not in page


def test_filter_and_search_narrow_the_list(site: Site):
    browser = site.browser("admin")
    page = browser.get("/rules?q=expense.sign_working&pack=city_studio").text
    assert "报销签字期限" in page
    assert "经费来源方式" not in page
    assert "没有符合的规则" in browser.get("/rules?filter=pending").text
    assert "松风路小学现行 0 项" in browser.get("/rules?pack=rank").text


def test_a_value_is_changed_and_its_past_stays(site: Site, today: str):
    browser = site.browser("admin")
    page = browser.get(DAYS).text
    assert "新值" in page
    answer = browser.post(DAYS, {"value": "4", "from": today, "reason": "校长常出差"})
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "已保存：报销签字期限从" in page
    assert page.index("校长常出差") < page.index("采用《市级名班主任工作室规则包》")
    assert "韩雪" in page
    assert "本校设定 1" in browser.get("/rules?filter=own").text


def test_a_later_date_waits(site: Site):
    browser = site.browser("admin")
    later = clock.today() + timedelta(days=10)
    browser.get(DAYS)
    browser.post(DAYS, {"value": "4", "from": later.isoformat(), "reason": "下学期"})
    page = browser.get("/rules?filter=pending").text
    assert f"{full_day(later)}起：4 个工作日" in page
    assert "将要生效" in browser.get(DAYS).text


def test_beyond_the_lock_names_level_and_clause_and_keeps_what_was_typed(site: Site, today: str):
    browser = site.browser("admin")
    browser.get(MATCH)
    answer = browser.post(MATCH, {"value": "1:2", "from": today, "reason": "经费紧"})
    assert answer.status_code == 422
    assert "没有保存：" in answer.text
    assert "市教育局按《经费管理办法》第二条规定不低于 1 : 1，本校只能提高。" in answer.text
    assert "按不低于1:1的经费配套比例" in answer.text
    assert 'value="1:2"' in answer.text
    assert "经费紧" in answer.text


def test_every_fault_is_named(site: Site):
    browser = site.browser("admin")
    browser.get(DAYS)
    answer = browser.post(DAYS, {"value": "三", "from": "明天", "reason": ""})
    assert answer.status_code == 422
    assert "请填写整数" in answer.text
    assert "日期请写成" in answer.text
    past = (clock.today() - timedelta(days=1)).isoformat()
    answer = browser.post(DAYS, {"value": "4", "from": past, "reason": ""})
    assert "生效日期不能早于今天" in answer.text
    assert "请写明为什么改" in answer.text


def test_ceilings_have_a_field_for_each_category(site: Site, today: str):
    browser = site.browser("admin")
    url = "/rules/city_studio/expense.ceilings"
    assert 'name="value.books"' in browser.get(url).text
    answer = browser.post(url, {"value.books": "2,000.50", "from": today, "reason": "项目支出标准"})
    assert answer.status_code == 302
    assert "2,000.50 元" in browser.get(url).text
    answer = browser.post(url, {"value.books": "两千", "from": today, "reason": "项目支出标准"})
    assert (answer.status_code, "两千" in answer.text) == (422, True)


def test_tables_are_read_only_and_fixed_rules_too(site: Site, today: str):
    browser = site.browser("admin")
    page = browser.get("/rules/city_studio/consequences").text
    assert "黄牌警告" in page
    assert "这里只能看" in page or "不能改" in page
    for parameter in ("consequences", "expense.signers"):
        answer = browser.post(f"/rules/city_studio/{parameter}", {"value": "x", "from": today, "reason": "试"})
        assert answer.status_code == 403


def test_only_the_own_administrator_changes(site: Site, today: str):
    world = site.world
    assert world is not None
    school = world.organizations["school"]
    asked = {"value": "4", "from": today, "reason": "试"}
    for name, status in (
        ("teacher", 403),
        ("legal", 403),
        ("other_admin", 404),
        ("city_auditor", 403),
        ("city_admin", 403),
    ):
        browser = site.browser(name)
        assert browser.post(f"{DAYS}?organization={school}", asked).status_code == status, name
    assert rules.effective_rules(site.session, school, "city_studio")["expense.sign_working_days"].value == 3


def test_neighbours_find_nothing_and_bureaus_read_below(site: Site):
    world = site.world
    assert world is not None
    school = world.organizations["school"]
    assert site.browser("other_admin").get(f"/rules?organization={school}").status_code == 404
    bureau = site.browser("city_admin")
    page = bureau.get(f"/rules?organization={school}").text
    assert "松风路小学现行 94 项" in page
    assert ">修改<" not in page
    assert ">修改<" in bureau.get("/rules").text
    assert bureau.get("/rules/no/such").status_code == 404


def test_a_pack_is_adopted_by_administrators_only(site: Site):
    world = site.world
    assert world is not None
    school = world.organizations["school"]
    browser = site.browser("admin")
    assert "校级名班主任工作室规则包" in browser.get("/rules/adopt").text
    asked = {"organization": school, "pack": "s0", "from": "2025-09-01"}
    assert browser.post("/rules/adopt", {**asked, "pack": ""}).status_code == 422
    answer = browser.post("/rules/adopt", asked)
    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "已采用《校级名班主任工作室规则包》，2025年9月1日起生效。" in page
    assert "校级名班主任工作室" in page
    assert browser.post("/rules/adopt", asked).status_code == 409
    assert site.browser("teacher").get("/rules/adopt").status_code == 403
    assert site.browser("other_admin").post("/rules/adopt", asked).status_code == 404
