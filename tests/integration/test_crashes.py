"""A process killed in the middle: what it had acknowledged is there, nothing else is, and nothing is done twice."""

import signal
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.db.journal import JournalEntry, OutboxMessage
from app.db.work import Attachment, Notification, Signature, Submission
from app.domain.errors import Stale
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.timing import ticks
from tests.integration.crowd import click
from tests.integration.prepared import database, school
from tests.integration.school import ROOT, School

__all__ = ["database", "school"]  # fixtures


def killed(school: School, database: Engine, where: str, item: int = 0) -> None:
    school.session.rollback()
    address = database.url.render_as_string(hide_password=False)
    arguments = (address, where, str(item), str(school.people["host"]), str(school.files))
    command = (sys.executable, "-m", "tests.integration.crash_child", *arguments)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def count(school: School, table: Any, *conditions: Any) -> int:
    school.session.rollback()
    return school.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def is_whole(school: School) -> bool:
    school.session.rollback()
    return list(journal.verify(school.session)) == [] and doctor.examine(school.session) == []


@pytest.mark.parametrize("where", ["before_journal", "before_commit"])
def test_killed_before_the_commit_nothing_happened(school: School, database: Engine, where: str) -> None:
    instance = school.start_expense()
    again, item = click(school, instance, "host", "sign"), school.open_item(instance).id
    killed(school, database, where, item)
    assert count(school, Submission, Submission.element == "host_sign") == 0
    assert is_whole(school)
    again(school.session)
    assert count(school, Signature) == 1
    assert is_whole(school)


def test_killed_after_the_commit_it_happened_once(school: School, database: Engine) -> None:
    instance = school.start_expense()
    again, item = click(school, instance, "host", "sign"), school.open_item(instance).id
    killed(school, database, "after_commit", item)
    assert count(school, Signature) == 1
    assert count(school, JournalEntry, JournalEntry.instance_id == instance) == 2
    with pytest.raises(Stale):
        again(school.session)
    assert school.open_item(instance).element == "legal_sign"
    assert is_whole(school)


def test_a_file_without_its_row_is_nobodys(school: School, database: Engine) -> None:
    killed(school, database, "before_attachment_row")
    left = [path for path in school.files.rglob("*") if path.is_file() and len(path.name) == 32]
    assert len(left) == 1
    assert count(school, Attachment) == 0
    assert is_whole(school)
    school.start_expense()
    assert is_whole(school)


def test_a_dispatcher_killed_before_its_commit_tells_once_in_the_end(school: School, database: Engine) -> None:
    ticks.tick(school.session)
    instance, teacher = school.start_expense(), school.people["teacher"]
    interventions.copy(school.session, school.actor("host"), instance, [teacher])
    killed(school, database, "outbox_handled")
    assert count(school, OutboxMessage, OutboxMessage.done_at.is_(None)) == 1
    assert count(school, Notification, Notification.person_id == teacher) == 0
    ticks.dispatch(school.session)
    ticks.dispatch(school.session)
    assert count(school, Notification, Notification.person_id == teacher) == 1
    assert is_whole(school)
