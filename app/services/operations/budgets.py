"""The operations that check a studio's yearly budget and put it into force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db.money import Budget, BudgetLine, Grant
from app.db.queries import money
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.text import N_
from app.domain.vocabulary import Category, FundingSource
from app.services.operations import budget_checks
from app.services.operations.budget_checks import DRAFT
from app.services.operations.call import Call
from app.services.operations.findings import Findings


@dataclass(frozen=True)
class Part:
    """A row of the form: a source or a category, with its amount in fen."""

    name: str
    amount: int


@dataclass(frozen=True)
class Plan:
    """The start form of `annual_budget`."""

    studio: int | None
    year: int
    grants: tuple[Part, ...]
    lines: tuple[Part, ...]


def check_budget(call: Call) -> dict[str, Any]:
    """Check a budget against its grants, the rules and what is spent already; amounts in fen.

    Raises Refused with every fault by field.
    """
    plan = plan_in(call.values)
    facts = budget_checks.gather(call, plan.studio, plan.year)
    findings = Findings(call.rules)
    budget_checks.check_studio(call, facts, plan.year, findings)
    budget_checks.check_no_other_case(call, facts, plan.year, findings)
    budget_checks.check_grants(facts, plan.grants, findings)
    budget_checks.check_lines(facts, plan.lines, sum(part.amount for part in plan.grants), findings)
    findings.conclude()
    return {
        "amount": sum(part.amount for part in plan.lines),
        "year": plan.year,
        "studio_name": facts.studio.name if facts.studio else "",
        "checks": findings.checks,
        "flags": [],
    }


def confirm_budget(call: Call) -> dict[str, Any]:
    """Write a confirmed budget with its grants and lines, or change the one in force.

    Raises Refused or Conflict when meanwhile more is spent than the budget would allow.
    """
    check_budget(call)
    plan = plan_in(call.values)
    budget = _budget(call, plan)
    _write_grants(call, budget, plan)
    _write_lines(call, budget, plan)
    call.session.flush()
    return {"budget": budget.id, "confirmed_on": clock.today().isoformat()}


def plan_in(values: Mapping[str, Any]) -> Plan:
    """Read the budget from a case's values."""
    draft = values.get(DRAFT) or {}
    return Plan(
        studio=draft.get("studio"),
        year=int(draft.get("year") or 0),
        grants=tuple(Part(row["source"], row["amount"]) for row in draft.get("grants") or ()),
        lines=tuple(Part(row["category"], row["amount"]) for row in draft.get("lines") or ()),
    )


def _budget(call: Call, plan: Plan) -> Budget:
    found = call.session.scalar(
        select(Budget).where(Budget.studio_id == plan.studio, Budget.year == plan.year).with_for_update(key_share=True)
    )
    budget = found or Budget(studio_id=plan.studio, year=plan.year)
    budget.instance_id, budget.confirmed_at = call.instance_id, clock.now()
    call.session.add(budget)
    call.session.flush()
    return budget


def _write_grants(call: Call, budget: Budget, plan: Plan) -> None:
    """Write the grants; a source that the amendment no longer names keeps its row with nothing in it."""
    wanted = {FundingSource(part.name): part.amount for part in plan.grants}
    held = {grant.source: grant for grant in budget.grants}
    for source in held.keys() - wanted.keys():
        held[source].amount = 0
    for source, amount in wanted.items():
        if source in held:
            held[source].amount = amount
        else:
            call.session.add(Grant(budget_id=budget.id, source=source, amount=amount))


def _write_lines(call: Call, budget: Budget, plan: Plan) -> None:
    wanted = {Category(part.name): part.amount for part in plan.lines}
    held = {line.category: line for line in budget.lines}
    for category in sorted(held.keys() | wanted.keys()):
        amount = wanted.get(category, 0)
        if category not in held:
            call.session.add(BudgetLine(budget_id=budget.id, category=category, amount=amount))
        elif not money.set_line_amount(call.session, held[category].id, amount):
            raise Conflict(N_("刚才又有报销占用了这份预算，确认没有完成；请退回主持人修改。"))
