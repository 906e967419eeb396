import threading
from collections.abc import Callable

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.money import InvoiceUse, Reservation
from app.db.processes import ProcessInstance
from app.db.queries import money
from app.domain import clock
from app.domain.errors import Refused
from app.services.transactions import writing
from tests.integration.money_world import NOW, World, build, call


def prepared(database: Engine, make: Callable[[World], list[int]]) -> tuple[list[int], int]:
    """Commit a world with its open cases; return the cases and the line."""
    with clock.frozen(NOW), Session(database) as session, writing(session):
        world = build(session)
        return make(world), world.lines["周敏工作室/training"]


def race(database: Engine, cases: list[int]) -> list[str]:
    """Reserve for each case in a thread of its own, all at once."""
    barrier, outcomes = threading.Barrier(len(cases)), []

    def reserve(case_id: int) -> None:
        with clock.frozen(NOW), Session(database) as session:
            barrier.wait(timeout=20)
            try:
                with writing(session):
                    call(session, session.get_one(ProcessInstance, case_id), "reserve_funds", None)
                outcomes.append("held")
            except Refused as refused:
                outcomes.append(next(iter(refused.errors)))

    threads = [threading.Thread(target=reserve, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


def draft_of(world: World, number: str, amount: int) -> int:
    items = [{"name": "教材", "quantity": 1, "amount": amount}]
    invoices = [{"number": number, "amount": amount, "attachment": world.file("invoice")}]
    values = {"submit_draft": world.draft(items=items, invoices=invoices)}
    return world.case("expense_approval", "周敏工作室", values, world.people["周敏"])


def test_of_two_that_race_for_the_last_of_a_line_one_is_refused(database):
    cases, line_id = prepared(database, lambda world: [draft_of(world, str(n), 2000000) for n in range(2)])
    assert race(database, cases) == ["budget_line", "held"]
    with Session(database) as session:
        line = money.line_state(session, line_id)
        assert line is not None
        assert (line.reserved, line.available) == (2000000, 1000000)
        assert session.scalar(select(func.count()).select_from(Reservation)) == 1


def test_many_that_race_hold_exactly_what_fits(database):
    cases, line_id = prepared(database, lambda world: [draft_of(world, str(n), 700000) for n in range(6)])
    assert race(database, cases) == ["budget_line"] * 2 + ["held"] * 4
    with Session(database) as session:
        line = money.line_state(session, line_id)
        assert line is not None
        assert line.reserved == 2800000


def test_of_two_with_one_invoice_number_one_is_refused(database):
    cases, line_id = prepared(database, lambda world: [draft_of(world, "77", 1000) for _ in range(2)])
    assert race(database, cases) == ["held", "invoices.0.number"]
    with Session(database) as session:
        line = money.line_state(session, line_id)
        assert line is not None
        assert line.reserved == 1000
        assert session.scalar(select(func.count()).select_from(InvoiceUse)) == 1
