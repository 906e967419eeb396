"""What a named operation is told when a service task runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain.identity import Actor


@dataclass(frozen=True)
class Call:
    """One run of an operation inside the step's transaction; `rules` are the case's pinned rules by key."""

    session: Session
    instance_id: int
    serial: str
    process_key: str
    organization_id: int
    studio_id: int | None
    initiator_id: int
    actor: Actor | None
    operation: str
    element: str
    params: Mapping[str, Any]
    values: Mapping[str, Any]
    rules: Mapping[str, Mapping[str, Any]]


Implementation = Callable[[Call], Mapping[str, Any] | None]
