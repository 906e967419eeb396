"""Budgets: those that a person may read, and one in full."""

from flask import Blueprint, render_template, request, url_for

from app.domain.vocabulary import Role
from app.services.money import budget_cases, budgets, money_scope
from app.services.money.budgets import BudgetView
from app.views import numbers
from app.views.database import get_session
from app.views.presenters import budgets as rows
from app.views.presenters.money_tabs import tabs
from app.views.session import current_actor

blueprint = Blueprint("budgets", __name__, url_prefix="/budgets")
PAGE = 50


@blueprint.get("")
def index() -> str:
    """List the budgets, the newest first."""
    session, actor = get_session(), current_actor()
    year = request.args.get("year", type=numbers.year)
    page = budgets.budgets(session, actor, year=year, cursor=request.args.get("cursor"), limit=PAGE)
    return render_template(
        "budgets/index.html",
        tabs=tabs(actor),
        rows=[rows.summary(view) for view in page.items],
        is_several=len({view.organization_id for view in page.items}) > 1,
        years=[None, *budgets.years(session, actor)],
        year=year,
        next_url=url_for("budgets.index", year=year, cursor=page.next) if page.next else "",
        start_url=_start_url(),
    )


@blueprint.get("/<int:studio_id>/<year:year>")
def show(studio_id: int, year: int) -> str:
    """Show a studio's budget of a year."""
    session, actor = get_session(), current_actor()
    view = budgets.budget_of(session, actor, studio_id, year)
    may_ledger = money_scope.may_read_ledger(session, actor, studio_id)
    return render_template(
        "budgets/show.html",
        view=view,
        meter=rows.meter(view),
        figures=rows.figures(view, _ledger(view) if may_ledger and view.booked else ""),
        lines=rows.lines(view, may_ledger=may_ledger),
        total=rows.summary(view),
        grants=rows.grants(view),
        held=rows.held(budget_cases.held_by(session, actor, view.id)),
        start_url=_start_url(view),
    )


def _ledger(view: BudgetView) -> str:
    return url_for("ledger.index", studio=view.studio_id, year=view.year)


def _start_url(view: BudgetView | None = None) -> str:
    """Return where the host drafts or amends a budget, nothing for others."""
    hosts = [held for held in current_actor().holdings if held.role == Role.STUDIO_HOST]
    if not any(view is None or held.studio_id == view.studio_id for held in hosts):
        return ""
    return url_for("start.fill", key="annual_budget")
