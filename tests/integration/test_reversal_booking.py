from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import InvoiceUse, LedgerAllocation, LedgerEntry
from app.db.queries import money
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, Refused
from app.domain.vocabulary import Role
from tests.integration.money_world import NOW, World, build


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    with clock.frozen(NOW):
        yield build(session)


def propose(world: World, entry: int, amount: int, **changes: Any) -> int:
    values = {
        "booking": entry,
        "kind": "reversal",
        "amount": amount,
        "reason": "记错了科目",
        "voucher_number": "记-0400",
        "paid_on": "2026-11-23",
        **changes,
    }
    studio = changes.pop("at", "周敏工作室")
    return world.case("expense_reversal", studio, {"propose_reversal": values}, world.people["刘芸"])


def reverse(world: World, entry: int, amount: int, **changes: Any) -> int:
    case = propose(world, entry, amount, **changes)
    world.run("check_reversal", case, by="刘芸")
    world.sign(case, "legal_sign", "陈国栋")
    booked = world.run("book_reversal", case, by="陈国栋")["entry"]
    assert isinstance(booked, int)
    return booked


def refused(world: World, case: int) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        world.run("check_reversal", case, by="刘芸")
    return {path: found[0].chinese() for path, found in caught.value.errors.items()}


def is_number_free(world: World) -> bool:
    held = select(InvoiceUse).where(InvoiceUse.number == "7", InvoiceUse.released_at.is_(None))
    return world.session.scalar(held) is None


def test_a_reversal_is_an_entry_of_its_own(world):
    _, entry = world.booked(number="7")
    assert world.run("check_reversal", propose(world, entry, 100001), by="刘芸")["available"] == 448800
    negative = world.session.get_one(LedgerEntry, reverse(world, entry, 100001))
    assert (negative.amount, negative.reverses_id, negative.kind) == (-100001, entry, "reversal")
    assert negative.booked_by_id == world.people["刘芸"]
    line = money.line_state(world.session, negative.line_id)
    assert line is not None
    assert line.booked == 348799
    parts = world.session.execute(
        select(LedgerAllocation.source, LedgerAllocation.amount).where(LedgerAllocation.entry_id == negative.id)
    ).all()
    assert sorted(map(tuple, parts)) == [("city", -50001), ("district_match", -50000)]
    assert not is_number_free(world)


def test_not_more_than_what_is_left(world):
    _, entry = world.booked(number="7")
    reverse(world, entry, 400000, kind="refund")
    assert refused(world, propose(world, entry, 48801)) == {
        "amount": "这一笔入账 4,488.00 元，还可冲销或退款 488.00 元，您填了 488.01 元。"
    }
    late = propose(world, entry, 48800)
    world.sign(late, "legal_sign", "陈国栋")
    reverse(world, entry, 100)
    with pytest.raises(Refused):
        world.run("book_reversal", late, by="陈国栋")


def test_a_full_reversal_frees_the_invoice_and_a_refund_does_not(world):
    _, entry = world.booked(number="7")
    reverse(world, entry, 448000)
    assert not is_number_free(world)
    reverse(world, entry, 800)
    assert is_number_free(world)
    assert money.allocation_left(world.session, entry) == {"city": 0, "district_match": 0}
    _, other = world.booked(number="7")
    reverse(world, other, 448800, kind="refund")
    assert not is_number_free(world)


def test_no_money_comes_back_before_it_was_paid(world):
    _, entry = world.booked()
    with pytest.raises(Invalid) as early:
        world.run("check_reversal", propose(world, entry, 100, paid_on="2026-01-01"), by="刘芸")
    assert list(early.value.errors) == ["paid_on"]


def test_only_bookings_of_the_own_school(world):
    _, entry = world.booked()
    negative = reverse(world, entry, 1)
    assert "booking" in refused(world, propose(world, negative, 1))
    assert "booking" in refused(world, propose(world, entry, 1, at="育新工作室"))
    assert set(refused(world, propose(world, entry, 0, kind="gift"))) == {"amount", "kind"}
    with pytest.raises(Invalid):
        world.run("check_reversal", propose(world, entry, 1, paid_on="2026-11-24"), by="刘芸")


def test_it_needs_the_legal_representative_and_not_the_proposer(world):
    _, entry = world.booked()
    case = propose(world, entry, 1)
    with pytest.raises(Forbidden):
        world.run("book_reversal", case, by="陈国栋")
    world.person("刘芸", "松风路小学", Role.LEGAL_REPRESENTATIVE)
    world.sign(case, "legal_sign", "刘芸")
    with pytest.raises(Forbidden):
        world.run("book_reversal", case, by="刘芸")
    world.sign(case, "legal_sign", "陈国栋")
    assert world.run("book_reversal", case, by="陈国栋")["voucher"] == "记-0400"
