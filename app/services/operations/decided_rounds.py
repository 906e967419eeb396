"""A round as the operations of its decision and appointment hold it."""

from collections.abc import Collection
from typing import Any

from app.db.rounds import Round
from app.domain.errors import Conflict
from app.domain.rounds import ROUND_STAGE_TITLES, RoundStage
from app.domain.text import N_
from app.services.journal import record_organization
from app.services.operations.call import Call
from app.services.rounds import stages


def held_at(call: Call, stage: RoundStage, comes_from: Collection[RoundStage]) -> Round:
    """Return the round of an operation, held, as it enters a stage or is at it. Raises Conflict, NotFound."""
    found = stages.locked(call.session, call.params.get("round"))
    if found.organization_id != call.organization_id or found.stage not in {stage, *comes_from}:
        words = N_("这一批已经不在“%(stage)s”这一步，请刷新页面看最新内容。")
        raise Conflict(words, stage=ROUND_STAGE_TITLES[stage])
    stages.enter(found, stage)
    return found


def note(call: Call, round_: Round, details: dict[str, Any]) -> None:
    """Write what an operation did into the journal of the round's organisation."""
    about = {"round": round_.id, "case": call.serial, **details}
    record_organization(call.session, call.organization_id, call.actor, call.operation, about)
