"""Pages that save themselves: what a script sends, what the next device finds, and how a draft is thrown away."""

import re
from typing import Any

import pytest

from app.domain import clock
from tests.integration.absence_world import ask, publish
from tests.integration.conftest import Browser, Site

OPINION = "同意借用，请班主任到场。"


@pytest.fixture
def office(site: Site) -> Site:
    assert site.world is not None
    publish(site.world)
    ask(site.world, "host")
    return site


def task_of(browser: Browser) -> str:
    found = re.search(r'href="(/tasks/\d+)"', browser.get("/").text)
    assert found
    return found[1]


def save(browser: Browser, path: str, seen: int, comment: str = OPINION) -> tuple[int, Any]:
    answer = browser.post(path, {"_autosave": "1", "comment": comment, "draft_seen": str(seen)})
    return answer.status_code, answer.get_json()


def test_a_remark_saved_at_the_desk_is_found_on_the_phone(office: Site) -> None:
    desk, phone = office.browser("deputy"), office.browser("deputy")
    path = task_of(desk)
    assert 'name="draft_seen" value="0"' in desk.get(path).text
    at = clock.at(clock.today(), 14, 32)
    with clock.frozen(at):
        status, told = save(desk, path, 0)
    assert (status, told) == (200, {"said": "已自动保存 14:32", "revision": 1})
    page = phone.get(path).text
    assert OPINION in page
    assert f"这是您 {clock.shanghai(at).month}月{clock.shanghai(at).day}日" in page
    assert "14:32 的草稿" in page
    status, told = save(desk, path, 0, "别的")
    assert (status, told["revision"]) == (409, 1)
    assert "另一台设备" in told["said"]
    assert save(desk, path, 1, "别的")[0] == 200
    gone = phone.post(path, {"_discard": "1"})
    assert gone.status_code == 302
    assert "已丢弃草稿" in phone.get(path).text
    assert OPINION not in phone.get(path).text
    assert save(desk, path, 2)[1] == {
        "said": "这份草稿刚在另一台设备上提交或者丢弃了，这里填的没有保存。",
        "revision": 0,
    }


def test_the_page_that_asks_for_a_reason_keeps_the_form(office: Site) -> None:
    assert office.world is not None
    office.world.confirm_budget()
    office.world.start_expense()
    host = office.browser("host")
    path = task_of(host)
    assert save(host, path, 0, "一")[0] == 200
    answer = host.post(path, {"_autosave": "1", "asked": "1", "comment": "二", "draft_seen": "1"})
    assert answer.status_code == 200
    assert "二" in host.get(path).text


def test_what_is_done_is_not_saved_any_more(office: Site) -> None:
    deputy, teacher = office.browser("deputy"), office.browser("teacher")
    path = task_of(deputy)
    revision = re.search(r'name="revision" value="(\d+)"', deputy.get(path).text)
    assert revision
    assert save(teacher, path, 0)[0] == 404
    deputy.post(path, {"verdict": "agree", "revision": revision[1], "comment": ""})
    status, told = save(deputy, path, 0)
    assert status == 409
    assert told["revision"] is None


def test_a_start_form_saves_itself(office: Site) -> None:
    host = office.browser("host")
    place = office.world.organizations["school"] if office.world else 0
    path = f"/start/expense_approval?organization={place}"
    host.get(path)
    answer = host.post(path, {"_autosave": "1", "payee": "青禾印务", "draft_seen": "0"})
    assert answer.get_json()["revision"] == 1
    page = host.get(path).text
    assert "青禾印务" in page
    assert "的草稿" in page
    moved = host.post(path, {"_save": "1", "payee": "别家", "draft_seen": "0"})
    assert moved.status_code == 409
    assert "另一台设备" in moved.text
    assert "别家" in moved.text
    assert 'name="draft_seen" value="1"' in moved.text
    assert host.post(path, {"_save": "1", "payee": "别家", "draft_seen": "1"}).status_code == 302
    host.post(path, {"_discard": "1"})
    assert "别家" not in host.get(path).text


def test_own_opinions_are_kept_ordered_and_offered(office: Site) -> None:
    deputy = office.browser("deputy")
    deputy.get("/profile/opinions")
    for text in ("同意，请按期完成。", "  请和  政教处对接。 "):
        assert deputy.post("/profile/opinions", {"text": text}).status_code == 302
    page = deputy.get("/profile/opinions").text
    first, second = re.findall(r'action="/profile/opinions/(\d+)"', page)
    deputy.post(f"/profile/opinions/{second}", {"up": "1", "text": "请和 政教处对接。"})
    assert re.findall(r'action="/profile/opinions/(\d+)"', deputy.get("/profile/opinions").text) == [second, first]
    shown = deputy.get(task_of(deputy)).text
    assert shown.index("请和 政教处对接。") < shown.index("同意，请按期完成。") < shown.index("情况属实，同意。")
    assert deputy.post(f"/profile/opinions/{first}", {"text": ""}).status_code == 422
    assert deputy.post("/profile/opinions", {"text": "长" * 201}).status_code == 422
    assert deputy.post("/profile/opinions", {"text": "请和 政教处对接。"}).status_code == 422
    deputy.post(f"/profile/opinions/{first}", {"text": "同意，按期完成。"})
    assert "同意，按期完成。" in deputy.get("/profile/opinions").text
    finance = office.browser("finance")
    finance.get("/profile/opinions")
    assert finance.post(f"/profile/opinions/{first}", {"delete": "1"}).status_code == 404
    deputy.post(f"/profile/opinions/{first}", {"delete": "1"})
    assert "同意，按期完成。" not in deputy.get("/profile/opinions").text


def test_unread_is_marked_until_it_is_opened(office: Site) -> None:
    deputy = office.browser("deputy")
    assert "is-unread" in deputy.get("/").text
    deputy.get(task_of(deputy))
    page = deputy.get("/").text
    assert "is-unread" not in page
    assert "is-read" in page


def test_single_keys_are_switched_off(office: Site) -> None:
    deputy = office.browser("deputy")
    assert "data-keys" in deputy.get("/keyboard").text
    deputy.post("/keyboard", {"shortcuts": "off"})
    page = deputy.get("/").text
    assert "data-keys" not in page
    deputy.get("/keyboard")
    deputy.post("/keyboard", {"shortcuts": "on"})
    assert "data-keys" in deputy.get("/").text
