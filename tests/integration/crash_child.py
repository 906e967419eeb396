"""A process that is killed in the middle of a step; run by test_crashes as `crash_child.py <database> <where> <item> <person> <folder>`."""

import os
import signal
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

import app.db  # noqa: F401 - registers the tables
from app.db.engine import connect
from app.services import completions, transactions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.files import attachments
from app.services.reading.cases import task_view
from app.services.timing import ticks
from tests.integration.school import PASSWORD, PDF


def die(*_ignored: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_with_news(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
    """Be killed when what was told is about to be done with."""
    if text.startswith("UPDATE outbox_message"):
        die()


def main(url: str, where: str, item_id: int, person_id: int, folder: str) -> None:
    """Do one thing and be killed at the chosen instant."""
    with Session(connect(url)) as session:
        if where == "before_attachment_row":
            event.listen(session, "before_flush", die)
            attachments.store(session, Path(folder), load_actor(session, person_id), "发票.pdf", BytesIO(PDF))
        elif where == "outbox_handled":
            event.listen(session.get_bind(), "before_cursor_execute", die_with_news)
            ticks.dispatch(session)
        else:
            _sign(session, where, item_id, person_id)


def _sign(session: Session, where: str, item_id: int, person_id: int) -> None:
    actor = load_actor(session, person_id)
    seen = task_view(session, actor, item_id)
    assert seen.signature is not None
    asked = Completion(seen.item.revision, "sign", {}, None, PASSWORD, seen.signature.content_hash)
    # The case is written last, after its journal; then comes the commit.
    deadly = {"before_journal": "INSERT INTO journal_entry", "before_commit": "UPDATE process_instance"}

    def at_statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if text.startswith(deadly.get(where, "INSERT INTO journal_entry")):
            if where in deadly:
                die()
            transactions.after_commit(session, die)

    event.listen(session.get_bind(), "before_cursor_execute", at_statement)
    completions.complete(session, actor, item_id, asked)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
