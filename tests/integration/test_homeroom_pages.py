"""The pages of the list of homeroom teachers without a script: planned, looked through, confirmed, changed."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from app.db.people import Person, Position
from app.domain import clock
from app.domain.vocabulary import Role
from tests.integration.conftest import Browser, Site
from tests.integration.homeroom_world import NOVEMBER, Homeroom, staffed

LIST = "/homeroom-list"
FIELD = re.compile(r'<input [^>]*name="([^"]+)" value="([^"]*)"')


@pytest.fixture
def homeroom(site: Site) -> Homeroom:
    assert site.world is not None
    made = staffed(site.world)
    made.session.commit()
    return made


def typed(*rows: str, **more: str) -> dict[str, Any]:
    """Return rows as `三（1）班 甲老师 乙老师` as the form posts them."""
    sent = {"school_year": "2026", "revision": "0", "from": "2026-09-01"}
    for place, row in enumerate(rows):
        class_name, teacher, *assistants = row.split(" ")
        sent[f"classes.{place}.class_name"] = class_name
        sent[f"classes.{place}.homeroom_teacher"] = teacher
        sent[f"classes.{place}.assistants"] = "、".join(assistants)
    return {**sent, **more}


def hidden(page: str) -> dict[str, str]:
    return dict(FIELD.findall(page))


def confirmed(office: Browser, *rows: str) -> None:
    page = office.post(f"{LIST}/edit", typed(*rows)).text
    assert office.post(f"{LIST}/edit", {**hidden(page), "_confirm": "1"}).status_code == 302


def test_a_list_is_looked_through_and_confirmed(site: Site, homeroom: Homeroom) -> None:
    with clock.frozen(NOVEMBER):
        office = site.browser("office")
        assert "2026—2027 学年的班主任名单还没有确认" in office.get(LIST).text
        assert '<option value="甲老师">' in office.get(f"{LIST}/edit").text
        answer = office.post(f"{LIST}/edit", typed("三(1)班 甲老师 乙老师", "四（1）班 甲老师", "二（1）班 丙老师"))
        assert answer.status_code == 200
        assert "有人带不止一个班：甲老师带 三（1）班、四（1）班" in answer.text
        assert "新任" in answer.text
        back = office.post(f"{LIST}/edit", {**hidden(answer.text), "_back": "1"})
        assert 'value="丙老师"' in back.text
        done = office.post(f"{LIST}/edit", {**hidden(answer.text), "_confirm": "1"})
        assert done.location == f"{LIST}?organization={homeroom.place}"
        page = site.browser("teacher").get(LIST).text
        assert page.index("二（1）班") < page.index("三（1）班") < page.index("四（1）班")
        assert "换班主任" not in page
        assert "准备新名单" not in page


def test_what_is_wrong_stands_at_its_field(site: Site, homeroom: Homeroom) -> None:
    del homeroom
    with clock.frozen(NOVEMBER):
        office = site.browser("office")
        answer = office.post(f"{LIST}/edit", typed("一（1）班 赵六", "一（1）班 甲老师 乙老师 孙七"))
        assert answer.status_code == 422
        assert "本校没有叫“赵六”的在职老师" in answer.text
        assert 'href="#f-classes.1.assistants"' in answer.text
        twice = office.post(f"{LIST}/edit", typed("一（1）班 甲老师", "一(1)班 乙老师"))
        assert "写了 2 次" in twice.text
        gone = office.post(f"{LIST}/edit", typed("一（1）班 甲老师", "一(1)班 乙老师", **{"classes.1.gone": "true"}))
        assert gone.status_code == 200


def test_a_double_click_and_a_stale_page(site: Site, homeroom: Homeroom) -> None:
    with clock.frozen(NOVEMBER):
        office, second = site.browser("office"), site.browser("second")
        mine = office.post(f"{LIST}/edit", typed("一（1）班 甲老师")).text
        theirs = second.post(f"{LIST}/edit", typed("一（1）班 乙老师")).text
        for _click in range(2):
            assert office.post(f"{LIST}/edit", {**hidden(mine), "_confirm": "1"}).status_code == 302
        stale = second.post(f"{LIST}/edit", {**hidden(theirs), "_confirm": "1"})
        assert stale.status_code == 409
        assert "刚才有人确认过" in stale.text
    assert len(homeroom.services("甲")) == 1
    assert homeroom.services("乙") == []


def test_a_class_changes_its_homeroom_teacher(site: Site, homeroom: Homeroom) -> None:
    with clock.frozen(NOVEMBER):
        office = site.browser("office")
        assert office.get(f"{LIST}/change?class=一（1）班").status_code == 404
        confirmed(office, "一（1）班 甲老师", "二（1）班 乙老师")
        assert "换班主任" in office.get(LIST).text
        page = office.get(f"{LIST}/change?class=一（1）班").text
        wrong = office.post(f"{LIST}/change?class=一（1）班", {**hidden(page), "homeroom_teacher": ""})
        assert (wrong.status_code, "请填班主任" in wrong.text) == (422, True)
        sent = {**hidden(page), "homeroom_teacher": "丙老师", "from": "2026-11-30"}
        # A class that the list does not have: nothing is confirmed, so what was seen is not stale.
        assert office.post(f"{LIST}/change?class=九（9）班", sent).status_code == 404
        done = office.post(f"{LIST}/change?class=一（1）班", sent)
        assert done.location == f"{LIST}?organization={homeroom.place}&on=2026-11-30"
        assert "甲老师" in office.get(LIST).text
        later = office.get(f"{LIST}?on=2026-11-30").text
        assert "丙老师" in later
        assert "这是 2026年11月30日的名单" in later
        assert office.post(f"{LIST}/change?class=一（1）班", {**sent, "homeroom_teacher": "丁老师"}).status_code == 409


def test_who_share_a_name_are_told_apart_by_username(site: Site, homeroom: Homeroom) -> None:
    with clock.frozen(NOVEMBER):
        homeroom.session.execute(update(Person).where(Person.id == homeroom.people["乙"]).values(name="甲老师"))
        homeroom.session.commit()
        office = site.browser("office")
        assert "甲老师 乙" in office.get(f"{LIST}/edit").text
        answer = office.post(f"{LIST}/edit", typed("一（1）班 甲老师"))
        assert "本校有 2 位“甲老师”" in answer.text
        sent = typed("一（1）班 ") | {"classes.0.homeroom_teacher": "甲老师 乙"}
        assert office.post(f"{LIST}/edit", sent).status_code == 200


def test_the_office_sees_who_holds_the_post_but_stands_on_no_list(site: Site, homeroom: Homeroom) -> None:
    with clock.frozen(NOVEMBER):
        office = site.browser("office")
        confirmed(office, "一（1）班 甲老师")
        given = {"organization_id": homeroom.place, "role": Role.HOMEROOM_TEACHER, "from_on": NOVEMBER.date()}
        homeroom.session.add(Position(person_id=homeroom.people["乙"], **given))
        left = Position.person_id == homeroom.people["甲"], Position.role == Role.HOMEROOM_TEACHER
        homeroom.session.execute(update(Position).where(*left).values(until_on=date(2026, 10, 31)))
        homeroom.session.commit()
        page = office.get(LIST).text
        assert "不在名单上的：乙老师。" in page
        assert "已不在任" in page
        assert "不在名单上" not in site.browser("teacher").get(LIST).text


def test_what_was_typed_is_found_again_until_it_is_confirmed(site: Site, homeroom: Homeroom) -> None:
    del homeroom
    with clock.frozen(NOVEMBER):
        office, edit = site.browser("office"), f"{LIST}/edit"
        told = office.post(edit, {**typed("一（1）班 甲"), "draft_seen": "0", "_autosave": "1"})
        assert told.get_json() == {"said": "已自动保存 09:00", "revision": 1}
        again = office.get(edit).text
        assert 'value="甲"' in again
        assert "这是您 11月26日 周四 09:00 的草稿。" in again
        late = office.post(edit, {**typed("一（1）班 乙"), "draft_seen": "0", "_save": "1"})
        assert (late.status_code, "刚在另一台设备上改过" in late.text) == (409, True)
        kept = office.post(edit, {**typed("一（1）班 甲老师"), "draft_seen": "1", "_save": "1"})
        assert kept.status_code == 302
        assert "的草稿。" not in site.browser("second").get(edit).text
        confirmed(office, "一（1）班 甲老师")
        assert "的草稿。" not in office.get(edit).text
        office.post(edit, {**typed("一（1）班 乙老师", revision="1"), "_save": "1"})
        assert "乙老师" in office.get(edit).text
        office.post(edit, {"school_year": "2026", "revision": "1", "_discard": "1"})
        assert "的草稿。" not in office.get(edit).text
