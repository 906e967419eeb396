"""W2: the inbox's first page of 20, most urgent first, whatever the number of work items.

500 people, 20 positions with queues, and the same rows for the yardstick: one bare indexed query.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.processes import ProcessDefinition, ProcessInstance, ProcessVersion
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import InstanceStatus, OrganizationKind, Role, WorkItemStatus
from app.services.accounts.actors import load_actor
from app.services.reading import inbox
from bench.databases import Database
from bench.figures import Figure, Limit
from bench.measuring import counted, side_by_side

SIZES = (10_000, 100_000, 1_000_000)
SHORT_SIZES = (2_000,)
PEOPLE, POSITIONS, PER_CASE, CHUNK = 500, 20, 10, 10_000
BOUND = 5.0
# The queue of one of the person's positions, sorted by its index: what one query of a page costs at all.
YARDSTICK = (
    select(WorkItem.__table__)
    .where(
        WorkItem.organization_id == bindparam("organization"),
        WorkItem.role == bindparam("role"),
        IS_OPEN,
        WorkItem.assignee_id.is_(None),
    )
    .order_by(WorkItem.due_at)
    .limit(21)
)


def run(database: Database, *, short: bool) -> list[Figure]:
    """Measure the page at each size; the table grows from one to the next."""
    world = _World(database)
    return [_measured(database, world.grown_to(size), size, rounds=20 if short else 300) for size in _sizes(short)]


def _sizes(short: bool) -> tuple[int, ...]:  # noqa: FBT001 - the one thing it depends on
    return SHORT_SIZES if short else SIZES


def _measured(database: Database, actor: Actor, size: int, rounds: int) -> Figure:
    with Session(database.engine) as session:
        connection, held = session.connection(), actor.holdings[0]
        queue = {"organization": held.organization_id, "role": held.role}

        def bare() -> object:
            return connection.execute(YARDSTICK, queue).all()

        def page() -> object:
            return inbox.todo(session, actor, inbox.Query())

        with counted(database.engine) as sent:
            page()
        costs = side_by_side({"page": page, "bare": bare}, rounds=rounds)
    return Figure(
        workload="W2",
        name=f"待办第一页 20 条，{size:,} 件待办",
        database=database.name,
        cost=costs["page"].wall,
        yardstick=costs["bare"].wall,
        yardstick_name="一条走索引的查询",
        limit=Limit.AT_MOST,
        bound=BOUND,
        notes={"语句": str(sent.statements), "CPU": f"{costs['page'].cpu:.2f} ms"},
    )


class _World:
    """People with positions in one school, and work items of random urgency, half of them in queues."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._random = Random(20260901)  # noqa: S311 - an invented world, not a secret
        self._size = 0
        self._roles = list(Role)[:POSITIONS]
        self._people()

    def grown_to(self, size: int) -> Actor:
        """Add work items up to a number; return a person with two positions."""
        while self._size < size:
            self._add(min(CHUNK, size - self._size))
        with self._engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        with Session(self._engine) as session:
            return load_actor(session, 1)

    def _people(self) -> None:
        since, at = date(2020, 9, 1), clock.now()
        with self._engine.begin() as connection:
            school = {"id": 1, "code": "SF01", "name": "云澜实验学校", "kind": OrganizationKind.SCHOOL, "path": "/1/"}
            connection.execute(insert(Organization).values(**school))
            people = [
                {"id": one, "username": f"t{one}", "name": f"教师{one}", "password_hash": ""}
                for one in range(1, PEOPLE + 1)
            ]
            connection.execute(insert(Person), people)
            held = [
                {"person_id": one, "organization_id": 1, "role": role, "from_on": since}
                for one in range(1, PEOPLE + 1)
                for role in {self._roles[one % POSITIONS], self._roles[one * 7 % POSITIONS]}
            ]
            connection.execute(insert(Position), held)
            process = {"id": 1, "key": "bench"}
            connection.execute(insert(ProcessDefinition).values(**process))
            told = {"title": "测量", "code": "CL", "category": "其他"}
            version = {"id": 1, "definition_id": 1, "number": 1, "content_hash": "0" * 64, "files": {}}
            connection.execute(insert(ProcessVersion).values(**version, **told, published_at=at))

    def _add(self, number: int) -> None:
        first = self._size + 1
        cases = range(first // PER_CASE + 1, (first + number - 1) // PER_CASE + 1)
        with self._engine.begin() as connection:
            connection.execute(insert(ProcessInstance), [self._case(one) for one in cases])
            connection.execute(insert(WorkItem), [self._item(first + one) for one in range(number)])
        self._size += number

    def _case(self, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "serial": f"CL-SF01-2026-{number:06d}",
            "verification_code": str(number),
            "version_id": 1,
            "process_key": "bench",
            "organization_id": 1,
            "initiator_id": number % PEOPLE + 1,
            "title": f"第 {number} 件事",
            "status": InstanceStatus.RUNNING,
            "state": b"",
            "values": {"submit_draft": {"purpose": "跨校主题班会", "items": [{"name": "书", "amount": 100}] * 5}},
            "rules": {},
        }

    def _item(self, number: int) -> dict[str, Any]:
        draw = self._random
        is_queued, is_open = draw.random() < 0.5, draw.random() < 0.5  # noqa: PLR2004 - half and half
        due = clock.now() + timedelta(minutes=draw.randrange(-20_000, 40_000)) if draw.random() < 0.9 else None  # noqa: PLR2004
        return {
            "instance_id": (number - 1) // PER_CASE + 1,
            "task_id": number,
            "element": "review",
            "element_name": "审核",
            "process_key": "bench",
            "process_title": "测量",
            "title": f"第 {number // PER_CASE} 件事",
            "organization_id": 1,
            "role": draw.choice(self._roles) if is_queued else None,
            "assignee_id": None if is_queued else draw.randrange(1, PEOPLE + 1),
            "status": WorkItemStatus.OPEN if is_open else WorkItemStatus.DONE,
            "due_at": due,
        }
