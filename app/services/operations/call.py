"""What a named operation is told when a service task runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.queries.step_locks import LockedCase
from app.domain.errors import Conflict
from app.domain.identity import Actor
from app.domain.text import N_


@dataclass(frozen=True)
class Call:
    """One run of an operation inside the step's transaction; `rules` are the case's pinned rules by key."""

    session: Session
    instance_id: int
    serial: str
    process_key: str
    organization_id: int
    studio_id: int | None
    initiator_id: int | None
    actor: Actor | None
    operation: str
    element: str
    params: Mapping[str, Any]
    values: Mapping[str, Any]
    rules: Mapping[str, Mapping[str, Any]]

    def required_initiator(self) -> int:
        """Return who started the case. Raises Conflict where the platform did."""
        if self.initiator_id is None:
            raise Conflict(N_("这项操作只能用在有人发起的事里，请找流程管理员修改流程。"))
        return self.initiator_id


def call_of(
    session: Session,
    case: LockedCase | ProcessInstance,
    actor: Actor | None,
    operation: str,
    element: str,
    params: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Call:
    """Return what an operation is told that runs for a case, asked for by an element or by the name of the operation."""
    return Call(
        session=session,
        instance_id=case.id,
        serial=case.serial,
        process_key=case.process_key,
        organization_id=case.organization_id,
        studio_id=case.studio_id,
        initiator_id=case.initiator_id,
        actor=actor,
        operation=operation,
        element=element,
        params=params,
        values=values,
        rules=case.rules,
    )


Implementation = Callable[[Call], Mapping[str, Any] | None]
