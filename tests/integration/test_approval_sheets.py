"""The approval sheet 审批单: what it says to whom, and what its code stands for as the case moves on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.domain import clock
from app.domain.vocabulary import Role
from app.services import settings
from app.services.publishing import definitions
from app.services.reading import comments
from app.services.transactions import writing
from tests.integration.api import BOOKING, Served
from tests.integration.panel_world import publish
from tests.integration.prepared import grant
from tests.integration.school import School
from tests.printed import pages_of, scanned, words_of
from tests.restricted_process import restricted_package

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LIMIT = 5 * 2**20
PHONE = "13800001234"


@pytest.fixture(autouse=True)
def installed(world: School) -> None:
    with writing(world.session):
        settings.write(world.session, settings.INSTALLED, value=True)


def sheet(served: Served, name: str, case: int) -> bytes:
    answer = served.as_(name).get(f"/instances/{case}/print.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.get_data(as_text=True)
    return bytes(answer.data)


def verified(served: Served, content: bytes) -> dict[str, Any]:
    """Return what the code on a sheet stands for, as anybody finds it without signing in."""
    url = scanned(content)
    assert url.startswith("http://127.0.0.1:8000/verify/")
    answer = served.app.test_client().get(url, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


@contextmanager
def expense(served: Served) -> Iterator[int]:
    served.school.confirm_budget()
    yield served.filed()["id"]


def test_it_tells_form_opinions_signatures_returns_and_what_is_open(served: Served) -> None:
    with expense(served) as case:
        served.as_("host").complete("host_sign", "sign")
        served.as_("legal").complete("legal_sign", "return", comment="发票不清，请补拍。")
        again = served.as_("host").task("revise_draft")["values"] | {"payee": "云澜市青禾印务有限公司"}
        served.as_("host").complete("revise_draft", "submit", values=again)
        served.as_("host").post(f"/instances/{case}/comments", {"text": "原件已交刘芸。"})
        served.as_("host").post(f"/instances/{case}/copy", {"people": [served.school.people["teacher"]]})
        words = words_of(sheet(served, "host", case))
        for expected in (
            "经费报销审批单",
            "BX-SF01-",
            "办理中",
            "周敏·工作室主持人".replace("·", ""),
            "肆仟肆佰捌拾捌元整",
            "云澜市青禾印务有限公司",
            "研修资料印制",
            "发票.pdf",
            "“发票不清，请补拍。”",
            "陈国栋退回",
            "法定代表人",
            "已作废",
            "的签字作废",
            "“原件已交刘芸。”",
            "周敏抄送",
            "现在等谁办主持人签字周敏".replace("现在等谁办", ""),
            "第2版",
        ):
            assert expected in words.replace("・", "").replace("·", ""), expected
        history = words[words.index("办理经过") :]
        assert history.index("起草报销") < history.index("陈国栋退回") < history.index("修改报销单")


def test_a_code_says_whether_the_case_moved_on(served: Served) -> None:
    with expense(served) as case:
        first = sheet(served, "host", case)
        found = verified(served, first)
        assert found == {
            "kind": "经费报销审批单",
            "serial": served.seen("host", {"id": case})["serial"],
            "organization": "松风路小学",
            "date": clock.today().isoformat(),
            "hash": found["hash"],
            "fingerprint": found["fingerprint"],
            "is_valid": True,
            "has_moved_on": False,
        }
        assert found["fingerprint"].replace(" ", "") in words_of(first)
        assert sheet(served, "host", case) == first, "the same state has the same paper"
        page = served.app.test_client().get(scanned(first)).get_data(as_text=True)
        assert "这张审批单属实，之后没有再办理。" in page
        assert "周敏" not in page
        served.as_("host").complete("host_sign", "sign")
        assert verified(served, first) == found | {"is_valid": False, "has_moved_on": True}
        assert "之后还有办理" in served.app.test_client().get(scanned(first)).get_data(as_text=True)
        second = sheet(served, "host", case)
        assert scanned(second) != scanned(first)
        assert verified(served, second)["is_valid"]


def test_an_ended_case_prints_as_it_ended(served: Served) -> None:
    with expense(served) as case:
        served.as_("host").complete("host_sign", "sign")
        served.as_("legal").complete("legal_sign", "sign")
        booked = served.as_("finance").complete(
            "finance_book", "accept", values={**BOOKING, "paid_on": clock.today().isoformat()}
        )
        assert booked.status_code == 200, booked.json
        words = words_of(sheet(served, "host", case))
        assert "已入账" in words
        assert "现在等谁办" not in words
        assert "记-0318" in words


def test_each_role_prints_the_cases_that_it_sees(served: Served) -> None:
    with expense(served) as case:
        served.as_("host").complete("host_sign", "sign")
        expected = {
            "host": 200,
            "legal": 200,
            "finance": 200,
            "admin": 200,
            "district_finance": 200,
            "district_admin": 200,
            "deputy": 404,
            "teacher": 404,
            "other_legal": 404,
            "other_finance": 404,
            "other_admin": 404,
        }
        found = {name: served.as_(name).get(f"/instances/{case}/print.pdf").status_code for name in expected}
        assert found == expected
        assert served.as_("host").get("/instances/999999/print.pdf").status_code == 404


def test_opinions_that_were_asked_for_stand_in_the_history(served: Served) -> None:
    case = aid(served)
    task = served.as_("finance").task("review")
    deputy = served.school.people["deputy"]
    asked = served.as_("finance").post(f"/tasks/{task['id']}/delegate", {"to": deputy, "reason": "请看家访情况。"})
    assert asked.status_code == 200, asked.json
    assert "许文彬" in words_of(sheet(served, "host", case))
    answered = served.as_("deputy").complete("review", "agree", comment="家访属实，建议补助。")
    assert answered.status_code == 200, answered.json
    served.as_("finance").complete("review", "agree")
    words = words_of(sheet(served, "host", case))
    assert "“请看家访情况。”" in words
    assert "“家访属实，建议补助。”" in words
    assert words.index("请看家访情况") < words.index("家访属实") < words.rindex("刘芸"), words


def aid(served: Served) -> int:
    with writing(served.school.session):
        definitions.publish_built_in(served.school.session, restricted_package())
    values = {"topic": "冬衣补助", "words": "家里有困难。", "phone": PHONE}
    answer = served.as_("host").file(served.school, values, "aid")
    assert answer.status_code == 201, answer.json
    found: int = answer.json["id"]
    return found


@pytest.mark.parametrize(
    ("name", "sees"), [("host", True), ("finance", False), ("legal", True), ("admin", True), ("district_admin", True)]
)
def test_a_field_hidden_from_a_task_is_hidden_from_who_does_it(served: Served, name: str, *, sees: bool) -> None:
    case = aid(served)
    for _before_and_after in range(2):
        assert (PHONE in words_of(sheet(served, name, case))) is sees
        assert (PHONE in json.dumps(served.seen(name, {"id": case}))) is sees
        if served.seen("host", {"id": case})["open_tasks"][0]["element"] == "review":
            served.as_("finance").complete("review", "agree")


def test_signs_beyond_the_fonts_are_told_by_their_number(served: Served) -> None:
    case = aid(served)
    remark = "𠀋老师家访，𬭊、䶮、㛃都印得出 👍\u200d\ufe0f\u202e"
    served.as_("host").post(f"/instances/{case}/comments", {"text": remark})
    words = words_of(sheet(served, "host", case))
    assert "〔U+2000B〕老师家访，𬭊、䶮、㛃都印得出👍" in words
    assert "国际编码里的号码" in words


def test_a_long_case_stays_a_small_file(served: Served) -> None:
    case = aid(served)
    host = served.school.actor("host")
    for number in range(200):
        comments.comment(served.school.session, host, case, f"第 {number} 次沟通：" + "家长说明情况，已经记录。" * 5)
    served.as_("finance").complete("review", "return", comment="请补写。" * 400)
    values = {"topic": "冬衣补助", "words": "情况说明：" + "天气转凉，需要添置冬衣。\n" * 300}
    served.as_("host").complete("revise", "submit", values=values)
    content = sheet(served, "host", case)
    pages = pages_of(content)
    assert len(content) < LIMIT
    assert len(pages) > 8
    assert all(f"第{number}次沟通" in "".join(pages) for number in range(200))
    assert all(f"第{number}页，共{len(pages)}页" in page for number, page in enumerate(pages, 1))


@pytest.mark.parametrize(("secrecy", "tells"), [("named", True), ("confidential", False)])
def test_answers_of_many_are_told_only_where_they_are_named(served: Served, secrecy: str, *, tells: bool) -> None:
    publish(served.school, secrecy=secrecy, closing="all", form="opinion")
    for name in ("legal", "deputy", "finance"):
        grant(served.school, name, Role.LEADERSHIP_GROUP_MEMBER)
    case = served.as_("teacher").file(served.school, {"topic": "推荐名班主任"}, "panel").get_json()["id"]
    first = sheet(served, "teacher", case)
    assert "3人中已有0人办理" in words_of(first)
    for name, verdict in (("legal", "agree"), ("deputy", "agree"), ("finance", "disagree")):
        answer = served.as_(name).complete("judge", verdict, comment="另有缘由", values={"opinion": "请再议"})
        assert answer.status_code == 200, answer.json
        assert not verified(served, first)["is_valid"]
    for reader in ("teacher", "legal", "admin"):
        words = words_of(sheet(served, reader, case))
        assert "评议结束" in words
        assert ("许文彬" in words) is tells
        assert ("另有缘由" in words) is tells
