from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.domain import clock
from app.services import outbox
from app.services.telling.notices import notify
from tests.integration.money_world import NOW, World
from tests.integration.page_world import Site, served


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    yield from served(database, furnished_world, tmp_path)


def test_the_inbox_groups_by_deadline_and_searches(site):
    host = site.of("周敏")
    host.start()
    assert "三个工作日内" in host.get("/")
    with clock.frozen(NOW + timedelta(days=7)):
        late = host.get("/inbox?due=late")
        assert "已超时" in late
        assert "超过 2 个工作日" in late
    assert "跨校主题班会" in host.get("/inbox?q=跨校")
    assert "没有找到" in host.get("/inbox?q=不存在")
    assert "跨校主题班会" in host.get("/inbox?q=bx-2026-0001")
    assert "没有找到" in host.get("/inbox?q=bx-2026-0002")
    assert "都办完了" in site.of("高原").get("/")


def test_lists_are_paged_by_cursor(site):
    host = site.of("周敏")
    for number in range(21):
        items = {"items.0.amount": "1", "items.1.amount": "1", "invoices.0.amount": "2"}
        host.start(**items, **{"invoices.0.number": f"N{number}", "purpose": f"第{number}件"})
    first = host.get("/inbox")
    assert "第 1—20 件，共 21 件" in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = host.get(following)
    assert "第 21—21 件" in second
    assert "回到第一页" in second


def test_boxes_follow_a_case(site):
    host = site.of("周敏")
    host.start()
    assert "办理中" in host.get("/inbox?box=initiated")
    assert "这里还没有" in host.get("/inbox?box=done")
    host.sign("host_sign")
    assert "签字" in host.get("/inbox?box=done")


def test_what_one_was_told_is_read_once(site):
    host, legal = site.of("周敏"), site.of("陈国栋")
    host.start()
    host.sign("host_sign")
    legal.post(f"/tasks/{site.item('legal_sign').id}", {"verdict": "return", "comment": "发票抬头不对。"})
    site.session.rollback()
    ignored = dict.fromkeys(("copied", "signature_voided"), lambda *_: None)
    outbox.dispatch(site.session, {"notify": notify, **ignored})
    page = host.get("/notifications")
    assert "1 条没有看过" in page
    host.post("/notifications", {"up_to": "99"})
    assert "都看过了" in host.get("/notifications")


def test_rows_show_the_summary_without_the_amount_that_has_its_own_column(site):
    host = site.of("周敏")
    host.start()
    page = host.get("/inbox")
    assert "<b>工作室</b> 周敏工作室" in page
    assert "<b>收款人</b> 周敏" in page
    assert "<b>金额</b>" not in page
