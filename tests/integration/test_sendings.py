"""Mail leaves through a real SMTP server: once where all goes well, again where it did not, and never for nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.processes import ProcessInstance
from app.db.sendings import NotificationSetting, Sending, SendingStatus
from app.domain import clock
from app.domain.errors import Conflict, Invalid
from app.domain.mail import MailServer, Tls
from app.domain.notification_kinds import NotificationKind
from app.services import outbox
from app.services.publishing import definitions
from app.services.telling import notifications, openings, sendings
from app.services.telling.channels import MAIL, Channels, Parcel, trials
from app.services.telling.channels.mail import Mail
from app.services.telling.notifications import News
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.servers import postboxes
from tests.servers.postboxes import Postbox, text_of

__all__ = ["database", "school"]  # fixtures
PUBLIC = "https://shenpi.example.edu.cn"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, Channels]]:
    with postboxes.running() as kept:
        yield kept, {MAIL: mail_to(kept.port)}


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
    assert [line for line in text_of(mail).splitlines() if line.startswith("第")] == ["第0条", "第1条", "第2条"]


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
    assert f"{PUBLIC}/tasks/{school.open_item(instance).id}" in text_of(mail)
    assert "松风路小学 · " in text_of(mail)


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


def test_a_server_that_is_slow_is_not_waited_for_and_gets_the_same_mail_later(
    school: School, postbox: tuple[Postbox, Channels], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, channels = postbox
    monkeypatch.setattr("app.services.telling.channels.mail.TIMEOUT_SECONDS", 0.2)
    wants(school, "host")
    tell(school, "host", "催", NotificationKind.REMINDED)
    kept.pause = 1.0
    assert sendings.send_due(school.session, channels) == 1
    assert the_sending(school).cause == "unreachable"
    kept.pause = 0.0
    monkeypatch.setattr("app.services.telling.channels.mail.TIMEOUT_SECONDS", 10.0)
    assert later(school, channels, minutes=5) == 1
    assert len({mail["Message-ID"] for mail in kept.mails}) == 1
    assert the_sending(school).status == SendingStatus.SENT


def test_of_a_restricted_process_only_the_title_leaves(
    school: School, postbox: tuple[Postbox, Channels], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, channels = postbox
    wants(school, "host")
    instance = school.start_expense()
    case = school.session.get_one(ProcessInstance, instance)
    tell(school, "host", "处分：记过一次。", NotificationKind.REMINDED, instance_id=instance)
    manifest = definitions.of_case(school.session, case).package.manifest
    # The manifest is frozen, as versions are: the test alone writes past that.
    monkeypatch.setitem(vars(manifest), "restricted", True)  # noqa: FBT003
    assert sendings.send_due(school.session, channels) == 1
    assert "记过" not in kept.mails[0].as_string() + text_of(kept.mails[0])
    assert case.title in text_of(kept.mails[0])


def test_a_trial_says_what_went_wrong(postbox: tuple[Postbox, Channels]) -> None:
    kept, channels = postbox
    trials.send_trial(channels, "admin@example.edu.cn")
    assert kept.subjects() == ["请看通知：这是一封测试邮件：发信的设置是对的。"]
    kept.answers["admin@example.edu.cn"] = "550 no"
    with pytest.raises(Conflict, match="对方服务器不收这个地址，请本人核对邮箱。 550"):
        trials.send_trial(channels, "admin@example.edu.cn")
    with pytest.raises(Conflict, match="SHENPI_SMTP_HOST"):
        trials.send_trial({}, "admin@example.edu.cn")
    with pytest.raises(Invalid):
        trials.send_trial(channels, "a@b.cn\nBcc: c@d.cn")


def test_nothing_personal_stands_in_the_log(
    school: School, postbox: tuple[Postbox, Channels], caplog: pytest.LogCaptureFixture
) -> None:
    kept, channels = postbox
    kept.answers["host@example.edu.cn"] = "550 host@example.edu.cn is unknown"
    wants(school, "host")
    tell(school, "host", "机密", NotificationKind.REMINDED)
    with caplog.at_level("INFO"):
        sendings.send_due(school.session, channels)
    # The server of the test writes a log of its own.
    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("app."))
    assert "address 550" in said
    assert [word for word in ("host@example", "周敏", "机密") if word in said] == []


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
