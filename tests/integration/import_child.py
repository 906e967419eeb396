"""A process that is killed while it works on an import; run by test_sheet_kills as `import_child.py <database> <where>`."""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

import app.db  # noqa: F401 - registers the tables
from app.db.engine import connect
from app.services import transactions
from app.services.registers.sheets import runs

# Before which statement the process dies: how far the check is, the entries, the import that is done.
DEADLY = {
    "checking": "UPDATE sheet_import SET total=",
    "writing": "INSERT INTO journal_entry",
    "written": "INSERT INTO journal_entry",
}


def die(*_ignored: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, where: str) -> None:
    """Work on what waits and be killed at the chosen instant."""
    runs.STEP = 2
    with Session(connect(url)) as session:

        def at_statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
            if not text.startswith(DEADLY[where]):
                return
            if where == "written":
                transactions.after_commit(session, die)
            else:
                die()

        event.listen(session.get_bind(), "before_cursor_execute", at_statement)
        runs.run_waiting(session)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
