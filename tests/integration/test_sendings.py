"""Mail leaves through a real SMTP server: once where all goes well, again where it did not, and never for nothing."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from app.db.sendings import NotificationSetting, Sending, SendingStatus
from app.domain import clock
from app.domain.mail import MailServer, Tls
from app.domain.notification_kinds import NotificationKind
from app.services import notifications, openings, outbox, sendings, ticks
from app.services.channels import MAIL, Channels, Parcel
from app.services.channels.mail import Mail
from app.services.notifications import News
from app.services.transactions import writing
from tests.integration.prepared import database, postgresql_world, school, sqlite_world
from tests.integration.school import School

__all__ = ["database", "postgresql_world", "school", "sqlite_world"]  # fixtures
PUBLIC = "https://shenpi.example.edu.cn"


class Postbox:
    """What the local server took, and how it is to answer."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if "data" in self.answers:
            return self.answers["data"]
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return "250 OK"

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, Channels]]:
    kept = Postbox()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    yield kept, {MAIL: mail_to(port)}
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mail_to(port: int) -> Mail:
    return Mail(MailServer("127.0.0.1", port, Tls.NONE, "shenpi@example.edu.cn"), PUBLIC)


def wants(school: School, name: str, **changes: Any) -> None:
    with writing(school.session):
        setting = {"email": f"{name}@example.edu.cn", "mail_kinds": list(NotificationKind), "code_tries": 0}
        school.session.add(NotificationSetting(person_id=school.people[name], **{**setting, **changes}))


def tell(school: School, name: str, text: str, kind: NotificationKind = NotificationKind.RESULT, **about: Any) -> None:
    with writing(school.session):
        notifications.tell(school.session, [school.people[name]], News(text, kind, **about))


def later(school: School, channels: Channels, **passed: int) -> int:
    with clock.frozen(clock.now() + timedelta(**passed)):
        return sendings.send_due(school.session, channels)


def the_sending(school: School) -> Sending:
    school.session.rollback()
    return school.session.scalars(select(Sending).order_by(Sending.id.desc()).limit(1)).one()


def test_what_comes_within_minutes_is_one_mail(school: School, postbox: tuple[Postbox, Channels]) -> None:
    kept, channels = postbox
    wants(school, "host")
    for number in range(3):
        tell(school, "host", f"第{number}条")
    assert sendings.send_due(school.session, channels) == 0
    assert later(school, channels, minutes=4) == 1
    assert later(school, channels, minutes=9) == 0
    (mail,) = kept.mails
    assert mail["Subject"] == "请看结果：第0条等 3 件"
    assert mail["To"] == "host@example.edu.cn"
    text = mail.get_body(("plain",))
    assert text is not None
    assert [line for line in text.get_content().splitlines() if line.startswith("第")] == ["第0条", "第1条", "第2条"]


def test_what_is_urgent_goes_at_once_and_takes_the_rest_along(
    school: School, postbox: tuple[Postbox, Channels]
) -> None:
    kept, channels = postbox
    wants(school, "host")
    tell(school, "host", "不急的")
    tell(school, "host", "催您办理", NotificationKind.REMINDED)
    assert sendings.send_due(school.session, channels) == 1
    assert kept.subjects() == ["催办，请您办理：催您办理等 2 件"]


def test_a_new_task_is_told_to_who_may_take_it_and_no_more_once_it_is_done(
    school: School, postbox: tuple[Postbox, Channels]
) -> None:
    kept, channels = postbox
    wants(school, "legal")
    openings.tell(school.session)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    openings.tell(school.session)
    later(school, channels, minutes=4)
    (mail,) = kept.mails
    assert mail["Subject"].startswith("请您办理：")
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"{PUBLIC}/tasks/{school.open_item(instance).id}" in body.get_content()
    assert "松风路小学 · " in body.get_content()


def test_a_mail_about_what_was_done_meanwhile_is_not_sent(school: School, postbox: tuple[Postbox, Channels]) -> None:
    kept, channels = postbox
    wants(school, "legal")
    openings.tell(school.session)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    ticks.tell(school.session)
    school.act(instance, "legal", "sign")
    later(school, channels, minutes=4)
    assert kept.mails == []
    assert the_sending(school).status == SendingStatus.WITHDRAWN


def test_what_was_read_is_not_mailed(school: School, postbox: tuple[Postbox, Channels]) -> None:
    kept, channels = postbox
    wants(school, "host")
    tell(school, "host", "已经看过的")
    notifications.mark_all(school.session, school.actor("host"))
    later(school, channels, minutes=4)
    assert (kept.mails, the_sending(school).status) == ([], SendingStatus.WITHDRAWN)


def test_a_server_that_is_down_is_asked_again_with_longer_and_longer_pauses(
    school: School, postbox: tuple[Postbox, Channels]
) -> None:
    kept, channels = postbox
    wants(school, "host")
    wants(school, "legal")
    tell(school, "host", "等一等", NotificationKind.REMINDED)
    tell(school, "legal", "也等等", NotificationKind.REMINDED)
    down: Channels = {MAIL: mail_to(1)}
    # One try tells that it is down: the others are left for the next round.
    assert sendings.send_due(school.session, down) == 1
    first = school.session.scalars(select(Sending).where(Sending.attempts == 1)).one()
    assert (first.cause, first.status) == ("unreachable", SendingStatus.WAITING)
    assert first.due_at > clock.now() + outbox.FIRST_WAIT
    assert later(school, channels, minutes=5) == 2
    assert len(kept.mails) == 2


def test_after_the_last_try_it_is_given_up_and_shown(school: School) -> None:
    wants(school, "host")
    tell(school, "host", "送不出", NotificationKind.REMINDED)
    for attempt in range(sendings.MOST_ATTEMPTS):
        assert later(school, {MAIL: mail_to(1)}, days=attempt + 1) == 1
    found = the_sending(school)
    assert (found.status, found.cause) == (SendingStatus.FAILED, "unreachable")
    assert later(school, {MAIL: mail_to(1)}, days=60) == 0


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    school: School, postbox: tuple[Postbox, Channels]
) -> None:
    kept, channels = postbox
    kept.answers["host@example.edu.cn"] = "550 no such user"
    wants(school, "host")
    wants(school, "legal")
    for name in ("host", "legal"):
        tell(school, name, "催", NotificationKind.REMINDED)
    assert sendings.send_due(school.session, channels) == 2
    refused = school.session.scalars(select(Sending).where(Sending.status == SendingStatus.FAILED)).one()
    assert (refused.person_id, refused.cause, refused.reply_code) == (school.people["host"], "address", 550)
    assert [mail["To"] for mail in kept.mails] == ["legal@example.edu.cn"]


def test_a_server_that_is_busy_is_asked_again(school: School, postbox: tuple[Postbox, Channels]) -> None:
    kept, channels = postbox
    kept.answers["data"] = "451 come again"
    wants(school, "host")
    tell(school, "host", "催", NotificationKind.REMINDED)
    assert sendings.send_due(school.session, channels) == 1
    assert (the_sending(school).status, the_sending(school).cause) == (SendingStatus.WAITING, "busy")
    kept.answers.clear()
    assert later(school, channels, minutes=5) == 1
    assert len(kept.mails) == 1


class Killed(BaseException):
    """The process ends at once."""


class DiesAfter:
    """A channel whose process dies when the mail is gone and before that is written down."""

    def __init__(self, channel: Any) -> None:
        self.channel = channel

    def send(self, parcel: Parcel) -> None:
        self.channel.send(parcel)
        raise Killed


def test_who_dies_between_sending_and_marking_sends_the_same_mail_again(
    school: School, postbox: tuple[Postbox, Channels]
) -> None:
    kept, channels = postbox
    wants(school, "host")
    tell(school, "host", "催", NotificationKind.REMINDED)
    with pytest.raises(Killed):
        sendings.send_due(school.session, {MAIL: DiesAfter(channels[MAIL])})
    # Nobody takes it before the lease ends.
    assert later(school, channels, minutes=5) == 0
    assert later(school, channels, minutes=11) == 1
    first, second = (mail["Message-ID"] for mail in kept.mails)
    assert first == second
    assert the_sending(school).status == SendingStatus.SENT


def test_quiet_hours_let_mail_wait_until_morning(school: School, postbox: tuple[Postbox, Channels]) -> None:
    kept, channels = postbox
    wants(school, "host", quiet_from=22 * 60, quiet_until=7 * 60)
    night = clock.at(clock.today(), 23, 30)
    with clock.frozen(night):
        tell(school, "host", "夜里的催办", NotificationKind.REMINDED)
        assert sendings.send_due(school.session, channels) == 0
        assert notifications.unread_count(school.session, school.actor("host")) >= 1
    with clock.frozen(night + timedelta(hours=7, minutes=29)):
        assert sendings.send_due(school.session, channels) == 0
    with clock.frozen(night + timedelta(hours=7, minutes=31)):
        assert sendings.send_due(school.session, channels) == 1
    assert len(kept.mails) == 1


@pytest.mark.parametrize("title", ["请看\r\nBcc: thief@example.com", "请看\nX-Evil: 1", "正常\x0b标题"])
def test_no_title_makes_a_header(school: School, postbox: tuple[Postbox, Channels], title: str) -> None:
    kept, channels = postbox
    wants(school, "host")
    tell(school, "host", title, NotificationKind.REMINDED)
    assert sendings.send_due(school.session, channels) == 1
    (mail,) = kept.mails
    assert {"Bcc", "X-Evil"} & set(mail.keys()) == set()
    assert "\n" not in mail["Subject"]
    html = mail.get_body(("html",))
    assert html is not None
