"""Whom the chosen hosts propose as members, where the rules let them propose before the group decides."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveResponse, CollectiveTask
from app.db.rounds import Round
from app.domain.rounds import ApplicationKind
from app.domain.vocabulary import Verdict
from app.services.selections import outcomes

PROPOSING = "propose_members"
FIELD = "members"


def note(session: Session, round_: Round, instance_id: int, element: str) -> int:
    """Write into each application as member which hosts proposed it; return how many are proposed."""
    proposed = _proposed(session, instance_id, element)
    for application in outcomes.accepted(session, round_, ApplicationKind.MEMBER):
        application.proposed_by = proposed.get(application.person_id)
    session.flush()
    return len(proposed)


def _proposed(session: Session, instance_id: int, element: str) -> Mapping[int, list[int]]:
    """Return the hosts by the member whom they proposed the last time that they were asked."""
    asked = select(CollectiveTask.id).where(
        CollectiveTask.instance_id == instance_id, CollectiveTask.element == element
    )
    query = select(CollectiveResponse.person_id, CollectiveResponse.values).where(
        CollectiveResponse.collective_id == asked.order_by(CollectiveTask.id.desc()).limit(1).scalar_subquery(),
        CollectiveResponse.verdict == Verdict.SUBMIT,
    )
    found: dict[int, list[int]] = defaultdict(list)
    rows: Any = session.execute(query.order_by(CollectiveResponse.person_id))
    for host, values in rows:
        for member in values.get(FIELD) or ():
            found[int(member)].append(host)
    return found
