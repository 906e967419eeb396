"""Decisions that business rule tasks made, kept with their explanations."""

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.processes import DecisionRecord
from app.domain import clock
from app.engine.changes import Decided


def keep(session: Session, instance_id: int, decided: Sequence[Decided]) -> None:
    """Store what a step decided, within its transaction."""
    if not decided:
        return
    now = clock.now()
    rows = [
        {
            "instance_id": instance_id,
            "element": one.element,
            "decision": one.decision,
            "inputs": dict(one.inputs),
            "outputs": dict(one.outputs),
            "explanation": dict(one.explanation),
            "decided_at": now,
        }
        for one in decided
    ]
    session.execute(insert(DecisionRecord), rows)


def decisions_of(session: Session, instance_id: int) -> Sequence[DecisionRecord]:
    """Return the decisions of a case in the order in which they were made."""
    query = select(DecisionRecord).where(DecisionRecord.instance_id == instance_id).order_by(DecisionRecord.id)
    return session.scalars(query).all()
