from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.money import Asset, InvoiceUse, LedgerAllocation, LedgerEntry, Reservation
from app.db.people import Position
from app.db.queries import money
from app.db.work import Signature
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, Refused
from app.domain.vocabulary import Role
from tests.integration.money_world import BOOKING, NOW, World, build


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    with clock.frozen(NOW):
        yield build(session)


def counters(world: World, category: str = "training") -> tuple[int, int]:
    line = money.line_state(world.session, world.lines[f"周敏工作室/{category}"])
    assert line is not None
    return line.reserved, line.booked


def live(world: World) -> list[str]:
    held = select(InvoiceUse.number).where(InvoiceUse.released_at.is_(None))
    return sorted(world.session.scalars(held))


def book(world: World, case: int) -> int:
    entry = world.run("book_expense", case, BOOKING, by="刘芸")["entry"]
    assert isinstance(entry, int)
    return entry


def signed(world: World) -> int:
    case = world.expense()
    world.sign(case, "host_sign", "周敏")
    world.sign(case, "legal_sign", "陈国栋")
    return case


def test_reserving_again_replaces_the_first(world):
    case = world.expense(number="1")
    assert counters(world) == (448800, 0)
    items = [{"name": "打印机", "quantity": 1, "amount": 100000}]
    draft = world.draft(
        items=items,
        category="equipment",
        budget_line=world.lines["周敏工作室/equipment"],
        invoices=[{"number": "2", "amount": 100000, "attachment": world.file("invoice")}],
    )
    world.run("reserve_funds", case, {"submit_draft": draft})
    assert (counters(world), counters(world, "equipment")) == ((0, 0), (100000, 0))
    assert live(world) == ["2"]
    world.run("reserve_funds", case)
    assert counters(world, "equipment") == (100000, 0)


def test_a_number_that_another_case_holds_is_refused_at_its_field(world):
    world.expense(number="7")
    case = world.expense(number="8")
    draft = world.draft(number="7")
    with pytest.raises(Refused) as refused:
        world.run("reserve_funds", case, {"submit_draft": draft})
    assert list(refused.value.errors) == ["invoices.0.number"]


def test_release_gives_everything_back_and_may_be_repeated(world):
    case = world.expense(number="7")
    world.run("release_funds", case)
    world.run("release_funds", case)
    assert (counters(world), live(world)) == ((0, 0), [])
    assert world.expense(number="7")


def test_booking_writes_the_ledger(world):
    case, entry_id = world.booked(number="7")
    entry = world.session.get_one(LedgerEntry, entry_id)
    assert (entry.amount, entry.voucher_number, entry.year, entry.category) == (448800, "记-0318", 2026, "training")
    assert entry.booked_by_id == world.people["刘芸"]
    assert (counters(world), live(world)) == ((0, 448800), ["7"])
    assert world.session.scalar(select(func.count()).select_from(Reservation)) == 0
    parts = world.session.execute(select(LedgerAllocation.source, LedgerAllocation.amount)).all()
    assert sorted(map(tuple, parts)) == [("city", 224400), ("district_match", 224400)]
    world.run("release_funds", case)
    assert (counters(world), live(world)) == ((0, 448800), ["7"])


def test_fixed_assets_enter_the_register(world):
    world.booked(fixed_assets=True, asset_place="教学楼 302 室")
    assets = world.session.scalars(select(Asset).order_by(Asset.id)).all()
    assert [(asset.name, asset.quantity, asset.place) for asset in assets] == [
        ("研修资料印制", 40, "教学楼 302 室"),
        ("班会研究书籍", 36, "教学楼 302 室"),
    ]


def test_booking_needs_both_signatures(world):
    case = world.expense()
    with pytest.raises(Forbidden):
        book(world, case)
    world.sign(case, "host_sign", "周敏")
    with pytest.raises(Forbidden):
        book(world, case)
    world.sign(case, "legal_sign", "高原")
    with pytest.raises(Forbidden):
        book(world, case)
    world.sign(case, "legal_sign", "陈国栋")
    assert book(world, case)


def test_a_voided_signature_books_nothing(world):
    case = signed(world)
    world.run("void_signatures", case)
    reasons = world.session.scalars(select(Signature.void_reason))
    assert set(reasons) == {"财务退回"}
    with pytest.raises(Forbidden):
        book(world, case)


def test_a_change_after_signing_books_nothing(world):
    case = signed(world)
    world.run("reserve_funds", case, {"submit_draft": world.draft(payee="何静")})
    with pytest.raises(Forbidden):
        book(world, case)


def test_a_returned_submission_is_no_signature(world):
    case = world.expense()
    world.sign(case, "host_sign", "周敏")
    world.sign(case, "legal_sign", "陈国栋", verdict="return")
    with pytest.raises(Forbidden):
        book(world, case)


def test_one_person_in_both_offices_is_not_enough(world):
    world.person("周敏", "松风路小学", Role.LEGAL_REPRESENTATIVE)
    case = world.expense()
    world.sign(case, "host_sign", "周敏")
    world.sign(case, "legal_sign", "周敏")
    with pytest.raises(Forbidden):
        book(world, case)
    authorization = world.authorize("周敏", "许文彬", Role.LEGAL_REPRESENTATIVE)
    world.sign(case, "legal_sign", "许文彬", authorization_id=authorization)
    assert book(world, case)


@pytest.mark.parametrize(
    "change",
    [
        {"confirmed_at": None},
        {"revoked_at": clock.at(date(2026, 11, 22))},
        {"until_on": date(2026, 11, 22)},
        {"role": Role.STUDIO_HOST},
    ],
)
def test_a_deputy_needs_an_authorisation_in_force(world, change):
    case = world.expense()
    world.sign(case, "host_sign", "周敏")
    facts = {"role": Role.LEGAL_REPRESENTATIVE, **change}
    authorization = world.authorize("陈国栋", "许文彬", facts.pop("role"), **facts)
    world.sign(case, "legal_sign", "许文彬", authorization_id=authorization)
    with pytest.raises(Forbidden):
        book(world, case)


def test_an_office_counts_on_the_day_of_signing(world):
    case = signed(world)
    held = select(Position).where(Position.role == Role.LEGAL_REPRESENTATIVE)
    office = world.session.scalars(held).one()
    office.until_on = date(2026, 11, 22)
    world.session.flush()
    with pytest.raises(Forbidden):
        book(world, case)
    office.until_on = date(2026, 11, 23)
    world.session.flush()
    with clock.frozen(clock.at(date(2026, 11, 30))):
        assert book(world, case)


def test_the_host_of_another_studio_cannot_sign_for_this_one(world):
    case = world.expense()
    world.sign(case, "host_sign", "何静")
    world.sign(case, "legal_sign", "陈国栋")
    with pytest.raises(Forbidden):
        book(world, case)


@pytest.mark.parametrize("day", ["2026-11-24", "2025-12-31", "0001-01-01"])
def test_a_payment_in_the_future_or_before_the_budget_is_refused(world, day):
    case = signed(world)
    wrong = {"finance_book": {**BOOKING["finance_book"], "paid_on": day}}
    with pytest.raises(Invalid) as refused:
        world.run("book_expense", case, wrong, by="刘芸")
    assert list(refused.value.errors) == ["paid_on"]


def test_without_its_reservation_nothing_is_booked(world):
    case = signed(world)
    world.run("release_funds", case)
    with pytest.raises(Conflict):
        book(world, case)
