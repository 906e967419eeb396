"""Notices over the API and on pages: who reads which, drafts, proofs, papers with their codes, the demo's clock."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from app.db.notices import NoticeName
from app.domain import clock
from app.domain.identity import Actor
from app.services import settings as marks
from app.services.accounts.actors import load_actor
from app.services.notices import readings
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.api import Caller, Served
from tests.integration.conftest import Browser, Site
from tests.integration.notice_world import ENDS_ON, INTRO, TITLE, Office
from tests.integration.school import School

THIRD_DAY = datetime.fromisoformat("2026-11-24T09:00:00+08:00")
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(autouse=True)
def third_day() -> Iterator[None]:
    with clock.frozen(THIRD_DAY):
        yield


@pytest.fixture
def office(served: Served) -> Office:
    return Office(served.school)


@pytest.fixture
def town(site: Site) -> School:
    assert site.world is not None
    return site.world


def caller(served: Served, name: str) -> Caller:
    return Caller(served.app, name)


def read(who: Caller, attachment: str) -> int:
    answer = who.get(f"/attachments/{attachment}")
    answer.close()
    return answer.status_code


def test_a_notice_tells_its_names_days_and_fingerprint_to_its_school(served: Served, office: Office) -> None:
    notice = office.post()
    teacher = caller(served, "teacher")
    row = teacher.get("/notices", status="posted").get_json()["items"][0]
    assert (row["title"], row["until"], row["status"]) == (TITLE, ENDS_ON, "posted")
    found = teacher.get(f"/notices/{notice.id}").get_json()
    assert found["intro"] == INTRO
    assert [(one["person"]["name"], one["from"], one["until"]) for one in found["names"]] == [
        ("周敏", "2026-11-19", ENDS_ON),
        ("何静", "2026-11-19", ENDS_ON),
    ]
    assert found["content_hash"] == notice.content_hash
    assert found["prepared_by"]["id"] != found["released_by"]["id"]
    assert found["clause"] == {"document": None, "words": "公示天数：文件未规定，学校设定", "is_quote": False}


def test_a_notice_is_its_audiences_alone_and_a_draft_is_its_cases(served: Served, office: Office) -> None:
    notice = office.post()
    draft = office.notice_of(office.start("deputy"))
    stranger, above, teacher = (caller(served, name) for name in ("other_host", "district_admin", "teacher"))
    assert stranger.get(f"/notices/{notice.id}").status_code == 404
    assert stranger.get("/notices").get_json()["items"] == []
    assert above.get(f"/notices/{notice.id}").status_code == 200
    assert teacher.get(f"/notices/{draft.id}").status_code == 404
    assert [one["id"] for one in teacher.get("/notices").get_json()["items"]] == [notice.id]
    assert caller(served, "admin").get(f"/notices/{draft.id}").get_json()["status"] == "drafted"


def test_the_office_writes_posts_and_proves_over_the_api(served: Served, office: Office) -> None:
    case = office.start()
    draft = office.notice_of(case)
    writer, leader = (caller(served, name) for name in ("moral_education_office0", "leadership_group_leader0"))
    body: dict[str, Any] = {"title": TITLE, "intro": "现予公示。", "signed_by": "领导小组", "revision": draft.revision}
    line = {"person": served.school.people["host"], "line": "优秀班主任，七年级3班"}
    written = writer.put(f"/notices/{draft.id}", {**body, "names": [line]}).get_json()
    assert [one["line"] for one in written["names"]] == ["优秀班主任，七年级3班", "优秀班主任"]
    assert writer.put(f"/notices/{draft.id}", body).status_code == 409
    stale = {**body, "title": " ", "revision": written["revision"]}
    assert set(writer.put(f"/notices/{draft.id}", stale).get_json()["errors"]) == {"title"}
    writer.complete("show_list/prepare_notice", "submit")
    leader.complete("show_list/release_notice", "accept")
    photograph = writer.upload(PNG, "公示栏.png").get_json()["id"]
    proof = {"attachment": photograph, "board": "校门公示栏"}
    assert caller(served, "teacher").post(f"/notices/{draft.id}/proofs", proof).status_code == 403
    assert writer.post(f"/notices/{draft.id}/proofs", {**proof, "board": ""}).status_code == 422
    assert writer.post(f"/notices/{draft.id}/proofs", proof).status_code == 201
    assert len(writer.post(f"/notices/{draft.id}/proofs", proof).get_json()["proofs"]) == 1
    assert read(caller(served, "teacher"), photograph) == 200
    assert read(caller(served, "other_host"), photograph) == 404


def test_a_change_is_asked_for_over_the_api_once(served: Served, office: Office) -> None:
    notice = office.post()
    writer = caller(served, "moral_education_office0")
    body = {"reason": "班级写错了", "revision": notice.revision}
    assert writer.post(f"/notices/{notice.id}/change", {**body, "revision": 0}).status_code == 409
    assert writer.post(f"/notices/{notice.id}/change", body).get_json()["is_changing"]
    assert writer.post(f"/notices/{notice.id}/change", body).status_code == 409
    office.tick("2026-11-24T09:01:00+08:00")
    assert writer.task("show_list/prepare_notice")["name"] == "拟定公示"


def test_the_certificate_comes_with_the_end_and_its_code_is_verified(served: Served, office: Office) -> None:
    notice = office.post()
    teacher = caller(served, "teacher")
    assert teacher.get(f"/notices/{notice.id}/certificate.pdf").status_code == 409
    assert teacher.get(f"/notices/{notice.id}/notice.pdf").data.startswith(b"%PDF")
    office.tick("2026-11-27T00:00:00+08:00")
    paper = teacher.get(f"/notices/{notice.id}/certificate.pdf")
    assert (paper.status_code, paper.data[:4]) == (200, b"%PDF")
    code = teacher.get(f"/notices/{notice.id}").get_json()["code"]
    with writing(served.school.session):
        marks.write(served.school.session, marks.INSTALLED, value=True)
    answer = served.app.test_client().get(f"/verify/{code}", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    assert (told["kind"], told["date"], told["is_valid"]) == ("公示证明", "2026-11-27", True)
    assert told["hash"] == notice.content_hash
    assert "周敏" not in str(told)


def test_a_list_costs_the_same_with_many_notices(served: Served, office: Office) -> None:
    actor = load_actor(served.school.session, served.school.people["teacher"])
    office.post()
    few = _statements(served, actor)
    for _number in range(4):
        office.post("deputy", "legal", "host")
    assert _statements(served, actor) == few


def _statements(served: Served, actor: Actor) -> int:
    session, seen = served.school.session, []
    session.rollback()
    session.expunge_all()
    engine = session.get_bind()

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        seen.append(text)

    event.listen(engine, "before_cursor_execute", note)
    for one in readings.notices(session, actor).items:
        assert one.organization.name
        assert [name.name for name in one.names]
    event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if one.startswith("SELECT")])


def test_the_page_shows_the_days_and_never_that_somebody_objects(site: Site, town: School) -> None:
    notice = Office(town).post()
    page = site.browser("teacher").get(f"/notices/{notice.id}").text
    assert "公示期第 3 天，共 5 天" in page
    assert "请在公示期内以实名向督导室提出，逾期不再受理。姓名由督导室保密。" in page
    assert "公示期自2026年11月20日至11月26日，共5个工作日。" in page
    assert "快进到公示期满" not in page
    listed = site.browser("teacher").get("/notices").text
    assert TITLE in listed
    assert TITLE not in site.browser("other_host").get("/notices").text


def test_the_office_works_on_pages(site: Site, town: School) -> None:
    office = Office(town)
    draft = office.notice_of(office.start())
    writer: Browser = site.browser("moral_education_office0")
    assert "改稿" in writer.get(f"/notices/{draft.id}").text
    edit = writer.get(f"/notices/{draft.id}/edit").text
    assert "周敏" in edit
    sent = {"title": TITLE, "intro": "", "signed_by": "领导小组", "revision": str(draft.revision)}
    wrong = writer.post(f"/notices/{draft.id}/edit", sent)
    assert (wrong.status_code, "请填写，最多 5000 个字。" in wrong.text) == (422, True)
    line = {f"line.{town.people['host']}": "优秀班主任，七年级3班"}
    assert writer.post(f"/notices/{draft.id}/edit", {**sent, **line, "intro": "现予公示。"}).status_code == 302
    stale = writer.post(f"/notices/{draft.id}/edit", {**sent, "intro": "现予公示。"})
    assert (stale.status_code, "刚才有人改过" in stale.text) == (409, True)
    task = town.open_item(draft.instance_id)
    assert f"/notices/{draft.id}" in writer.get(f"/tasks/{task.id}").text
    office.do(draft.instance_id, office.writer, "submit")
    office.do(draft.instance_id, office.leader, "accept")
    assert writer.post(f"/notices/{draft.id}/proofs", {"board": "校门公示栏"}).status_code == 422
    posted = office.again(draft)
    assert "为什么要改" in writer.get(f"/notices/{draft.id}/change").text
    asked = {"reason": "班级写错了", "revision": str(posted.revision)}
    assert writer.post(f"/notices/{draft.id}/change", asked).status_code == 302
    assert "正在改稿" in site.browser("admin").get(f"/notices/{draft.id}").text


def test_who_releases_sees_what_will_hang_and_until_when_and_the_named_are_led_to_it(site: Site, town: School) -> None:
    office = Office(town)
    case = office.start()
    office.do(case, office.writer, "submit")
    task = town.open_item(case)
    page = site.browser("leadership_group_leader0").get(f"/tasks/{task.id}").text
    for words in (TITLE, INTRO, "周敏", "何静", "今天发布的，公示 5 个工作日：2026年11月24日至2026年12月1日。"):
        assert words in page
    office.do(case, office.leader, "accept")
    ticks.tick(town.session)
    notice = office.notice_of(case)
    assert f'/notices/{notice.id}"' in site.browser("teacher").get("/notifications").text


def test_only_a_demo_moves_its_clock(site: Site, town: School) -> None:
    office = Office(town)
    notice = office.post()
    reader = site.browser("teacher")
    reader.get(f"/notices/{notice.id}")
    assert reader.post(f"/notices/{notice.id}/fast-forward").status_code == 403
    with writing(town.session):
        marks.write(town.session, marks.DEMO, value=True)
    assert "快进到公示期满" in reader.get(f"/notices/{notice.id}").text
    assert reader.post(f"/notices/{notice.id}/fast-forward").status_code == 302
    assert "公示已经结束" in reader.get(f"/notices/{notice.id}").text
    assert office.outcome(notice) == "shown"


def test_a_provisional_day_is_said_to_be(site: Site, town: School) -> None:
    office = Office(town)
    notice = office.post()
    with writing(town.session):
        for name in town.session.query(NoticeName).filter_by(notice_id=notice.id):
            name.is_provisional, name.until_on = True, date(2026, 11, 30)
    assert "11月30日 周一（暂定）" in site.browser("teacher").get(f"/notices/{notice.id}").text
