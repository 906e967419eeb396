import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from app.db.processes import ProcessInstance
from app.db.work import Attachment
from tests.integration.money_world import World
from tests.integration.page_world import PDF, Site, served

BUREAU_FINANCE = "方圆"


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    yield from served(database, furnished_world, tmp_path)


def invoice(name: str = "发票.pdf") -> dict[str, tuple[io.BytesIO, str]]:
    return {"invoices.0.attachment": (io.BytesIO(PDF), name)}


def test_errors_stand_beside_their_fields_and_nothing_is_lost(site):
    host = site.of("周敏")
    sent = site.draft(**{"items.0.amount": "三千", "payee": ""}) | invoice()
    answer = host.post(host.start_path(), sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请填写收款人。" in page
    assert 'href="#f-items.0.amount">明细第 1 行金额：' in page
    assert 'value="三千"' in page
    kept = site.session.scalars(select(Attachment.id).where(Attachment.name == "发票.pdf")).all()[-1]
    assert f'name="invoices.0.attachment" value="{kept}"' in page
    right = host.post(host.start_path(), site.draft(**{"invoices.0.attachment": kept}))
    assert right.status_code == 302


def test_a_refusal_names_its_clause(site):
    host = site.of("周敏")
    answer = host.post(host.start_path(), site.draft(**{"invoices.0.amount": "10"}) | invoice())
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "两个合计要相等" in page
    assert "《经费管理办法》" in page


def test_a_double_click_starts_one_case(site):
    host = site.of("周敏")
    twice = {"request": "one-and-the-same"}
    first = host.post(host.start_path(), site.draft(**twice) | invoice())
    second = host.post(host.start_path(), site.draft(**twice) | invoice())
    assert first.headers["Location"] == second.headers["Location"]
    site.session.rollback()
    query = select(func.count()).where(ProcessInstance.process_key == "expense_approval")
    assert site.session.scalar(query) == 1


def test_rows_and_conditions_are_redrawn_without_checking(site):
    host = site.of("周敏")
    blank = {"items.0.name": "", "items.0.quantity": "", "items.0.amount": ""}
    more = host.post(host.start_path(), blank | {"_add": "items"})
    assert more.status_code == 200
    assert 'name="items.1.amount"' in more.get_data(as_text=True)
    less = host.post(host.start_path(), site.draft(_remove="items.0")).get_data(as_text=True)
    assert 'value="班会研究书籍"' in less
    assert 'name="items.1.name"' not in less
    assert 'name="asset_place"' not in host.get(host.start_path())
    shown = host.post(host.start_path(), site.draft(fixed_assets="true", _refresh="1")).get_data(as_text=True)
    assert 'name="asset_place"' in shown


def test_a_draft_is_found_again_and_gone_once_handed_in(site):
    host = site.of("周敏")
    host.post(host.start_path(), {"_save": "1", "payee": "青禾图文"})
    assert "有草稿" in host.get("/start")
    assert 'value="青禾图文"' in host.get(host.start_path())
    host.start()
    assert "有草稿" not in host.get("/start")


def test_a_file_is_shown_to_those_who_see_its_case(site):
    host = site.of("周敏")
    host.start()
    kept = site.session.scalars(select(Attachment.id).where(Attachment.name == "发票.pdf")).all()[-1]
    answer = site.of("陈国栋").client.get(f"/attachments/{kept}")
    assert answer.data == PDF
    answer.close()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf" in answer.headers["Content-Disposition"]
    assert site.of("罗岚").client.get(f"/attachments/{kept}").status_code == 404


def test_a_file_of_a_wrong_kind_is_refused_at_its_field(site):
    host = site.of("周敏")
    sent = site.draft() | {"invoices.0.attachment": (io.BytesIO(b"MZ rubbish"), "a.exe")}
    answer = host.post(host.start_path(), sent)
    assert answer.status_code == 422
    assert "不收这种文件" in answer.get_data(as_text=True)


def test_who_may_start_nothing_is_told_so(site):
    assert "现在没有您能发起的事" in site.of(BUREAU_FINANCE).get("/start")
    assert site.of(BUREAU_FINANCE).client.get(site.of("周敏").start_path()).status_code == 404
