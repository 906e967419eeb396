"""Notifications: who is told what, what is taken back, the one link, and the pages and calls that show them."""

from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import select

from app.db.sendings import NotificationSetting, Sending, SendingStatus
from app.db.work import Notification
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.notification_kinds import NotificationKind
from app.domain.vocabulary import Role
from app.services.acts import claims
from app.services.acts.item_acts import Asked
from app.services.telling import notification_settings, notifications, openings
from app.services.telling.notifications import News
from app.services.telling.openings import Mark
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.absence_world import away
from tests.integration.conftest import Site
from tests.integration.prepared import database, grant, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
BOOKED = {
    "voucher_number": "记-0318",
    "payment_method": "transfer",
    "originals_checked": True,
}


@pytest.fixture
def looked(school: School) -> School:
    """A world whose open tasks were looked at once."""
    openings.tell(school.session)
    return school


def of(school: School, name: str, kind: str = "task") -> list[Notification]:
    school.session.rollback()
    query = select(Notification).where(Notification.person_id == school.people[name], Notification.kind == kind)
    return list(school.session.scalars(query.order_by(Notification.id)))


def unread(school: School, name: str) -> int:
    return notifications.unread_count(school.session, school.actor(name))


def test_every_holder_is_told_of_a_new_task_and_nobody_twice(looked: School) -> None:
    grant(looked, "deputy", Role.FINANCE_OFFICER)
    instance = looked.start_expense()
    looked.act(instance, "host", "sign")
    looked.act(instance, "legal", "sign")
    for _look in range(2):
        ticks.tell(looked.session)
    assert [len(of(looked, name)) for name in ("finance", "deputy", "teacher", "other_finance")] == [1, 1, 0, 0]
    assert of(looked, "finance")[0].work_item_id == looked.open_item(instance).id


def test_a_claimed_task_is_taken_back_from_the_others(looked: School) -> None:
    grant(looked, "deputy", Role.FINANCE_OFFICER)
    instance = looked.start_expense()
    looked.act(instance, "host", "sign")
    looked.act(instance, "legal", "sign")
    ticks.tell(looked.session)
    before = unread(looked, "deputy")
    claims.claim(looked.session, Asked(looked.actor("finance"), looked.open_item(instance).id))
    ticks.tell(looked.session)
    assert unread(looked, "deputy") == before - 1
    assert [one.handled_at is None for one in of(looked, "finance")] == [True]


def test_that_somebody_stands_in_keeps_nothing_for_the_others(looked: School) -> None:
    grant(looked, "deputy", Role.FINANCE_OFFICER)
    away(looked, "host", "legal")
    instance = looked.start_expense()
    looked.act(instance, "host", "sign")
    ticks.tell(looked.session)
    assert of(looked, "legal")
    looked.act(instance, "legal", "sign")
    ticks.tell(looked.session)
    claims.claim(looked.session, Asked(looked.actor("finance"), looked.open_item(instance).id))
    ticks.tell(looked.session)
    assert [one.handled_at is None for one in of(looked, "deputy")] == [False]


def test_what_was_done_is_taken_back_from_everybody(looked: School) -> None:
    instance = looked.start_expense()
    looked.act(instance, "host", "sign")
    ticks.tell(looked.session)
    assert unread(looked, "legal") == 1
    looked.act(instance, "legal", "sign")
    ticks.tell(looked.session)
    assert unread(looked, "legal") == 0


def test_a_return_is_told_once_in_the_words_of_the_process(looked: School) -> None:
    instance = looked.start_expense()
    looked.act(instance, "host", "sign")
    looked.act(instance, "legal", "return")
    ticks.catch_up(looked.session)
    about = [one for kind in ("task", "result") for one in of(looked, "host", kind) if one.work_item_id]
    assert [one.work_item_id for one in about] == [looked.open_item(instance).id]


def test_a_gap_in_the_ids_is_looked_at_again_for_a_while() -> None:
    now = clock.now()
    mark = Mark(10).moved([11, 14], now)
    assert (mark.up_to, [gap[:2] for gap in mark.gaps]) == (14, [(12, 13)])
    assert [gap[:2] for gap in mark.moved([13], now).gaps] == [(12, 12)]
    assert mark.moved([15], now + openings.LONGEST_GAP).gaps == ()


def test_an_address_counts_once_its_code_came_back(school: School) -> None:
    actor = school.actor("host")
    notification_settings.ask_to_confirm(school.session, actor, "host@example.edu.cn")
    setting = notification_settings.setting_of(school.session, actor)
    assert setting.email is None
    code = setting.code or ""
    with pytest.raises(Invalid):
        notification_settings.confirm(school.session, actor, "000000" if code != "000000" else "111111")
    with clock.frozen(clock.now() + timedelta(minutes=31)), pytest.raises(Invalid):
        notification_settings.confirm(school.session, actor, code)
    notification_settings.confirm(school.session, actor, code)
    assert notification_settings.setting_of(school.session, actor).email == "host@example.edu.cn"


def test_a_code_cannot_be_guessed_at_leisure(school: School) -> None:
    actor = school.actor("host")
    notification_settings.ask_to_confirm(school.session, actor, "host@example.edu.cn")
    code = notification_settings.setting_of(school.session, actor).code or ""
    for _try in range(notification_settings.MOST_TRIES):
        with pytest.raises(Invalid):
            notification_settings.confirm(school.session, actor, "x")
    with pytest.raises(Invalid):
        notification_settings.confirm(school.session, actor, code)


@pytest.mark.parametrize("address", ["", "周敏", "a@b", "a@b.cn\nBcc: c@d.cn", "a@b.cn, c@d.cn", "x" * 250 + "@b.cn"])
def test_what_is_no_address_is_refused(school: School, address: str) -> None:
    with pytest.raises(Invalid):
        notification_settings.ask_to_confirm(school.session, school.actor("host"), address)


def world(site: Site) -> School:
    assert site.world is not None
    return site.world


def failed(site: Site, name: str) -> int:
    """Leave a mail to a person that was refused for good; return its id."""
    with writing(site.session):
        wants = {"email": f"{name}@example.edu.cn", "mail_kinds": list(NotificationKind), "code_tries": 0}
        site.session.add(NotificationSetting(person_id=world(site).people[name], **wants))
        notifications.tell(site.session, [world(site).people[name]], News("机密的内容", NotificationKind.REMINDED))
        sending = site.session.scalars(select(Sending)).one()
        sending.status, sending.cause, sending.reply_code, sending.attempts = SendingStatus.FAILED, "address", 550, 1
        return sending.id


# Who sees a mail to the host that did not arrive.
LOOKS_AFTER = {"admin": 1, "district_admin": 1, "city_admin": 1, "other_admin": 0}
MAY_NOT = ("host", "legal", "finance", "deputy", "teacher", "district_finance", "city_auditor")


def test_role_by_role_who_sees_what_was_not_delivered(site: Site) -> None:
    failed(site, "host")
    pages = {name: site.browser(name).get("/notifications/undelivered") for name in (*LOOKS_AFTER, *MAY_NOT)}
    assert {name: pages[name].status_code for name in pages} == dict.fromkeys(LOOKS_AFTER, 200) | dict.fromkeys(
        MAY_NOT, 403
    )
    assert {name: pages[name].text.count("周敏</span></button>") for name in LOOKS_AFTER} == LOOKS_AFTER
    for page in pages.values():
        assert "机密的内容" not in page.text
        assert "host@example" not in page.text


def test_an_administrator_sends_it_once_more(site: Site) -> None:
    sending_id = failed(site, "host")
    admin, other = site.browser("admin"), site.browser("other_admin")
    other.get("/notifications/undelivered")
    assert other.post(f"/notifications/undelivered/{sending_id}").status_code == 404
    assert "对方服务器不收这个地址" in admin.get("/notifications/undelivered").text
    assert admin.post(f"/notifications/undelivered/{sending_id}").status_code == 302
    site.session.expire_all()
    again = site.session.get_one(Sending, sending_id)
    assert (again.status, again.attempts, again.cause) == (SendingStatus.WAITING, 0, None)
    assert admin.post(f"/notifications/undelivered/{sending_id}").status_code == 409


def test_the_link_works_before_signing_in_and_after_the_task_is_another_s(site: Site) -> None:
    school = world(site)
    grant(school, "teacher", Role.FINANCE_OFFICER)
    school.confirm_budget()
    openings.tell(site.session)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    ticks.tell(site.session)
    item = school.open_item(instance).id
    stranger = site.browser()
    answer = stranger.get(f"/tasks/{item}")
    assert (answer.status_code, answer.location) == (302, f"/sign-in?next=/tasks/{item}")
    stranger.get(answer.location)
    signed = stranger.post("/sign-in", {"username": "teacher", "password": "风清月朗2026", "next": f"/tasks/{item}"})
    assert signed.location == f"/tasks/{item}"
    assert stranger.get(signed.location).status_code == 200
    # The colleague does it, and this one does not hold the office any more.
    school.book(instance)
    take_office(school, "teacher", Role.FINANCE_OFFICER)
    gone = stranger.get(f"/tasks/{item}")
    assert gone.status_code == 200
    assert "您的同事刘芸已经办理了" in gone.text
    assert "青禾图文" not in gone.text
    assert site.browser("other_host").get(f"/tasks/{item}").status_code == 404


def take_office(school: School, name: str, role: Role) -> None:
    from app.db.people import Position  # noqa: PLC0415

    with writing(school.session):
        held = select(Position).where(Position.person_id == school.people[name], Position.role == role)
        school.session.delete(school.session.scalars(held).one())


def test_marking_as_read_by_the_api(site: Site) -> None:
    from tests.integration.api import Caller  # noqa: PLC0415

    with writing(site.session):
        for number in range(3):
            notifications.tell(site.session, [world(site).people["host"]], News(f"第{number}条"))
        notifications.tell(site.session, [world(site).people["legal"]], News("别人的"))
    host = Caller(site.app, "host")
    rows = host.get("/notifications", unread="true").get_json()["items"]
    others = site.session.scalars(select(Notification.id).where(Notification.text == "别人的")).one()
    assert host.post("/notifications/read", {"ids": [rows[0]["id"], others]}).get_json()["unread"] == 2
    assert Caller(site.app, "legal").get("/notifications/unread").get_json()["unread"] == 1
    assert host.post("/notifications/read", {"all": True}).get_json() == {"unread": 0, "kinds": {}}
    bodies: list[dict[str, Any]] = [{}, {"all": False}, {"all": True, "ids": [1]}, {"ids": []}]
    for wrong in bodies:
        refused = host.post("/notifications/read", wrong)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["ids"])


def test_settings_by_the_api(site: Site) -> None:
    from tests.integration.api import Caller  # noqa: PLC0415

    host = Caller(site.app, "host")
    wanted = {"kinds": ["task", "reminded"], "quiet_from": "22:00", "quiet_until": "07:00"}
    assert host.put("/notifications/settings", wanted).get_json() == {"email": None, "new_email": None, **wanted}
    assert host.get("/notifications/settings").get_json()["quiet_from"] == "22:00"
    for wrong in ({"kinds": ["nothing"]}, {"kinds": [], "quiet_from": "22:00"}, {"kinds": [], "quiet_from": "25:00"}):
        assert host.put("/notifications/settings", wrong).status_code == 422


def test_a_page_hears_of_what_comes(site: Site) -> None:
    host = site.browser("host")
    with site.app.test_request_context():
        answer = host.client.get("/events", buffered=False)
    lines = iter(answer.response)
    assert '"unread": 0' in str(next(lines))
    with writing(site.session):
        notifications.tell(site.session, [world(site).people["host"]], News("请看"))
    assert any('"unread": 1' in str(line) for line in islice(lines, 4))
    answer.close()


def test_the_api_confirms_an_address_by_its_code_and_drops_it(site: Site) -> None:
    from tests.integration.api import Caller  # noqa: PLC0415

    host, path = Caller(site.app, "host"), "/notifications/settings/address"
    assert host.put(path, {"email": "nobody"}).get_json()["errors"].keys() == {"email"}
    assert host.put(path, {"email": "zhoumin@example.edu.cn"}).get_json()["new_email"] == "zhoumin@example.edu.cn"
    assert host.post(f"{path}/confirm", {"code": "no"}).status_code == 422
    site.session.rollback()
    code = site.session.scalars(select(NotificationSetting.code)).one()
    site.session.rollback()
    assert host.post(f"{path}/confirm", {"code": code}).get_json()["email"] == "zhoumin@example.edu.cn"
    assert host.put(path, {"email": None}).get_json()["email"] is None
