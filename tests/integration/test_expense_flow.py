"""The whole way of an expense through the services, on both databases."""

import pytest
from sqlalchemy import select

from app.db.money import BudgetLine, LedgerEntry
from app.db.processes import ProcessInstance
from app.db.work import Notification, Signature
from app.domain.errors import Forbidden, Invalid, NotFound, Stale
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.timing import ticks
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


def status(school: School, instance: int) -> tuple[str, str | None]:
    school.session.expire_all()
    case = school.session.get_one(ProcessInstance, instance)
    return case.status, case.outcome


def test_from_draft_to_booked_with_a_return_and_a_voided_signature(school: School) -> None:
    session = school.session
    instance = school.start_expense(amount=488_800)
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "return")
    changed = school.expense_values(amount=448_800)
    school.act(instance, "host", "submit", changed)
    voided = session.scalars(select(Signature).where(Signature.voided_at.is_not(None))).one()
    assert voided.void_reason == "内容改动后原签字自动作废"
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    school.book(instance)
    assert status(school, instance) == ("completed", "booked")
    entry = session.scalars(select(LedgerEntry)).one()
    assert entry.amount == 448_800
    line = session.get_one(BudgetLine, school.line("training"))
    assert (line.reserved, line.booked) == (0, 448_800)
    ticks.tick(session)
    assert session.scalars(select(Notification).where(Notification.person_id == school.people["host"])).all()
    assert list(journal.verify(session)) == []
    assert doctor.examine(session) == []


def test_refusal_gives_the_money_back(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "refuse")
    assert status(school, instance) == ("completed", "refused")
    line = school.session.get_one(BudgetLine, school.line("training"))
    assert (line.reserved, line.booked) == (0, 0)
    assert school.start_expense()


def test_withdrawal_gives_the_money_back_while_nobody_else_decided(school: School) -> None:
    instance = school.start_expense()
    interventions.withdraw(school.session, school.actor("host"), instance, "重复了")
    assert status(school, instance) == ("withdrawn", None)
    assert school.session.get_one(BudgetLine, school.line("training")).reserved == 0


def test_the_finance_return_voids_both_signatures(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    school.act(instance, "finance", "return")
    live = select(Signature).where(Signature.voided_at.is_(None))
    assert school.session.scalars(live).all() == []
    assert school.open_item(instance).element == "revise_draft"


def test_neighbours_see_nothing(school: School) -> None:
    instance = school.start_expense()
    with pytest.raises(NotFound):
        school.act(instance, "other_host", "sign")


def test_who_sees_but_may_not_act(school: School) -> None:
    instance = school.start_expense()
    with pytest.raises(Forbidden):
        school.act(instance, "finance", "sign")


def test_a_wrong_password_signs_nothing(school: School) -> None:
    instance = school.start_expense()
    with pytest.raises(Invalid) as caught:
        school.act(instance, "host", "sign", password="猜的")
    assert "password" in caught.value.errors
    assert school.session.scalars(select(Signature)).all() == []


def test_a_stale_page_changes_nothing(school: School) -> None:
    instance = school.start_expense()
    with pytest.raises(Stale):
        school.act(instance, "host", "sign", content_hash="0" * 64)
    with pytest.raises(Stale):
        school.act(instance, "host", "sign", revision=99)


def test_changes_in_the_journal_are_found(school: School) -> None:
    instance = school.start_expense()
    entry = journal.case_entries(school.session, instance)[0]
    entry.details = {**entry.details, "version": 99}
    school.session.commit()
    assert [fault.chain for fault in journal.verify(school.session)] == [f"instance/{instance}"]
