"""Own opinions and unread marks through the API, role by role."""

from app.services.filling.opinion_templates import AGREEING, DEFAULTS, MOST, OF_MONEY, RETURNING, fitting
from tests.integration.absence_world import ask, away, publish
from tests.integration.api import Served


def texts(served: Served, name: str) -> list[str]:
    return [one["text"] for one in served.as_(name).get("/opinions").get_json()["items"]]


def test_everybody_has_an_own_list(served: Served) -> None:
    deputy, host = served.as_("deputy"), served.as_("host")
    for name in ("deputy", "host", "district_finance"):
        assert texts(served, name) == list(DEFAULTS), name
    first = deputy.post("/opinions", {"text": "同意，请按期完成。"}).get_json()
    second = deputy.post("/opinions", {"text": "请政教处跟进。"}).get_json()
    assert texts(served, "deputy")[:2] == ["同意，请按期完成。", "请政教处跟进。"]
    assert deputy.put(f"/opinions/{second['id']}", {"place": 0}).status_code == 200
    assert (
        deputy.put(f"/opinions/{first['id']}", {"text": "同意。请按期完成。"}).get_json()["text"]
        == "同意。请按期完成。"
    )
    assert texts(served, "deputy")[:2] == ["请政教处跟进。", "同意。请按期完成。"]
    for changed in (host.put(f"/opinions/{first['id']}", {"text": "x"}), delete(host, first["id"])):
        assert changed.status_code == 404
    assert delete(deputy, first["id"]).status_code == 200
    assert texts(served, "deputy") == ["请政教处跟进。", *DEFAULTS]
    assert texts(served, "host") == list(DEFAULTS)


def test_how_many_and_how_long(served: Served) -> None:
    deputy = served.as_("deputy")
    for number in range(MOST):
        assert deputy.post("/opinions", {"text": f"第 {number} 条"}).status_code == 201
    for text in ("再一条", "第 1 条", " ", "长" * 201):
        assert list(deputy.post("/opinions", {"text": text}).get_json()["errors"]) == ["text"], text


def test_unread_marks_of_tasks_and_copies(served: Served) -> None:
    school = served.school
    publish(school)
    instance = ask(school, "host")
    away(school, "deputy", "finance")
    deputy, finance, host = served.as_("deputy"), served.as_("finance"), served.as_("host")
    for caller in (deputy, finance):
        assert [one["is_read"] for one in caller.get("/tasks").get_json()["items"]] == [False]
    assert finance.task("first")["is_read"] is True
    # Each person's own mark: the principal has not looked yet.
    assert [one["is_read"] for one in finance.get("/tasks").get_json()["items"]] == [True]
    assert [one["is_read"] for one in deputy.get("/tasks").get_json()["items"]] == [False]
    assert host.post(f"/instances/{instance}/copy", {"people": [school.people["teacher"]]}).status_code == 200
    copied = served.as_("teacher").get("/tasks", box="copied").get_json()["items"]
    assert [one["is_read"] for one in copied] == [False]


def delete(caller, number):
    return caller.client.delete(f"/api/v1/opinions/{number}", headers=caller.headers)


def test_a_vote_is_offered_no_sentence_about_amounts_and_who_returns_none_that_agrees() -> None:
    assert fitting(["agree", "disagree", "abstain"], is_of_money=False) == list(AGREEING)
    assert fitting(["accept", "return"], is_of_money=False) == [*AGREEING, *RETURNING]
    assert fitting(["return"], is_of_money=True) == [*RETURNING, *OF_MONEY]
    assert fitting(["refuse"], is_of_money=True) == []
