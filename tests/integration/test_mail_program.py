"""`shenpi run` by itself: an address is confirmed by the code that arrives, and a tick never waits for mail."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.services.accounts.actors import load_actor
from app.services.telling import notification_settings
from tests.servers import postboxes
from tests.servers.deployments import Embedded
from tests.servers.postboxes import Postbox, text_of
from tests.servers.programs import eventually


@pytest.fixture(scope="module")
def postbox() -> Iterator[Postbox]:
    with postboxes.running() as kept:
        yield kept


@pytest.fixture(scope="module")
def school(postbox: Postbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    made = Embedded(tmp_path_factory.mktemp("mailing"))
    program = made.programs["run"]
    program.environment = {**program.environment, **made.mailing(postbox.port)}
    yield made
    made.stop()


def test_the_thread_of_the_server_mails_the_code(school: Embedded, postbox: Postbox) -> None:
    world = school.settle()
    engine = connect(school.database_url)
    with Session(engine) as session:
        host = load_actor(session, world.people["host"])
        notification_settings.ask_to_confirm(session, host, "host@example.edu.cn")
        school.start()  # its first tick, which is at once, finds what waits
        eventually(lambda: len(postbox.mails) == 1, "the mail with the code", 60)
        code = re.search(r"code=([0-9]{6})", text_of(postbox.mails[0]))
        assert code is not None
        notification_settings.confirm(session, host, code[1])
        session.rollback()
    engine.dispose()
    assert school.shenpi("mail", "test", "admin@example.edu.cn", **school.mailing(postbox.port)).returncode == 0
    assert postbox.mails[-1]["To"] == "admin@example.edu.cn"
    said = school.shenpi("mail", "test", "admin@example.edu.cn")
    assert (said.returncode, "SHENPI_SMTP_HOST" in said.stderr) == (1, True)
    assert "sent" in json.loads(school.shenpi("tick", "--json", **school.mailing(postbox.port)).stdout)
    assert "host@example.edu.cn" not in school.programs["run"].said()
