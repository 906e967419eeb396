"""Incidents: a step that failed is rolled back, and what was asked is kept to be tried again."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.processes import Incident
from app.db.queries import step_writes
from app.db.work import WorkItem
from app.domain import clock
from app.domain.errors import ShenpiError
from app.domain.text import N_
from app.engine.expressions import ExpressionError
from app.engine.problems import RunError
from app.services.transactions import connection_of, writing

logger = logging.getLogger(__name__)
LONGEST_DETAIL = 8000


class OperationFailed(ShenpiError):
    """An automatic step broke; nothing was changed, and an incident is recorded."""

    message = N_("没有办成：自动步骤出了问题，已记下并会有人处理。您填的内容都在，稍后可以再办一次。")

    def __init__(self, element: str | None, cause: Exception) -> None:
        super().__init__()
        self.element, self.cause = element, cause


@contextmanager
def guarded(session: Session, request: dict[str, Any], instance_id: int | None = None) -> Iterator[None]:
    """Record an incident where a step breaks through nobody's fault. Raises OperationFailed for it.

    Without an instance it is that of the work item which the request names as `task`.
    What a person can mend passes through, and so does a database that cannot be reached or was locked too long.
    """
    try:
        yield
    except (OperationFailed, ExpressionError, RunError) as error:
        failure = error if isinstance(error, OperationFailed) else OperationFailed(_place_of(error), error)
    except (ShenpiError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever broke is the incident
        failure = OperationFailed(None, error)
    else:
        return
    instance_id = instance_id or session.get_one(WorkItem, request["task"]).instance_id
    logger.error("a step of instance %s failed", instance_id, exc_info=failure.cause)
    record(session, instance_id, failure.cause, {"element": failure.element, **request})
    raise failure from failure.cause


def _place_of(error: ExpressionError | RunError) -> str | None:
    return error.element if isinstance(error, RunError) else None


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
    connection_of(session).execute(step_writes.RESOLVE_INCIDENTS, {"instance": instance_id, "resolved_at": clock.now()})
