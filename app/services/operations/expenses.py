"""The operations that check an expense and book it."""

from typing import Any

from app.domain import clock
from app.services.operations import expense_checks, expense_limits
from app.services.operations.call import Call
from app.services.operations.expense import expense_in
from app.services.operations.findings import Findings


def check_expense(call: Call) -> dict[str, Any]:
    """Check an expense before anybody signs it (S1 经费 第三、四、五条); amounts in fen.

    Raises Refused with every fault by field.
    """
    expense = expense_in(call.values)
    facts = expense_checks.gather(call, expense)
    findings = Findings(call.rules)
    expense_checks.check_studio(call, facts, findings)
    expense_limits.check_category(expense, findings)
    expense_checks.check_line(expense, facts, findings)
    expense_checks.check_sums(expense, findings)
    expense_checks.check_invoices(expense, facts, findings)
    expense_limits.check_lectures(expense, findings)
    expense_checks.check_assets(expense, findings)
    expense_checks.check_declaration(expense, findings)
    findings.conclude()
    return {
        "amount": expense.total,
        "year": facts.line.year if facts.line else clock.today().year,
        "checks": findings.checks,
        "flags": expense_limits.flags(expense, findings),
    }
