"""How many statements things take: lists cost the same with 5 rows and 50, a step has a ceiling."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.work import Participation, WorkItem
from app.services.acts import interventions
from app.services.reading import cases, history, inbox
from app.services.reading.inbox import Query
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import click
from tests.integration.prepared import (
    database,
    operations,
    school,
    start_watched,
)
from tests.integration.school import School

__all__ = ["database", "operations", "school"]  # fixtures
# Statements at most, of a fresh session; host and legal representative prove their passwords and sign; an idle tick
# asks once for each kind of thing that may be due, in August and September for lists of homeroom teachers, too.
CEILINGS = {"start": 40, "host": 18, "legal": 19, "idle tick": 20}
ASIDE = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Collect the statements that a fresh session would send."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith(ASIDE):
            seen.append(text)

    session.rollback()
    session.expunge_all()
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def touch(rows: list[Any]) -> None:
    """Read what a row of a list shows."""
    for row in rows:
        assert getattr(row, "initiator_name", None) or row.initiator.name
        assert row.organization.name
        assert getattr(row, "process_title", None) or row.version.title


LISTS: dict[str, Any] = {
    "todo": lambda session, people: inbox.todo(session, people["legal"], Query(limit=100)),
    "done": lambda session, people: inbox.done(session, people["legal"], Query(limit=100)),
    "initiated": lambda session, people: inbox.initiated(session, people["teacher"], Query(limit=100)),
    "copied": lambda session, people: inbox.copied(session, people["deputy"], Query(limit=100)),
    "cases": lambda session, people: cases.instances(session, people["admin"], Query(limit=100)),
}


@pytest.mark.usefixtures("operations")
def test_lists_do_not_grow_with_their_rows(school: School) -> None:
    people = {name: school.actor(name) for name in ("legal", "teacher", "deputy", "admin")}
    costs: dict[str, list[tuple[int, int]]] = {name: [] for name in LISTS}
    instance = start_watched(school)
    school.act(instance, "legal", "return")
    school.act(instance, "teacher", "submit", {"topic": "借用操场"})
    interventions.copy(school.session, school.actor("teacher"), instance, [school.people["deputy"]])
    for number in (4, 45):
        repeat(school, instance, number)
        for name, read in LISTS.items():
            with statements(school.session) as seen:
                rows = read(school.session, people).items
                touch(rows)
            costs[name].append((len(rows), len(seen)))
    for name, ((few, cost_of_few), (many, cost_of_many)) in costs.items():
        assert (few, many) == ((6, 51) if name == "cases" else (5, 50)), name
        assert cost_of_many == cost_of_few <= 3, name


def repeat(school: School, instance: int, number: int) -> None:
    """Write a case's rows again as those of further cases."""
    with writing(school.session) as session:
        for _ in range(number):
            [case] = rows_of(session, ProcessInstance, ProcessInstance.id == instance)
            serial = uuid4().hex[:20]
            case |= {"serial": serial, "verification_code": serial}
            made = session.execute(insert(ProcessInstance).values(case).returning(ProcessInstance.id)).scalar_one()
            for table in (WorkItem, Participation):
                for row in rows_of(session, table, table.instance_id == instance):
                    session.execute(insert(table).values(row | {"instance_id": made}))


def rows_of(session: Session, table: Any, condition: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.__table__.columns if column.name != "id"]
    return [
        dict(zip([column.key for column in columns], row, strict=True))
        for row in session.execute(select(*columns).where(condition))
    ]


def test_a_case_page_reads_little(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    legal, item = school.actor("legal"), school.open_item(instance).id
    with statements(school.session) as seen:
        found = cases.task_view(school.session, legal, item)
        history.timeline(school.session, found.view)
        history.strip(school.session, found.view)
    assert len(seen) <= 22, "\n".join(seen)


def test_a_step_has_a_ceiling(school: School) -> None:
    costs = {}
    values, host = school.expense_values(), school.actor("host")
    with statements(school.session) as seen:
        place = school.organizations["school"]
        instance = starts.start(school.session, host, "expense_approval", place, values).instance
    costs["start"] = len(seen)
    for name in ("host", "legal"):
        act = click(school, instance, name, "sign")
        with statements(school.session) as seen:
            act(school.session)
        costs[name] = len(seen)
    ticks.tick(school.session)
    with statements(school.session) as seen:
        ticks.tick(school.session)
    costs["idle tick"] = len(seen)
    assert {name: cost for name, cost in costs.items() if cost > CEILINGS[name]} == {}, costs
