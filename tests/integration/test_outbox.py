"""The outbox tells at least once, and what it writes down exactly once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.journal import OutboxMessage
from app.db.work import Notification
from app.domain import clock
from app.services import outbox
from app.services.telling import notices
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import at_once
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def messages(school: School) -> int:
    ticks.tick(school.session)
    with writing(school.session):
        for number in range(3):
            payload = {"instance": None, "people": [school.people["host"]], "text": f"第{number}条"}
            outbox.put(school.session, "notify", payload)
    return 3


def told(school: School) -> int:
    school.session.rollback()
    query = select(func.count()).select_from(Notification).where(Notification.text.startswith("第"))
    return school.session.scalar(query) or 0


def pending(school: School) -> list[OutboxMessage]:
    school.session.rollback()
    return list(school.session.scalars(select(OutboxMessage).where(OutboxMessage.done_at.is_(None))))


def test_several_dispatchers_tell_once(school: School, messages: int, database: Engine) -> None:
    handled = at_once(database, *[ticks.dispatch] * 3)
    assert sum(handled) == messages
    assert told(school) == messages
    assert ticks.dispatch(school.session) == 0


def test_one_that_fails_keeps_nothing_waits_longer_and_holds_up_nobody(school: School, messages: int) -> None:
    def fails_at_first(session: Session, payload: Any) -> None:
        notices.notify(session, payload)
        session.flush()
        if payload["text"] == "第0条":
            raise OSError("线路不通")

    start, handlers = clock.now(), {"notify": fails_at_first}
    for attempt in (1, 2):
        with clock.frozen(start + timedelta(hours=attempt)):
            outbox.dispatch(school.session, handlers)
            assert outbox.dispatch(school.session, handlers) == 0
            waiting = pending(school)[0]
            assert (waiting.attempts, waiting.error) == (attempt, "OSError: 线路不通")
            assert waiting.available_at - clock.now() == outbox.FIRST_WAIT * 2**attempt
    assert told(school) == messages - 1
    with clock.frozen(start + timedelta(hours=3)):
        ticks.dispatch(school.session)
    assert told(school) == messages
    assert pending(school) == []


def test_an_unknown_kind_waits_for_a_program_that_knows_it(school: School) -> None:
    with writing(school.session):
        outbox.put(school.session, "of_tomorrow", {})
    ticks.dispatch(school.session)
    assert [message.kind for message in pending(school)] == ["of_tomorrow"]


def put_and_break(school: School) -> None:
    with writing(school.session):
        payload = {"instance": None, "people": [school.people["host"]], "text": "第9条"}
        outbox.put(school.session, "notify", payload)
        raise OSError("断")


def test_a_message_of_a_step_that_was_rolled_back_is_never_told(school: School) -> None:
    with pytest.raises(OSError, match="断"):
        put_and_break(school)
    ticks.dispatch(school.session)
    assert told(school) == 0
