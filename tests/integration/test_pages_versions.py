"""Versions of an organisation's own by pages alone: handed over, submitted, told, approved, retired, taken home."""

import io
import zipfile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import Notification
from app.engine.package import load_package
from app.services.timing import ticks
from tests.integration.page_world import ADMINISTRATOR, Site, served
from tests.integration.school import ROOT

KEY = "annual_budget"
DIAGRAM = load_package(KEY, ROOT / "processes", ROOT / "forms").diagram
CHANGED = DIAGRAM.replace('name="财务确认预算"', 'name="财务核对并确认预算"')
# The small city has two versions of the process: its own made by hand, and the built-in one.
PATH = f"/versions/{KEY}/3"
HEAD, TEACHER = "陈国栋", "周敏"


@pytest.fixture
def site(database, furnished_world, tmp_path):
    yield from served(database, furnished_world, tmp_path)


def hand_over(site: Site, diagram: str = CHANGED, name: str = "改过的.bpmn"):
    return site.of(ADMINISTRATOR).post("/versions/new", {"file": (io.BytesIO(diagram.encode()), name)})


def submitted(site: Site) -> None:
    assert hand_over(site).status_code == 302
    assert site.of(ADMINISTRATOR).post(f"{PATH}/submit", {}, page="/versions").status_code == 302


def told(session: Session, site: Site, name: str) -> list[str]:
    session.rollback()
    ticks.empty_outbox(session)
    person = site.world.people[name]
    return list(session.scalars(select(Notification.text).where(Notification.person_id == person)))


def test_a_version_goes_its_way_by_pages(site, session):
    admin, head = site.of(ADMINISTRATOR), site.of(HEAD)
    assert hand_over(site).status_code == 302
    page = admin.get("/versions")
    assert "草稿" in page
    assert f"{PATH}/approve" not in page
    assert admin.post(f"{PATH}/submit", {}, page="/versions").status_code == 302
    assert "等待批准" in head.get("/versions")
    assert "批准后马上发布" in head.get(f"{PATH}/approve")
    assert head.post(f"{PATH}/approve", {}).status_code == 302
    page = head.get("/versions")
    assert "现在用" in page
    assert f"{HEAD} 2026年11月23日批准" in page
    assert "不能恢复" in admin.get(f"{PATH}/retire")
    assert admin.post(f"{PATH}/retire", {}).status_code == 302
    page = admin.get("/versions")
    assert ("已停用" in page, "现在用</span>" in page) == (True, False)


def test_only_the_latest_that_is_published_holds(site):
    admin, head = site.of(ADMINISTRATOR), site.of(HEAD)
    for number, name in ((3, "财务核对预算"), (4, "财务再核对预算")):
        assert hand_over(site, CHANGED.replace("财务核对并确认预算", name)).status_code == 302
        path = f"/versions/{KEY}/{number}"
        admin.post(f"{path}/submit", {}, page="/versions")
        assert head.post(f"{path}/approve", {}).status_code == 302
    page = head.get("/versions")
    assert (page.count("现在用</span>"), page.count("有更新的</span>")) == (1, 1)
    assert page.index("第 4 版") < page.index("现在用</span>") < page.index("第 3 版")


def test_whoever_may_approve_is_told_and_then_the_submitter(site, session):
    submitted(site)
    [text] = told(session, site, HEAD)
    assert (ADMINISTRATOR in text, "第 3 版" in text, "流程版本" in text) == (True, True, True)
    assert told(session, site, ADMINISTRATOR) == told(session, site, TEACHER) == []
    assert text in site.of(HEAD).get("/notifications")
    site.of(HEAD).post(f"{PATH}/approve", {})
    assert ["陈国栋已批准" in each for each in told(session, site, ADMINISTRATOR)] == [True]
    assert len(told(session, site, HEAD)) == 1


def test_the_submitter_finds_no_way_to_approve(site):
    submitted(site)
    admin = site.of(ADMINISTRATOR)
    assert f"{PATH}/approve" not in admin.get("/versions")
    assert "提交的人不能自己批准" in admin.get(f"{PATH}/approve")
    assert admin.post(f"{PATH}/approve", {}, page="/versions/new").status_code == 403


def test_what_is_wrong_stands_in_a_table(site):
    answer = hand_over(site, DIAGRAM.replace('shenpi:role="finance_officer"', 'shenpi:role="nobody"'))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert ("怎样改" in page, "finance_confirm" in page) == (True, True)
    nothing = site.of(ADMINISTRATOR).post("/versions/new", {})
    assert (nothing.status_code, "请选一个" in nothing.get_data(as_text=True)) == (422, True)
    assert "还没有本单位自己的流程" in site.of(ADMINISTRATOR).get("/versions")


def test_the_package_is_taken_home(site):
    hand_over(site)
    answer = site.of(HEAD).client.get(f"{PATH}/package")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert f"processes/{KEY}/{KEY}.bpmn" in archive.namelist()


def test_the_entry_stands_where_somebody_may_approve(site):
    assert 'href="/versions"' in site.of(HEAD).get("/profile")
    assert 'href="/versions"' not in site.of(TEACHER).get("/profile")


def test_a_version_is_returned_on_a_page_with_its_reason(site, session):
    submitted(site)
    head = site.of(HEAD)
    assert f"{PATH}/return" in head.get("/versions")
    missing = head.post(f"{PATH}/return", {"reason": ""})
    assert (missing.status_code, "请写明为什么退回" in missing.get_data(as_text=True)) == (422, True)
    assert head.post(f"{PATH}/return", {"reason": "图上少一条退回的线。"}).status_code == 302
    page = site.of(ADMINISTRATOR).get("/versions")
    assert "已退回" in page
    assert "“图上少一条退回的线。”" in page
    assert any("图上少一条退回的线" in text for text in told(session, site, ADMINISTRATOR))
