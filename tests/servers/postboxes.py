"""A real SMTP server of this machine: it keeps what it takes, and answers as it is told."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.db.sendings import NotificationSetting
from app.domain.notification_kinds import NotificationKind
from tests.servers.programs import free_port


class Postbox:
    """What the server took, and how it is to answer: by address, and under `data` to the mail itself."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.pause = 0.0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.pause)
        if "data" in self.answers:
            return self.answers["data"]
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return "250 OK"

    def subjects(self, address: str | None = None) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails if address in {None, mail["To"]}]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def want_mail(database_url: str, person_id: int) -> None:
    """Let a person be mailed at an address that counts as confirmed."""
    engine = connect(database_url)
    with Session(engine) as session:
        setting = NotificationSetting(person_id=person_id, mail_kinds=list(NotificationKind), code_tries=0)
        setting.email = f"person-{person_id}@example.edu.cn"
        session.add(setting)
        session.commit()
    engine.dispose()


@contextmanager
def running() -> Iterator[Postbox]:
    kept = Postbox(free_port())
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()
