"""W4: 1,000 cases of one version started by one bulk service, beside stock SpiffWorkflow starting one after another."""

from itertools import count

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.processes import ProcessVersion
from app.domain.vocabulary import OrganizationKind
from app.services.starting import bulk_starts
from app.services.starting.bulk_starts import Wanted
from app.services.transactions import writing
from bench.databases import Database
from bench.diagrams import FIELDS, ten_elements
from bench.figures import Figure, Limit
from bench.measuring import counted, side_by_side
from bench.offices import TEACHER, Offices
from bench.yardstick import Stock

CASES, SHORT_CASES = 1000, 40
ROUNDS, SHORT_ROUNDS = 15, 2
BOUND = 8.0


def run(database: Database, *, short: bool) -> list[Figure]:
    """Start a thousand cases in a thousand schools, round after round."""
    number, drawing = SHORT_CASES if short else CASES, ten_elements()
    session = Offices(database, drawing).session
    schools = _schools(session, number)
    version = session.scalars(select(ProcessVersion)).one()
    stock, keys = Stock(database, drawing), count(1)

    def bulk() -> None:
        day = next(keys)
        wanted = [Wanted(f"{day}/{school}", school, FIELDS, TEACHER) for school in schools]
        started = bulk_starts.start_many(session, version, wanted)
        assert len(started) == number  # noqa: S101 - every round starts cases of its own

    def one_by_one() -> None:
        for _ in range(number):
            stock.start(FIELDS)

    with counted(database.engine) as sent:
        bulk()
    works = {"bulk": bulk, "stock": one_by_one}
    costs = side_by_side(works, rounds=SHORT_ROUNDS if short else ROUNDS, warm_up=1)
    notes = {
        "语句": str(sent.statements),
        "提交": str(sent.commits),
        "每件 CPU": f"{costs['bulk'].cpu / number:.3f} ms",
        "对照每件 CPU": f"{costs['stock'].cpu / number:.2f} ms",
    }
    return [
        Figure(
            workload="W4",
            name=f"一次发起 {number:,} 件",
            database=database.name,
            cost=costs["bulk"].wall,
            yardstick=costs["stock"].wall,
            yardstick_name="SpiffWorkflow 逐件发起、存整份 JSON",
            limit=Limit.AT_LEAST,
            bound=BOUND,
            notes=notes,
        )
    ]


def _schools(session: Session, number: int) -> range:
    ids = range(1001, 1001 + number)
    with writing(session):
        rows = [
            {"id": one, "code": f"X{one}", "name": f"第{one}小学", "kind": OrganizationKind.SCHOOL, "path": f"/{one}/"}
            for one in ids
        ]
        session.execute(insert(Organization), rows)
    return ids
