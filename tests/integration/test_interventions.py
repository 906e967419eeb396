"""What people do beside the tasks: who may, what it leaves, and that a case can always be brought to its end."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import BudgetLine, LedgerEntry
from app.db.people import SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.work import Attachment, Comment, Notification, Signature
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.vocabulary import Role
from app.services import authorizations, doctor, interventions, journal, returns, starts, steps, ticks
from app.services.returns import Return
from app.services.transactions import writing
from tests.integration.crowd import open_item
from tests.integration.prepared import (
    database,
    grant,
    operations,
    postgresql_world,
    school,
    sqlite_world,
    start_watched,
)
from tests.integration.school import PEOPLE, School

__all__ = ["database", "operations", "postgresql_world", "school", "sqlite_world"]  # fixtures
EVERYONE = [username for username, *_rest in PEOPLE]
# Who sees an expense of the school besides those who have a part in it.
SEE = {"host", "legal", "finance", "admin", "district_finance", "district_admin", "city_auditor", "city_admin"}
ADMINISTER = {"admin", "district_admin", "city_admin"}


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance)


def outcomes(school: School, act: Any) -> dict[str, type | None]:
    """Let everybody try the same; return what each ended in."""
    found: dict[str, type | None] = {}
    for name in EVERYONE:
        try:
            act(school.session, school.actor(name))
            found[name] = None
        except (Conflict, Forbidden, Invalid, NotFound) as refusal:
            found[name] = type(refusal)
    return found


def expected(allowed: set[str], refusal: type) -> dict[str, type | None]:
    return {name: None if name in allowed else refusal if name in SEE else NotFound for name in EVERYONE}


def test_who_may_suspend_and_resume(school: School) -> None:
    instance = school.start_expense()

    def both(session: Session, actor: Any) -> None:
        interventions.suspend(session, actor, instance, "核实票据")
        interventions.resume(session, actor, instance)

    assert outcomes(school, both) == expected(ADMINISTER, Forbidden)


def test_who_may_comment_and_copy(school: School) -> None:
    instance = school.start_expense()
    people = [school.people["teacher"]]

    def comment(session: Session, actor: Any) -> None:
        interventions.comment(session, actor, instance, "票据已收到")

    assert outcomes(school, comment) == expected(SEE, Forbidden)
    assert len(school.session.scalars(select(Comment)).all()) == len(SEE)
    interventions.copy(school.session, school.actor("host"), instance, people)
    interventions.copy(school.session, school.actor("legal"), instance, people)
    interventions.comment(school.session, school.actor("teacher"), instance, "我看到了")
    ticks.tick(school.session)
    told = select(Notification.text).where(Notification.person_id == people[0])
    assert [text for text in school.session.scalars(told) if "抄送" in text] == [
        f"周敏把“{case_of(school, instance).title}”抄送给您。"
    ]
    with pytest.raises(Invalid):
        interventions.copy(school.session, school.actor("host"), instance, [school.people["other_host"]])
    with pytest.raises(Invalid):
        interventions.comment(school.session, school.actor("host"), instance, "  ")


def test_who_may_withdraw_and_cancel(school: School) -> None:
    instance = school.start_expense()

    def withdraw(session: Session, actor: Any) -> None:
        interventions.withdraw(session, actor, instance, "重复了")

    assert outcomes(school, withdraw) == expected({"host"}, Forbidden)
    others = [school.start_expense(number=str(number), amount=100) for number in range(len(ADMINISTER))]

    def cancel(session: Session, actor: Any) -> None:
        interventions.cancel(session, actor, others[-1], "办错了")
        others.pop()

    assert outcomes(school, cancel) == expected(ADMINISTER, Forbidden)
    line = school.session.get_one(BudgetLine, school.line("training"))
    assert (line.reserved, line.booked) == (0, 0)
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_an_ended_case_stays_as_it_is(school: School) -> None:
    instance = school.start_expense()
    interventions.withdraw(school.session, school.actor("host"), instance, "")
    admin = school.actor("admin")
    for act in (interventions.suspend, interventions.cancel):
        with pytest.raises(Conflict, match="已经撤回"):
            act(school.session, admin, instance, "再来")
    with pytest.raises(Conflict):
        interventions.resume(school.session, admin, instance)


def test_what_others_decided_cannot_be_withdrawn(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    with pytest.raises(Conflict):
        interventions.withdraw(school.session, school.actor("host"), instance, "重复了")


@pytest.mark.usefixtures("operations")
def test_nothing_moves_while_a_case_is_suspended(school: School) -> None:
    instance, admin = start_watched(school), school.actor("admin")
    interventions.suspend(school.session, admin, instance, "核实")
    for act in (
        lambda: school.act(instance, "legal", "agree"),
        lambda: interventions.withdraw(school.session, school.actor("teacher"), instance, ""),
        lambda: interventions.suspend(school.session, admin, instance, "再停"),
    ):
        with pytest.raises(Conflict, match="已经暂停"):
            act()
    with clock.frozen(clock.now() + timedelta(days=30)):
        assert ticks.tick(school.session)["timers"] == 0
        assert case_of(school, instance).status == "suspended"
        interventions.resume(school.session, admin, instance)
        assert ticks.tick(school.session)["timers"] == 1
    assert case_of(school, instance).outcome == "late"


BOOKING = {
    "voucher_number": "记-0318",
    "paid_on": clock.today().isoformat(),
    "payment_method": "transfer",
    "originals_checked": True,
}
# Who does each task of the shipped processes, with which verdict, in the order of the main line.
MAIN = {
    "expense_approval": {
        "host_sign": ("host", "sign"),
        "legal_sign": ("legal", "sign"),
        "finance_book": ("finance", "accept"),
    },
    "annual_budget": {"finance_confirm": ("finance", "accept")},
    "expense_reversal": {"legal_sign": ("legal", "sign")},
}
REVISE = {"expense_approval": "revise_draft", "annual_budget": "revise_budget", "expense_reversal": "revise_reversal"}
INITIATOR = {"expense_approval": "host", "annual_budget": "host", "expense_reversal": "finance"}


def start_of(school: School, process: str) -> tuple[int, dict[str, Any]]:
    if process == "expense_approval":
        values = school.expense_values()
    elif process == "annual_budget":
        year = clock.today().year + 1
        grants, lines = [{"source": "city", "amount": 100}], [{"category": "training", "amount": 100}]
        values = {"studio": school.studio, "year": year, "grants": grants, "lines": lines}
    else:
        booked = school.start_expense()
        school.act(booked, "host", "sign")
        school.act(booked, "legal", "sign")
        school.book(booked)
        entry = school.session.scalars(select(LedgerEntry)).one()
        amounts = {"booking": entry.id, "kind": "refund", "amount": 1_000}
        paid = {"reason": "退回一部分", "voucher_number": "记-0402", "paid_on": clock.today().isoformat()}
        values = amounts | paid
    actor, place = school.actor(INITIATOR[process]), school.organizations["school"]
    return starts.start(school.session, actor, process, place, values).instance, values


def do(school: School, process: str, instance: int, values: dict[str, Any]) -> None:
    element = school.open_item(instance).element
    if element == REVISE[process]:
        school.act(instance, INITIATOR[process], "submit", values)
        return
    name, verdict = MAIN[process][element]
    school.act(instance, name, verdict, BOOKING if element == "finance_book" else None)


def finish(school: School, process: str, instance: int, values: dict[str, Any]) -> None:
    for _ in range(12):
        if case_of(school, instance).ended_at is not None:
            return
        do(school, process, instance, values)


def return_each(school: School, process: str, instance: int, values: dict[str, Any]) -> list[tuple[str, str]]:
    """Walk on, and at each stop return to every target there is, walking back to the stop each time."""
    pairs = []
    for stop in MAIN[process]:
        tried: set[str] = set()
        while target := next(iter(sorted(targets(school, instance, stop, process, values) - tried)), None):
            tried.add(target)
            pairs.append((stop, target))
            item = school.open_item(instance)
            actor = school.actor(MAIN[process][stop][0])
            interventions.return_to(school.session, actor, item.id, Return(target, "请再核对"))
            assert school.open_item(instance).element == target
            assert doctor.examine(school.session) == []
    return pairs


def targets(school: School, instance: int, stop: str, process: str, values: dict[str, Any]) -> set[str]:
    while school.open_item(instance).element != stop:
        do(school, process, instance, values)
    step = steps.locked(school.session, instance, None)
    found = {
        one.element
        for one in returns.offers(school.session, step.case, step.process, school.open_item(instance).element).targets
    }
    school.session.rollback()
    return found


@pytest.mark.parametrize(
    ("process", "wanted"),
    [
        (
            "expense_approval",
            [
                ("host_sign", "revise_draft"),
                ("legal_sign", "host_sign"),
                ("legal_sign", "revise_draft"),
                ("finance_book", "host_sign"),
                ("finance_book", "legal_sign"),
                ("finance_book", "revise_draft"),
            ],
        ),
        ("annual_budget", [("finance_confirm", "revise_budget")]),
        ("expense_reversal", [("legal_sign", "revise_reversal")]),
    ],
)
def test_a_case_goes_on_from_wherever_it_is_returned_to(
    school: School, process: str, wanted: list[tuple[str, str]]
) -> None:
    instance, values = start_of(school, process)
    school.act(instance, next(iter(MAIN[process].values()))[0], "return")
    pairs = return_each(school, process, instance, values)
    finish(school, process, instance, values)
    assert pairs == wanted
    assert case_of(school, instance).outcome in {"booked", "confirmed", "reversed"}
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_returning_voids_the_signature_of_the_task_returned_to(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    item, legal = school.open_item(instance), school.actor("legal")
    with pytest.raises(Invalid):
        interventions.return_to(school.session, legal, item.id, Return("finance_book", "往前"))
    with pytest.raises(Forbidden):
        interventions.return_to(school.session, school.actor("finance"), item.id, Return("host_sign", "退"))
    with pytest.raises(Stale):
        interventions.return_to(school.session, legal, item.id, Return("host_sign", "退", revision=9))
    with pytest.raises(Invalid):
        interventions.return_to(school.session, legal, item.id, Return("host_sign", " "))
    interventions.return_to(school.session, legal, item.id, Return("host_sign", "请再核对"))
    assert school.session.scalars(select(Signature)).one().void_reason == "退回后要重新签字"
    assert school.open_item(instance).is_returned


def test_a_loop_does_not_let_a_return_skip_a_signature(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "return")
    school.act(instance, "host", "submit", school.expense_values(amount=400_000))
    item = school.open_item(instance)
    assert item.element == "host_sign"
    with pytest.raises(Invalid):
        interventions.return_to(school.session, school.actor("host"), item.id, Return("legal_sign", "跳过"))


def test_a_returned_answer_stands_for_no_signature(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "sign")
    item = school.open_item(instance)
    interventions.return_to(school.session, school.actor("finance"), item.id, Return("host_sign", "请再核对"))
    school.act(instance, "host", "return")
    item = school.open_item(instance)
    assert item.element == "revise_draft"
    with pytest.raises(Invalid):
        interventions.return_to(school.session, school.actor("host"), item.id, Return("legal_sign", "跳过"))


@pytest.mark.usefixtures("operations")
def test_returning_into_and_out_of_a_group(school: School) -> None:
    from tests.integration.crowd import click  # noqa: PLC0415 - only here

    instance = start_watched(school)
    school.act(instance, "legal", "agree")
    first = open_item(school, instance, "first_sign")
    with pytest.raises(Conflict):
        interventions.return_to(school.session, school.actor("finance"), first.id, Return("answer", "退"))
    for name, element in (("finance", "first_sign"), ("legal", "second_sign")):
        click(school, instance, name, "sign", element=element)(school.session)
    seal = school.open_item(instance)
    with pytest.raises(Conflict):
        interventions.return_to(school.session, school.actor("admin"), seal.id, Return("first_sign", "退"))
    interventions.return_to(school.session, school.actor("admin"), seal.id, Return("answer", "退"))
    assert school.open_item(instance).element == "answer"
    assert doctor.examine(school.session) == []


def authorize(school: School, *, confirmed: bool = True, **changes: Any) -> None:
    today, people = clock.today(), school.people
    with writing(school.session):
        scan = Attachment(
            id="a" * 32,
            uploaded_by_id=people["admin"],
            name="委托书.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0",
        )
        school.session.add(scan)
        school.session.flush()
        fields = {"from_on": today, "until_on": today + timedelta(days=9), "revoked_at": None} | changes
        found = SigningAuthorization(
            organization_id=school.organizations["school"],
            role=Role.LEGAL_REPRESENTATIVE,
            principal_id=people["legal"],
            deputy_id=people["deputy"],
            attachment_id=scan.id,
            entered_by_id=people["admin"],
            confirmed_by_id=people["legal"] if confirmed else None,
            confirmed_at=clock.now() if confirmed else None,
            **fields,
        )
        school.session.add(found)


def test_a_confirmed_deputy_signs_and_it_can_be_booked(school: School) -> None:
    authorize(school)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "deputy", "sign")
    signature = school.session.scalars(select(Signature).where(Signature.element == "legal_sign")).one()
    assert (signature.person_id, signature.position_title) == (school.people["deputy"], "法定代表人（代陈国栋）")
    school.book(instance)
    assert case_of(school, instance).outcome == "booked"


def test_whoever_sees_the_case_reads_the_paper_that_a_deputy_signed_under(school: School) -> None:
    authorize(school)
    paper = school.session.scalars(select(SigningAuthorization.id)).one()
    with pytest.raises(NotFound):
        authorizations.scan_of(school.session, school.actor("finance"), paper)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "deputy", "sign")
    for name in ("finance", "host", "city_auditor"):
        assert authorizations.scan_of(school.session, school.actor(name), paper).name == "委托书.pdf"
    for name in ("teacher", "other_finance", "other_legal"):
        with pytest.raises(NotFound):
            authorizations.scan_of(school.session, school.actor(name), paper)


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed": False},
        {"until_on": date(2020, 1, 2), "from_on": date(2020, 1, 1)},
        {"from_on": clock.today() + timedelta(days=1)},
        {"revoked_at": clock.now()},
    ],
    ids=["unconfirmed", "expired", "future", "revoked"],
)
def test_other_deputies_sign_nothing(school: School, changes: dict[str, Any]) -> None:
    authorize(school, **changes)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    with pytest.raises(NotFound):
        school.act(instance, "deputy", "sign")


def test_one_person_in_both_positions_signs_one_and_the_deputy_the_other(school: School) -> None:
    grant(school, "host", Role.LEGAL_REPRESENTATIVE)
    authorize(school)
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    with pytest.raises(Forbidden):
        school.act(instance, "host", "sign")
    school.act(instance, "deputy", "sign")
    school.book(instance)
    assert case_of(school, instance).outcome == "booked"
