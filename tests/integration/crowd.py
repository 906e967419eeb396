"""Several people at the same moment: each in a thread with a session of its own."""

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.work import WorkItem
from app.domain.errors import ShenpiError
from app.domain.vocabulary import WorkItemStatus
from app.services import completions
from app.services.completions import Completion
from app.services.journal import RequestKey
from app.services.reading.cases import task_view
from tests.integration.school import PASSWORD, School

Act = Callable[[Session], Any]


def at_once(database: Engine, *acts: Act) -> list[Any]:
    """Do all acts at once; return each answer, or the refusal that it ended in."""
    barrier = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        with Session(database) as session:
            barrier.wait(timeout=20)
            try:
                answers[place] = acts[place](session)
            except Exception as error:  # noqa: BLE001 - looked at below, where pytest sees it
                answers[place] = error

    # Each takes the clock along as it stands here.
    threads = [threading.Thread(target=copy_context().run, args=(run, place)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, ShenpiError):
            raise answer
    return answers


def refusals(answers: list[Any]) -> list[type]:
    return [type(answer) for answer in answers if isinstance(answer, ShenpiError)]


def click(
    school: School,
    instance: int,
    name: str,
    verdict: str,
    values: Any = None,
    key: RequestKey | None = None,
    element: str | None = None,
) -> Act:
    """See an open task now, and return the click that completes it as it was seen."""
    item, actor = open_item(school, instance, element), school.actor(name)
    seen = task_view(school.session, actor, item.id)
    comment = "请核对" if verdict in {"return", "refuse"} else None
    content = seen.signature.content_hash if seen.signature else None
    password = PASSWORD if verdict == "sign" else None
    asked = Completion(item.revision, verdict, values or {}, comment, password, content)
    item_id = item.id
    school.session.rollback()
    return lambda session: completions.complete(session, actor, item_id, asked, key)


def open_item(school: School, instance: int, element: str | None = None) -> WorkItem:
    """Return the open task of a case, or the one of an element where there are several."""
    school.session.expire_all()
    query = select(WorkItem).where(WorkItem.instance_id == instance, WorkItem.status == WorkItemStatus.OPEN)
    return school.session.scalars(query if element is None else query.where(WorkItem.element == element)).one()
