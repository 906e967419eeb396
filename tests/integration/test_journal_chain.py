"""Whoever alters the journal is found, whatever is altered, also at the end of a chain."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from app.db.journal import JournalAnchor, JournalEntry
from app.db.processes import ProcessInstance
from app.domain import clock
from app.services import journal
from app.services.journal import RequestKey
from app.services.reading import comments
from app.services.timing import ticks
from tests.integration.crowd import click
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
ALTERED: dict[str, Any] = {
    "chain": "instance/999",
    "sequence": 9,
    "instance_id": None,
    "actor_id": None,
    "actor_title": "别人",
    "action": "start",
    "details": {"element": "host_sign", "verdict": "return"},
    "occurred_at": clock.now() - timedelta(days=9),
    "algorithm": "md5",
    "previous_hash": "0" * 64,
    "entry_hash": "0" * 64,
    "idempotency_key": "other",
    "request_hash": "0" * 64,
    "answer": {"instance": 999},
}


def faults(school: School) -> set[str]:
    school.session.rollback()
    return {fault.chain for fault in journal.verify(school.session)}


def signed(school: School) -> int:
    instance = school.start_expense()
    click(school, instance, "host", "sign", key=RequestKey("sign", "a" * 64))(school.session)
    return instance


def test_every_column_that_is_altered_is_found(school: School) -> None:
    instance = signed(school)
    last = school.session.scalar(select(func.max(JournalEntry.id)))
    assert faults(school) == set()
    for column, value in ALTERED.items():
        school.session.execute(update(JournalEntry).where(JournalEntry.id == last).values({column: value}))
        found = {fault.chain for fault in journal.verify(school.session)}
        assert found & {f"instance/{instance}", "instance/999"}, column
        school.session.rollback()
    own = {column.name for column in JournalEntry.__table__.columns} - {"id", "organization_id", "collective_id"}
    assert own == set(ALTERED)


def test_the_end_of_a_chain_cannot_be_cut_off_unseen(school: School) -> None:
    instance = signed(school)
    ticks.tick(school.session)
    with clock.frozen(clock.now() + timedelta(days=1)):
        comments.comment(school.session, school.actor("host"), instance, "票据已收到")
        ticks.tick(school.session)
        ticks.tick(school.session)
    assert faults(school) == set()
    assert school.session.scalar(select(func.count()).select_from(JournalAnchor)) == 2
    last = select(func.max(JournalEntry.id)).scalar_subquery()
    school.session.execute(delete(JournalEntry).where(JournalEntry.id == last))
    school.session.commit()
    assert faults(school) == {f"instance/{instance}"}


@pytest.mark.parametrize("altered", [{"journal_hash": "0" * 64}, {"journal_sequence": 1}, {"journal_sequence": 3}])
def test_the_case_knows_where_its_journal_ends(school: School, altered: dict[str, Any]) -> None:
    instance = signed(school)
    assert faults(school) == set()
    school.session.execute(update(ProcessInstance).where(ProcessInstance.id == instance).values(altered))
    school.session.commit()
    assert faults(school) == {f"instance/{instance}"}


def test_an_entry_in_the_middle_cannot_be_taken_out(school: School) -> None:
    instance = signed(school)
    comments.comment(school.session, school.actor("host"), instance, "票据已收到")
    middle = JournalEntry.chain == f"instance/{instance}", JournalEntry.sequence == 2
    school.session.execute(delete(JournalEntry).where(*middle))
    school.session.commit()
    assert faults(school) == {f"instance/{instance}"}


@pytest.mark.parametrize("altered", [{"heads": {}}, {"anchor_hash": "0" * 64}])
def test_anchors_hold_each_other(school: School, altered: dict[str, Any]) -> None:
    first = clock.today()
    for number in range(2):
        with clock.frozen(clock.now() + timedelta(days=number)):
            ticks.tick(school.session)
    assert faults(school) == set()
    school.session.execute(update(JournalAnchor).where(JournalAnchor.on == first).values(altered))
    school.session.commit()
    assert f"anchor/{first.isoformat()}" in faults(school)


def test_a_day_without_news_is_anchored_with_what_is_recent(school: School) -> None:
    for number in range(3):
        with clock.frozen(clock.now() + timedelta(days=number)):
            ticks.tick(school.session)
    assert school.session.scalar(select(func.count()).select_from(JournalAnchor)) == 3
    assert faults(school) == set()


def test_a_clock_that_goes_wrong_raises_no_false_alarm(school: School) -> None:
    for number in (0, 400, -400, 1):
        with clock.frozen(clock.now() + timedelta(days=number)):
            ticks.tick(school.session)
    assert faults(school) == set()
    school.start_expense()
    with clock.frozen(clock.now() + timedelta(days=2)):
        ticks.tick(school.session)
    assert school.session.scalar(select(func.count()).select_from(JournalAnchor)) == 3
    assert faults(school) == set()
