"""The inbox's lists against the plain question: whatever a person may take, sorted by deadline."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import ColumnElement, delete, event, func, insert, select, update

from app.db.absences import Absence
from app.db.people import Organization, SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.work import Attachment, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.vocabulary import Role, WorkItemStatus
from app.services.candidates import capacity, may_take, signed_for
from app.services.reading import inbox
from app.services.reading.inbox import FAR, Due, Query
from app.services.transactions import writing
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
ITEMS = 600
PEOPLE = ("host", "legal", "deputy", "finance", "other_host", "district_finance")
ROLES = (Role.STUDIO_HOST, Role.LEGAL_REPRESENTATIVE, Role.PRINCIPAL, Role.FINANCE_OFFICER, Role.BUREAU_FINANCE)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """Let it be ten in the morning: some deadlines end today."""
    with clock.frozen(clock.at(clock.today()) + timedelta(hours=10)):
        yield


@pytest.fixture
def crowded(school: School) -> School:
    """The world with work items of every kind, a deputy, and people who are barred from some."""
    draw = Random(7)  # noqa: S311 - the same world in every run
    instance = school.start_expense()
    with writing(school.session) as session:
        session.execute(update(WorkItem).values(status=WorkItemStatus.CANCELLED))
        session.execute(insert(WorkItem), [random_item(draw, school, instance) for _ in range(ITEMS)])
        ids = list(session.scalars(select(WorkItem.id)))
        barred = [(draw.choice(ids), school.people[draw.choice(PEOPLE)]) for _ in range(80)]
        rows = [{"work_item_id": one, "person_id": person, "reason": "回避"} for one, person in set(barred)]
        session.execute(insert(WorkItemExclusion), rows)
        authorize(school, session)
        stand_in(school, session)
    return school


def random_item(draw: Random, school: School, instance: int) -> dict[str, Any]:
    is_assigned, role = draw.random() < 0.3, draw.choice(ROLES)
    place = draw.choice(("school", "school", "sibling", "district"))
    # Few instants, so that many items are equally urgent.
    due = clock.now() + timedelta(hours=4 * draw.randrange(-6, 40)) if draw.random() < 0.8 else None
    studios = (None, school.studio, school.other_studio)
    return {
        "instance_id": instance, "task_id": 1, "element": "sign", "element_name": draw.choice(("签字", "核对")),
        "process_key": draw.choice(("expense_approval", "annual_budget")), "process_title": "经费", "title": "研修资料",
        "organization_id": school.organizations[place],
        "role": None if is_assigned else role,
        "studio_id": draw.choice(studios) if role == Role.STUDIO_HOST and not is_assigned else None,
        "assignee_id": school.people[draw.choice(PEOPLE)] if is_assigned else None,
        "is_signature": draw.random() < 0.5,
        "status": draw.choice((WorkItemStatus.OPEN, WorkItemStatus.OPEN, WorkItemStatus.DONE)),
        "closed_by_id": school.people[draw.choice(PEOPLE)], "closed_at": clock.now() - timedelta(hours=draw.randrange(9)),
        "due_at": due,
    }  # fmt: skip


def authorize(school: School, session: Any) -> None:
    """Let the deputy principal sign for the legal representative, by confirmed paper."""
    today, office = clock.today(), {"organization_id": school.organizations["school"]}
    session.add(
        Attachment(id="paper", uploaded_by_id=1, name="授权书", media_type="application/pdf", size=1, sha256="0" * 64)
    )
    session.flush()
    session.add(
        SigningAuthorization(
            **office,
            role=Role.LEGAL_REPRESENTATIVE,
            principal_id=school.people["legal"],
            deputy_id=school.people["deputy"],
            from_on=today,
            until_on=today,
            attachment_id="paper",
            entered_by_id=1,
            confirmed_at=clock.now(),
        )
    )


def stand_in(school: School, session: Any) -> None:
    """Let people be away, one after the other, for some processes or all."""
    chain = (("host", "legal", None), ("legal", "deputy", ["expense_approval"]), ("deputy", "finance", None))
    for principal, substitute, processes in chain:
        session.add(
            Absence(
                organization_id=school.organizations["school"],
                principal_id=school.people[principal],
                substitute_id=school.people[substitute],
                from_at=clock.now(),
                until_at=clock.now() + timedelta(days=2),
                processes=processes,
                entered_by_id=school.people[principal],
            )
        )


def asked_plainly(school: School, name: str, *conditions: ColumnElement[bool]) -> list[int]:
    session, actor = school.session, school.actor(name)
    query = select(WorkItem.id).where(
        WorkItem.status == WorkItemStatus.OPEN, may_take(actor, signed_for(session, actor)), *conditions
    )
    return list(session.scalars(query.order_by(func.coalesce(WorkItem.due_at, FAR), WorkItem.id)))


def paged(read: Any, school: School, name: str, **query: Any) -> list[int]:
    found: list[int] = []
    cursor, actor = None, school.actor(name)
    while True:
        page = read(school.session, actor, Query(limit=7, cursor=cursor, **query))
        found += [row.id for row in page.items]
        if page.next is None:
            return found
        assert len(page.items) == 7
        cursor = page.next


def test_what_there_is_to_do_is_what_may_be_taken_in_order_of_urgency(crowded: School) -> None:
    for name in PEOPLE:
        expected = asked_plainly(crowded, name)
        assert paged(inbox.todo, crowded, name) == expected, name
    assert len(asked_plainly(crowded, "deputy")) > 10
    assert len(asked_plainly(crowded, "host")) > 30


def test_whose_tasks_they_are_is_said_and_can_be_asked_for(crowded: School) -> None:
    actor, people = crowded.actor("finance"), crowded.people
    rows = inbox.todo(crowded.session, actor, Query(limit=100)).items
    assert {row.away.principal_id for row in rows if row.away} == {people["host"], people["deputy"], people["legal"]}
    for row in rows:
        found = capacity(crowded.session, actor, crowded.session.get_one(WorkItem, row.id))
        assert found is not None
        assert found.for_person == row.away, row
    for principal in ("host", "deputy", "legal"):
        ids = paged(inbox.todo, crowded, "finance", principal_id=people[principal])
        assert {row.id for row in rows if row.away and row.away.principal_id == people[principal]} <= set(ids)
    own = paged(inbox.todo, crowded, "finance", principal_id=inbox.OWN)
    assert {row.id for row in rows if row.away is None} <= set(own)
    assert paged(inbox.todo, crowded, "finance", principal_id=people["other_host"]) == []


def test_the_first_page_is_one_statement_that_scans_no_tasks(crowded: School) -> None:
    session, actor = crowded.session, crowded.actor("finance")
    assert len(actor.stand_ins) == 3
    engine, sent = session.get_bind(), []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    inbox.todo(session, actor, Query())
    event.remove(engine, "before_cursor_execute", note)
    assert len(sent) == 1
    if engine.dialect.name == "sqlite":
        statement, parameters = sent[0]
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        assert not [row.detail for row in rows if row.detail.startswith("SCAN work_item")]


def test_filters_part_the_list_and_counts_agree(crowded: School) -> None:
    actor, horizon = crowded.actor("host"), inbox.horizon()
    parts = {due: paged(inbox.todo, crowded, "host", due=due) for due in Due}
    rows = inbox.todo(crowded.session, actor, Query(limit=100)).items
    for due, ids in parts.items():
        assert ids == [row.id for row in rows if horizon.due(row.due_at) == due], due
        assert ids, due
    assert inbox.counts(crowded.session, actor) == {due: len(ids) for due, ids in parts.items()}


def test_a_process_and_words_are_looked_for(crowded: School) -> None:
    of_budgets = asked_plainly(crowded, "legal", WorkItem.process_key == "annual_budget")
    assert paged(inbox.todo, crowded, "legal", process="annual_budget") == of_budgets
    named = asked_plainly(crowded, "legal", WorkItem.element_name == "签字")
    assert paged(inbox.todo, crowded, "legal", text="签字") == named
    assert paged(inbox.todo, crowded, "legal", text="没有这个词") == []


def test_what_was_done_comes_latest_first(crowded: School) -> None:
    me = crowded.people["host"]
    query = select(WorkItem.id).where(WorkItem.closed_by_id == me, WorkItem.status == WorkItemStatus.DONE)
    expected = list(crowded.session.scalars(query.order_by(WorkItem.closed_at.desc(), WorkItem.id.desc())))
    assert paged(inbox.done, crowded, "host") == expected
    assert len(expected) > 7
    assert paged(inbox.done, crowded, "host", text="周敏") == expected
    assert paged(inbox.done, crowded, "host", text="没有这个词") == []


def test_rows_say_whose_position_is_asked_and_who_started(crowded: School) -> None:
    session = crowded.session
    case = session.scalars(select(ProcessInstance).order_by(ProcessInstance.id.desc())).first()
    assert case is not None
    for row in inbox.todo(session, crowded.actor("host"), Query(limit=100)).items:
        item = session.get_one(WorkItem, row.id)
        assert (row.serial, row.title, row.initiator_name) == (case.serial, case.title, "周敏")
        assert row.organization.name == session.get_one(Organization, item.organization_id).name
        assert (row.role, row.assignee and row.assignee.id) == (item.role, item.assignee_id)


def test_counts_end_at_a_hundred(crowded: School) -> None:
    with writing(crowded.session) as session:
        session.execute(
            update(WorkItem).values(status=WorkItemStatus.OPEN, due_at=None, assignee_id=crowded.people["host"])
        )
        session.execute(delete(WorkItemExclusion))
    counts = inbox.counts(crowded.session, crowded.actor("host"))
    assert counts == {Due.LATE: 0, Due.TODAY: 0, Due.SOON: 0, Due.LATER: 100}
