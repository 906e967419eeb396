"""Decision sheets as people read them: the group that decides, the office, and the bureaus above; never a candidate."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Organization
from app.db.rounds import Application, Round
from app.db.selections import DecisionSheet
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.policy import Action
from app.engine.compiler import CompiledProcess
from app.engine.model import CallActivity
from app.services.accounts.organizations import in_scope

# The process whose cases have sheets.
DECISION_STAGE = "decision_stage"
# In these a round's own case keeps who was chosen and why; whoever scores or votes in the round sees that case too.
CLOSED_STAGES = frozenset({DECISION_STAGE, "appointment_stage"})


@dataclass(frozen=True)
class Decision:
    """A round with the sheets that were drawn for it, those of the hosts first."""

    round: Round
    sheets: Sequence[DecisionSheet]


def decision(session: Session, actor: Actor, round_id: int) -> Decision:
    """Return the sheets of a round. Raises NotFound where there are none that the person may read."""
    query = select(DecisionSheet).join(DecisionSheet.round).where(DecisionSheet.round_id == round_id, _may_read(actor))
    around = joinedload(DecisionSheet.round)
    options = (around.joinedload(Round.organization), around.joinedload(Round.instance))
    found = session.scalars(query.options(*options, joinedload(DecisionSheet.decided_by)).order_by(DecisionSheet.kind))
    sheets = list(found)
    if not sheets:
        raise NotFound
    return Decision(sheets[0].round, sheets)


def decided_round(session: Session, actor: Actor, instance_id: int) -> int | None:
    """Return the round of a case whose sheets were drawn and the person may read."""
    query = select(Round.id).join(DecisionSheet, DecisionSheet.round_id == Round.id)
    return session.scalar(query.where(Round.instance_id == instance_id, _may_read(actor)).limit(1))


def closed_stages(session: Session, actor: Actor, instance_id: int, process: CompiledProcess) -> frozenset[str]:
    """Return the calls of a round's own case whose contents are not for the person: who may not read the sheets."""
    calls = frozenset(one.id for one in process.model.of_kind(CallActivity) if one.called in CLOSED_STAGES)
    query = select(Round.id).where(Round.instance_id == instance_id, ~_may_read(actor))
    return calls if calls and session.scalar(query) is not None else frozenset()


def _may_read(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of a round whose sheets somebody may read: whoever applied in it may not."""
    applied = exists().where(Application.round_id == Round.id, Application.person_id == actor.person_id)
    places = select(Organization.id).where(in_scope(actor, Action.SEE_APPLICATIONS))
    return and_(Round.organization_id.in_(places), ~applied)
