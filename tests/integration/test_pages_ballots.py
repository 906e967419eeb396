"""Voting, keeping and counting on pages and over the API, and that nothing partial is told to anyone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.db.people import Position
from app.domain import clock
from app.domain.vocabulary import Role
from app.services.ballots import openings
from app.services.collective import collective_closings
from app.services.transactions import writing
from tests.integration.api import Served
from tests.integration.ballot_world import (
    NAMES,
    PASSPHRASES,
    ballot,
    counted,
    end,
    hire,
    items,
    opened,
    prepared,
    task_of,
    vote,
)
from tests.integration.conftest import Browser, Site
from tests.integration.school import School
from tests.printed import scanned, words_of

RECEIPT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{8}){3}")


@pytest.fixture
def town(site: Site) -> School:
    assert site.world is not None
    return site.world


def choose(browser: Browser, ballot_id: int, *chosen: str) -> Any:
    browser.get(f"/ballots/{ballot_id}")
    return browser.post(f"/ballots/{ballot_id}/check", {"verdict": "submit", "choice": list(chosen)})


def test_a_voter_chooses_checks_casts_and_gets_a_receipt(site: Site, town: School) -> None:
    ballot_id, people = opened(town, 4)
    voter = site.browser("homeroom_teacher0")
    item = items(town, ballot_id, people[0])[-1].id
    led = voter.get(f"/tasks/{item}")
    assert (led.status_code, led.location) == (302, f"/ballots/{ballot_id}")
    page = voter.get(f"/ballots/{ballot_id}").text
    assert all(name in page for name in NAMES)
    assert "要两位监票人的口令才能开启" in page
    wrong = choose(voter, ballot_id, "1", "2", "3")
    assert wrong.status_code == 422
    assert "最多选 2 人，您选了 3 人" in wrong.text
    assert wrong.text.count(" checked") == 3
    checked = choose(voter, ballot_id, "2")
    assert "您选了 1 人" in checked.text
    again = voter.post(f"/ballots/{ballot_id}/check", {"again": "1", "choice": "2"})
    assert again.text.count(" checked") == 1
    done = voter.post(f"/ballots/{ballot_id}/vote", {"choice": "2"})
    assert RECEIPT.search(done.text)
    after = voter.get(f"/ballots/{ballot_id}").text
    assert "截止前可以改投" in after
    assert not RECEIPT.search(after)
    assert " checked" not in after


def test_before_the_end_pages_and_api_tell_a_rounded_turnout_alone(site: Site, town: School) -> None:
    ballot_id, people = opened(town, 9)
    for person_id in people[:6]:
        vote(town, ballot_id, person_id, "1")
    instance = task_of(town, ballot_id).instance_id
    for name in ("legal", "admin", "deputy", "homeroom_teacher0", "homeroom_teacher8"):
        reader = site.browser(name)
        for path in (f"/ballots/{ballot_id}", f"/cases/{instance}"):
            page = reader.get(path).text
            assert "约 60%" in page
            assert not re.search(r"6 人|60\.0|计票单", page)
        assert reader.get(f"/collectives/{ballot_id}").status_code == 404


def test_scrutineers_set_passphrases_count_and_confirm_on_pages(site: Site, town: School) -> None:
    ballot_id, people = prepared(town, 4)
    for name, passphrase in PASSPHRASES.items():
        keeper = site.browser(name)
        keeper.get(f"/ballots/{ballot_id}/passphrase")
        unlike = {"passphrase": passphrase, "passphrase_again": "不一样的口令啊啊"}
        assert keeper.post(f"/ballots/{ballot_id}/passphrase", unlike).status_code == 422
        same = {"passphrase": passphrase, "passphrase_again": passphrase}
        assert keeper.post(f"/ballots/{ballot_id}/passphrase", same).status_code == 302
    receipts = [vote(town, ballot_id, person_id, "1") for person_id in people]
    end(town, ballot_id)
    first, second = site.browser("deputy"), site.browser("finance")
    first.get(f"/ballots/{ballot_id}/count")
    wrong = first.post(f"/ballots/{ballot_id}/count", {"passphrase": "猜一个口令试试看"})
    assert (wrong.status_code, "监票口令不对" in wrong.text) == (422, True)
    waiting = first.post(f"/ballots/{ballot_id}/count", {"passphrase": PASSPHRASES["deputy"]})
    assert "请另一位监票人也来开启" in waiting.text
    second.get(f"/ballots/{ballot_id}/count")
    result = second.post(f"/ballots/{ballot_id}/count", {"passphrase": PASSPHRASES["finance"]})
    assert "收到选票" in result.text
    assert not any(receipt in result.text for receipt in receipts)
    for browser, name in ((second, "finance"), (first, "deputy")):
        given = {"confirm": "1", "passphrase": PASSPHRASES[name]}
        assert browser.post(f"/ballots/{ballot_id}/count", given).status_code == 302
    sheet = site.browser("teacher").get(f"/ballots/{ballot_id}")
    assert sheet.status_code == 200
    assert all(receipt in sheet.text for receipt in receipts)
    assert site.browser("other_legal").get(f"/ballots/{ballot_id}").status_code == 404


def test_papers_are_handed_out_and_read_on_pages(site: Site, town: School) -> None:
    ballot_id, people = opened(town, 4)
    for person_id in people[:2]:
        vote(town, ballot_id, person_id, "1")
    tellers = [site.browser(name) for name in ("deputy", "finance")]
    page = tellers[0].get(f"/ballots/{ballot_id}/paper-voters?q=老师3").text
    assert f"/paper-voters/{people[3]}" in page
    tellers[0].post(f"/ballots/{ballot_id}/paper-voters/{people[3]}", {"issue": "1"})
    tellers[0].post(f"/ballots/{ballot_id}/paper-voters/{people[2]}", {"issue": "1"})
    tellers[0].post(f"/ballots/{ballot_id}/paper-voters/{people[2]}", {"back": "1"})
    page = tellers[1].get(f"/ballots/{ballot_id}/paper-voters").text
    assert "发了 1 张纸质选票" in page
    assert "老师3" in page
    voter = site.browser("homeroom_teacher3")
    assert "您领了纸质选票" in voter.get(f"/ballots/{ballot_id}").text
    assert voter.get(f"/ballots/{ballot_id}/paper-voters").status_code == 404
    end(town, ballot_id)
    asked = tellers[0].get(f"/ballots/{ballot_id}").text
    assert "录入纸质选票" in asked
    wrong = tellers[0].post(f"/ballots/{ballot_id}/papers", {"papers": "1", "votes_1": "甲"})
    assert (wrong.status_code, "请填 0 以上的整数" in wrong.text) == (422, True)
    for teller in tellers:
        teller.get(f"/ballots/{ballot_id}/papers")
        assert teller.post(f"/ballots/{ballot_id}/papers", {"papers": "1", "votes_1": "1"}).status_code == 302
    counted(town, ballot_id)
    sheet = site.browser("teacher").get(f"/ballots/{ballot_id}").text
    assert "其中纸质" in sheet


def test_the_platform_may_keep_the_key_instead(site: Site, town: School) -> None:
    ballot_id, people = prepared(town, 2, custody="platform")
    for name in PASSPHRASES:
        keeper = site.browser(name)
        assert "监票口令" not in keeper.get(f"/ballots/{ballot_id}/passphrase").text
        assert keeper.post(f"/ballots/{ballot_id}/passphrase").status_code == 302
    for person_id in people:
        vote(town, ballot_id, person_id, "4")
    assert "平台保管钥匙" in site.browser("homeroom_teacher0").get(f"/ballots/{ballot_id}").text
    end(town, ballot_id)
    for name in ("deputy", "finance"):
        site.browser(name).post(f"/ballots/{ballot_id}/count")
    for name in ("deputy", "finance"):
        keeper = site.browser(name)
        keeper.get(f"/ballots/{ballot_id}/count")
        keeper.post(f"/ballots/{ballot_id}/count", {"confirm": "1"})
    assert task_of(town, ballot_id).outcome == "counted"


def test_the_api_votes_counts_and_publishes(served: Served, world: School) -> None:
    ballot_id, people = opened(world, 4)
    voter = served.as_("homeroom_teacher0")
    task = voter.task("hold_vote/vote")
    assert task["collective"]["id"] == ballot_id
    assert (task["collective"]["answered"], task["collective"]["turnout"]) == (None, 0)
    state = voter.get(f"/ballots/{ballot_id}").get_json()
    assert {one["name"] for one in state["choices"]} == set(NAMES)
    for chosen in ([1, 2, 3], ["9"], ["1", "1"]):
        assert voter.post(f"/tasks/{task['id']}/vote", {"choices": chosen}).status_code == 422
    answers = [voter.post(f"/tasks/{task['id']}/vote", {"choices": ["2"]}) for _time in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    receipt = answers[1].get_json()["receipt"]
    assert RECEIPT.fullmatch(receipt)
    stranger = served.as_("teacher")
    assert stranger.post(f"/tasks/{task['id']}/vote", {"choices": ["2"]}).status_code == 404
    complete = {"revision": task["revision"], "verdict": "submit"}
    assert voter.post(f"/tasks/{task['id']}/complete", complete).status_code == 403
    assert voter.get("/tasks", box="todo").get_json()["items"] == []
    for person_id in people[1:3]:
        vote(world, ballot_id, person_id, "1")
    assert voter.get(f"/ballots/{ballot_id}/tally").status_code == 409
    assert stranger.get(f"/ballots/{ballot_id}/tally").status_code == 404
    end(world, ballot_id)
    assert voter.post(f"/tasks/{task['id']}/vote", {"choices": ["1"]}).status_code == 409
    counted(world, ballot_id)
    sheet = stranger.get(f"/ballots/{ballot_id}/tally").get_json()
    totals = {one["name"]: one["votes"] for one in sheet["totals"]}
    assert totals == {"苏眉": 2, "李若涵": 1, "季航": 0, "秦岚": 0}
    assert (sheet["roll"], sheet["answered"], sheet["turnout"]) == (5, 3, 60.0)
    assert receipt in sheet["receipts"]
    assert sheet["receipts"] == sorted(sheet["receipts"])


def test_scrutineers_work_over_the_api(served: Served, world: School) -> None:
    ballot_id, people = prepared(world, 2)
    for name, passphrase in PASSPHRASES.items():
        answer = served.as_(name).post(f"/ballots/{ballot_id}/passphrase", {"passphrase": passphrase})
        assert answer.status_code == 200, answer.json
    for person_id in people:
        vote(world, ballot_id, person_id, "1")
    end(world, ballot_id)
    first, second = served.as_("deputy"), served.as_("admin")
    given = {"passphrase": PASSPHRASES["deputy"]}
    assert first.post(f"/ballots/{ballot_id}/count", given).get_json() == {"tally": None, "is_confirmed": False}
    found = second.post(f"/ballots/{ballot_id}/count", {"passphrase": PASSPHRASES["admin"]}).get_json()
    assert found["tally"]["totals"][0] == {"id": "1", "name": "苏眉", "votes": 2, "place": None}
    assert not second.post(f"/ballots/{ballot_id}/confirm", {"passphrase": PASSPHRASES["admin"]}).get_json()[
        "is_confirmed"
    ]
    assert first.post(f"/ballots/{ballot_id}/confirm", given).get_json()["is_confirmed"]


def test_papers_are_handed_out_and_read_over_the_api(served: Served, world: School) -> None:
    ballot_id, people = opened(world, 4)
    first, second = served.as_("deputy"), served.as_("finance")
    given = {"person": people[0]}
    assert first.post(f"/ballots/{ballot_id}/paper-voters", given).get_json() == {"people": [people[0]]}
    back = second.post(f"/ballots/{ballot_id}/paper-voters", {**given, "has_paper": False})
    assert back.get_json() == {"people": []}
    for person_id in people[:3]:
        second.post(f"/ballots/{ballot_id}/paper-voters", {"person": person_id})
    end(world, ballot_id)
    read = {"papers": 3, "void": 1, "votes": [{"id": "2", "votes": 2}]}
    assert first.post(f"/ballots/{ballot_id}/papers", {**read, "papers": 9}).status_code == 422
    assert first.post(f"/ballots/{ballot_id}/papers", {**read, "votes": [{"id": "9", "votes": 2}]}).status_code == 422
    assert first.post(f"/ballots/{ballot_id}/papers", read).get_json() == {"readings": 1}
    assert second.post(f"/ballots/{ballot_id}/papers", read).get_json() == {"readings": 2}
    counted(world, ballot_id)
    sheet = served.as_("teacher").get(f"/ballots/{ballot_id}/tally").get_json()
    assert (sheet["answered"], sheet["papers"], sheet["void"], sheet["receipts"]) == (3, 3, 1, [])
    assert sheet["totals"][0] == {"id": "2", "name": "李若涵", "votes": 2, "place": 1}


def test_a_late_voter_is_told_that_it_is_over(site: Site, town: School) -> None:
    ballot_id, people = opened(town, 2)
    voter = site.browser("homeroom_teacher0")
    voter.get(f"/ballots/{ballot_id}")
    due_at = task_of(town, ballot_id).due_at
    assert due_at is not None
    with clock.frozen(due_at):
        late = voter.post(f"/ballots/{ballot_id}/vote", {"choice": "1"})
        collective_closings.sweep(town.session)
    assert (late.status_code, "投票已经截止" in late.text) == (409, True)
    hire(town, 1, Role.HOMEROOM_TEACHER, start=40)
    assert site.browser("homeroom_teacher40").get(f"/ballots/{ballot_id}").status_code == 404
    assert people


def test_the_roll_is_shown_with_what_was_checked(site: Site, town: School) -> None:
    ballot_id, people = prepared(town, 3)
    before = site.browser("deputy").get(f"/ballots/{ballot_id}/roll").text
    assert "4 人，没有人重复" in before
    assert "三位监票人设好口令" in before
    for name, passphrase in PASSPHRASES.items():
        openings.set_passphrase(town.session, town.actor(name), ballot_id, passphrase)
    hire(town, 1, Role.HOMEROOM_TEACHER, start=70)
    with writing(town.session) as session:
        left = Position.person_id == people[0]
        session.execute(update(Position).where(left).values(until_on=clock.today() - timedelta(days=1)))
    voter = site.browser("homeroom_teacher1")
    after = voter.get(f"/ballots/{ballot_id}/roll").text
    assert re.search(r"以后任职的[^<]*</dt>\s*<dd>老师70</dd>", after)
    assert re.search(r"离任的[^<]*</dt>\s*<dd>老师0</dd>", after)
    assert "老师70" in voter.get(f"/ballots/{ballot_id}").text
    assert site.browser("other_legal").get(f"/ballots/{ballot_id}/roll").status_code == 404


def test_the_api_tells_the_roll(served: Served, world: School) -> None:
    ballot_id, people = opened(world, 3)
    found = served.as_("homeroom_teacher0").get(f"/ballots/{ballot_id}/roll", limit=2).get_json()
    assert (found["is_frozen"], found["roll"], found["remarks"], found["list_from_on"]) == (True, 4, {}, None)
    rest = served.as_("deputy").get(f"/ballots/{ballot_id}/roll", cursor=found["next"]).get_json()
    listed = [one["id"] for one in (*found["people"], *rest["people"])]
    assert listed == sorted([*people, world.people["host"]])
    assert rest["next"] is None


def test_the_tally_sheet_is_printed_with_a_code_that_is_checked(site: Site, town: School) -> None:
    ballot_id, people = opened(town, 4)
    receipts = [vote(town, ballot_id, person_id, "1", "2") for person_id in people]
    reader = site.browser("deputy")
    assert reader.get(f"/ballots/{ballot_id}/tally.pdf").status_code == 409
    end(town, ballot_id)
    counted(town, ballot_id)
    answer = reader.get(f"/ballots/{ballot_id}/tally.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = words_of(answer.data)
    assert "计票单" in text
    assert "苏眉" in text
    assert all(receipt in text for receipt in receipts)
    assert answer.data == site.browser("teacher").get(f"/ballots/{ballot_id}/tally.pdf").data
    assert scanned(answer.data).endswith(f"/verify/{ballot(town, ballot_id).code}")
    page = reader.get(f"/verify/{ballot(town, ballot_id).code}").text
    assert "计票单" in page
    assert not any(name in page for name in NAMES)
