"""Whose money a person may look at: the own studio, the own school, or everything a bureau administers."""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.people import Organization
from app.domain.errors import Forbidden
from app.domain.identity import Actor, Holding
from app.domain.vocabulary import Role

SCHOOL_LEDGER = frozenset({Role.FINANCE_OFFICER, Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE})
BUREAU_LEDGER = frozenset({Role.BUREAU_FINANCE, Role.BUREAU_AUDITOR})
STUDIO_BUDGET = frozenset({Role.STUDIO_HOST, Role.STUDIO_MEMBER})
SCHOOL_BUDGET = SCHOOL_LEDGER | {Role.PROCESS_ADMIN}
BUREAU_BUDGET = BUREAU_LEDGER | {Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER}


def ledger_studios(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the studios whose ledger a person may read (S1 经费 第五条).

    Raises Forbidden where no position allows any.
    """
    return _studios(actor, frozenset({Role.STUDIO_HOST}), SCHOOL_LEDGER, BUREAU_LEDGER)


def budget_studios(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the studios whose budgets a person may read. Raises Forbidden."""
    return _studios(actor, STUDIO_BUDGET, SCHOOL_BUDGET, BUREAU_BUDGET)


def may_look(actor: Actor) -> tuple[bool, bool]:
    """Tell whether some position lets a person read a ledger, and whether one lets read a budget."""
    ledger = {Role.STUDIO_HOST, *SCHOOL_LEDGER, *BUREAU_LEDGER}
    budget = {*STUDIO_BUDGET, *SCHOOL_BUDGET, *BUREAU_BUDGET}
    roles = {held.role for held in actor.holdings}
    return bool(roles & ledger), bool(roles & budget)


def may_read_ledger(session: Session, actor: Actor, studio_id: int) -> bool:
    """Tell whether a person may read one studio's ledger."""
    try:
        scope = ledger_studios(actor)
    except Forbidden:
        return False
    return session.scalar(select(Studio.id).where(Studio.id == studio_id, scope)) is not None


def _studios(
    actor: Actor, in_studio: frozenset[Role], in_school: frozenset[Role], in_bureau: frozenset[Role]
) -> ColumnElement[bool]:
    parts = [_reach(held, in_studio, in_school, in_bureau) for held in actor.holdings]
    found = [part for part in parts if part is not None]
    if not found:
        raise Forbidden
    return or_(false(), *found)


def _reach(
    held: Holding, in_studio: frozenset[Role], in_school: frozenset[Role], in_bureau: frozenset[Role]
) -> ColumnElement[bool] | None:
    if held.role in in_studio:
        return and_(Studio.id == held.studio_id, Studio.organization_id == held.organization_id)
    if held.role in in_school:
        return Studio.organization_id == held.organization_id
    if held.role in in_bureau:
        below = Organization.path.startswith(held.organization_path, autoescape=True)
        return Studio.organization_id.in_(select(Organization.id).where(below))
    return None
