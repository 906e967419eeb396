"""Incidents: a step that failed is rolled back, and what was asked is kept to be tried again."""

import traceback
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.processes import Incident
from app.domain import clock
from app.services.transactions import writing

LONGEST_DETAIL = 8000


def record(session: Session, instance_id: int, error: Exception, request: dict[str, Any]) -> int:
    """Keep an incident in a transaction of its own, after the rollback; return its id."""
    detail = "".join(traceback.format_exception(error))
    with writing(session):
        incident = Incident(
            instance_id=instance_id,
            element=request.get("element"),
            summary=f"{type(error).__name__}: {error}"[:500],
            detail=detail[-LONGEST_DETAIL:],
            request=request,
        )
        session.add(incident)
        session.flush()
        return incident.id


def open_incidents(session: Session, instance_id: int) -> list[Incident]:
    """Return what is still unresolved in a case."""
    query = select(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
    return list(session.scalars(query.order_by(Incident.id)))


def resolve(session: Session, instance_id: int) -> None:
    """Mark a case's incidents as resolved, within the step that went through."""
    session.execute(
        update(Incident)
        .where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
        .values(resolved_at=clock.now())
    )
