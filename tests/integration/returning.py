"""Cases of the shipped processes that tests return: who files them with what, and who does each task."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.db.money import LedgerEntry
from app.db.processes import ProcessInstance
from app.domain import clock, semesters
from app.domain.vocabulary import Role
from app.services import steps
from app.services.acts import interventions, returns
from app.services.acts.returns import Mode, Offers, Return
from app.services.starting import starts
from tests.integration.prepared import grant
from tests.integration.school import School

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
    "semester_plan": {"office_review": ("teacher", "agree"), "deputy_approve": ("deputy", "agree")},
}
REVISE = {
    "expense_approval": "revise_draft",
    "annual_budget": "revise_budget",
    "expense_reversal": "revise_reversal",
    "semester_plan": "revise_plan",
}
INITIATOR = {process: "finance" if process == "expense_reversal" else "host" for process in MAIN}


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance)


def start_of(school: School, process: str) -> tuple[int, dict[str, Any]]:
    """File a case; return it with what was filed."""
    values = FILED[process](school)
    actor, place = school.actor(INITIATOR[process]), school.organizations["school"]
    return starts.start(school.session, actor, process, place, values).instance, values


def do(school: School, process: str, instance: int, values: dict[str, Any]) -> None:
    """Do what waits, agreeing."""
    element = school.open_item(instance).element
    if element == REVISE[process]:
        school.act(instance, INITIATOR[process], "submit", values)
        return
    name, verdict = MAIN[process][element]
    school.act(instance, name, verdict, BOOKING if element == "finance_book" else None)


def walk_to(school: School, process: str, instance: int, values: dict[str, Any], stop: str) -> None:
    while school.open_item(instance).element != stop:
        do(school, process, instance, values)


def finish(school: School, process: str, instance: int, values: dict[str, Any]) -> None:
    for _ in range(12):
        if case_of(school, instance).ended_at is not None:
            return
        do(school, process, instance, values)


def offers_of(school: School, instance: int) -> Offers:
    step = steps.locked(school.session, instance, None)
    found = returns.offers(school.session, step.case, step.process, school.open_item(instance).element)
    school.session.rollback()
    return found


def send_back(
    school: School, name: str, instance: int, target: str, mode: str = Mode.AGAIN, why: str = "请再核对"
) -> None:
    item = school.open_item(instance)
    interventions.return_to(school.session, school.actor(name), item.id, Return(target, why, mode, item.revision))


def _budget(school: School) -> dict[str, Any]:
    grants, lines = [{"source": "city", "amount": 100}], [{"category": "training", "amount": 100}]
    return {"studio": school.studio, "year": clock.today().year + 1, "grants": grants, "lines": lines}


def _reversal(school: School) -> dict[str, Any]:
    booked = school.start_expense()
    school.act(booked, "host", "sign")
    school.act(booked, "legal", "sign")
    school.book(booked)
    entry = school.session.scalars(select(LedgerEntry)).one()
    paid = {"reason": "退回一部分", "voucher_number": "记-0402", "paid_on": clock.today().isoformat()}
    return {"booking": entry.id, "kind": "refund", "amount": 1_000, **paid}


def _plan(school: School) -> dict[str, Any]:
    grant(school, "teacher", Role.MORAL_EDUCATION_OFFICE)
    activities = [{"month": "11", "name": "跨校主题班会观摩", "kind": "class_meeting"}]
    planned = {"direction": "班级自主管理", "goals": "一套办法", "results": "一本课例集", "budget": 0}
    semester = semesters.around(clock.today())[0]
    return {"studio": school.studio, "semester": semester, "activities": activities, **planned}


FILED: dict[str, Callable[[School], dict[str, Any]]] = {
    "expense_approval": lambda school: school.expense_values(),
    "annual_budget": _budget,
    "expense_reversal": _reversal,
    "semester_plan": _plan,
}
