import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.integration.money_world import World
from tests.integration.page_world import ADMINISTRATOR, PASSWORD, Site, served

BOOKING = {
    "verdict": "accept",
    "originals_checked": "true",
    "voucher_number": "记-0318",
    "paid_on": "2026-11-20",
    "payment_method": "transfer",
}


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    yield from served(database, furnished_world, tmp_path)


def test_an_expense_from_draft_to_voucher(site):
    host, legal, finance = site.of("周敏"), site.of("陈国栋"), site.of("刘芸")
    case = host.start()
    answer = host.sign("host_sign")
    assert answer.headers["Location"] == "/inbox"
    assert "已签字，下一步：法定代表人签字（陈国栋）。" in host.get("/inbox")
    page = legal.get(f"/tasks/{site.item('legal_sign').id}")
    assert '<mark class="sp-flag">工作餐</mark>' in page
    assert "《经费管理办法》第四条" in page
    assert "文件未规定" not in page
    legal.sign("legal_sign")
    item = site.item("finance_book").id
    wrong = finance.post(f"/tasks/{item}", BOOKING | {"voucher_number": ""})
    assert wrong.status_code == 422
    page = wrong.get_data(as_text=True)
    assert "请填写凭证号。" in page
    assert 'value="2026-11-20"' in page
    finance.post(f"/tasks/{item}", BOOKING)
    page = host.get(f"/cases/{case}")
    assert "已入账" in page
    voucher = host.client.get(f"/cases/{case}/voucher.pdf")
    assert voucher.data.startswith(b"%PDF")


def test_a_return_asks_for_its_reason_on_a_page_of_its_own(site):
    host, legal = site.of("周敏"), site.of("陈国栋")
    case = host.start()
    host.sign("host_sign")
    task = f"/tasks/{site.item('legal_sign').id}"
    page = legal.post(task, {"verdict": "return", "comment": ""})
    assert page.status_code == 200
    assert "写明退回的理由" in page.get_data(as_text=True)
    assert "is-wrong" not in page.get_data(as_text=True)
    again = legal.post(task, {"verdict": "return", "comment": "", "asked": "1"})
    assert again.status_code == 422
    assert "is-wrong" in again.get_data(as_text=True)
    legal.post(task, {"verdict": "return", "comment": "发票抬头不对。"})
    assert "“发票抬头不对。”" in host.get(f"/tasks/{site.item('revise_draft').id}")
    change = site.draft(**{"items.1.amount": "1200", "invoices.0.amount": "4320", "verdict": "submit"})
    host.post(f"/tasks/{site.item('revise_draft').id}", change)
    page = host.get(f"/cases/{case}")
    assert "周敏 11月23日 的签字作废" in page
    link = re.search(rf"/cases/{case}/changes/\d+", page)
    assert link
    changes = host.get(link[0])
    assert "明细第 2 行金额" in changes
    assert "1,368.00 元" in changes
    assert "1,200.00 元" in changes


def test_a_wrong_password_keeps_the_page_and_signs_nothing(site):
    host = site.of("周敏")
    host.start()
    answer = host.sign("host_sign", "wrong")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "密码不对，签字没有完成，请再输一次。" in page
    assert "肆仟肆佰捌拾捌元整" in page
    assert site.item("host_sign").revision == 1


def test_a_signature_of_content_that_changed_shows_the_latest(site):
    host = site.of("周敏")
    host.start()
    item = site.item("host_sign").id
    sent = {"password": PASSWORD, "content_hash": "0" * 64, "comment": "同意"}
    answer = host.post(f"/tasks/{item}/sign", sent)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "您看过之后内容有改动" in page
    assert ">同意</textarea>" in page


def test_a_done_task_keeps_its_address_and_a_second_click_is_harmless(site):
    host, legal = site.of("周敏"), site.of("陈国栋")
    host.start()
    item = site.item("host_sign").id
    host.sign("host_sign")
    page = legal.get(f"/tasks/{item}")
    assert "周敏已于 11月23日 周一 09:15 签字。" in page
    assert 'name="verdict"' not in page
    again = host.post(f"/tasks/{item}", {"verdict": "return", "comment": "x", "revision": "1"})
    assert again.headers["Location"] == f"/tasks/{item}"


def test_a_draft_of_a_task_is_found_again(site):
    host, finance = site.of("周敏"), site.of("刘芸")
    host.start()
    host.sign("host_sign")
    site.of("陈国栋").sign("legal_sign")
    task = f"/tasks/{site.item('finance_book').id}"
    finance.post(task, {"_save": "1", "voucher_number": "记-0400"})
    assert 'value="记-0400"' in finance.get(task)


def test_others_see_nothing_and_may_do_nothing(site):
    case = site.of("周敏").start()
    stranger = site.of("罗岚").client
    item = site.item("host_sign").id
    paths = (f"/cases/{case}", f"/tasks/{item}", f"/cases/{case}/diagram", f"/cases/{case}/voucher.pdf")
    assert [stranger.get(path).status_code for path in paths] == [404] * len(paths)
    assert site.of("陈国栋").client.get(f"/tasks/{item}").status_code == 200
    refused = site.of("陈国栋").post(f"/tasks/{item}", {"verdict": "return", "comment": "x", "revision": "1"})
    assert refused.status_code == 403


def test_withdrawing_copying_and_administering(site):
    host, admin = site.of("周敏"), site.of(ADMINISTRATOR)
    case = host.start()
    page = f"/cases/{case}/copy"
    host.post(page, {"people": str(site.world.people["高原"])})
    assert "抄送我的 1" in site.of("高原").get("/inbox")
    assert "要说的话" in host.post(f"/cases/{case}/comments", {"text": " "}, f"/cases/{case}").get_data(as_text=True)
    reason = admin.post(f"/cases/{case}/acts/suspend", {"comment": ""})
    assert reason.status_code == 422
    admin.post(f"/cases/{case}/acts/suspend", {"comment": "核查中"})
    assert "已暂停" in host.get(f"/cases/{case}")
    admin.post(f"/cases/{case}/acts/resume", {})
    host.post(f"/cases/{case}/acts/withdraw", {"comment": "填错了"})
    assert "已撤回" in host.get(f"/cases/{case}")
