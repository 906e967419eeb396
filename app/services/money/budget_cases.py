"""The open cases behind what a budget holds in reserve."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import BudgetLine, Reservation
from app.db.processes import ProcessInstance
from app.domain.identity import Actor
from app.domain.vocabulary import CATEGORY_TITLES, Category
from app.services import visibility


@dataclass(frozen=True)
class HeldBy:
    """An open case that holds money of a budget, in fen."""

    instance_id: int
    serial: str
    title: str
    category: str
    amount: int


def held_by(session: Session, actor: Actor, budget_id: int) -> list[HeldBy]:
    """Return the open cases that hold money of a budget and that the person may see, the newest first."""
    columns = (ProcessInstance.id, ProcessInstance.serial, ProcessInstance.title, BudgetLine.category)
    rows = session.execute(
        select(*columns, Reservation.amount)
        .join(Reservation, Reservation.instance_id == ProcessInstance.id)
        .join(BudgetLine, BudgetLine.id == Reservation.line_id)
        .where(BudgetLine.budget_id == budget_id, visibility.may_see(session, actor))
        .order_by(ProcessInstance.id.desc())
    )
    return [
        HeldBy(id_, serial, title, CATEGORY_TITLES[Category(category)], amount)
        for id_, serial, title, category, amount in rows
    ]
