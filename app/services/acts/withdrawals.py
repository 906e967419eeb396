"""Until when an initiator may take a case back: while nobody else has decided in it, or as its process says."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.queries.step_locks import LockedCase
from app.db.work import Submission
from app.domain.errors import Conflict
from app.domain.identity import Actor
from app.domain.text import N_
from app.engine.compiler import CompiledProcess
from app.services.collective import collectives
from app.services.operations.call import call_of
from app.services.operations.registry import IMPLEMENTATIONS
from app.services.steps import Step


def refuse(step: Step) -> None:
    """Raise Conflict where a case is not to be taken back any more."""
    rule = step.process.package.manifest.withdrawal
    if rule is not None:
        step.operations(rule, rule, {}, step.case.values)
    elif others_decided(step.session, step.case) or collectives.is_answered(step.session, step.case, step.process):
        raise Conflict(N_("已经有人办理过，不能撤回；需要改的话请办理人退回。"))


def may_withdraw(
    session: Session, actor: Actor, case: ProcessInstance, process: CompiledProcess, *, is_answered: bool
) -> bool:
    """Tell whether the initiator could take a running case back now; `is_answered` by some of the many it asks."""
    rule = process.package.manifest.withdrawal
    if rule is None:
        return not is_answered and not others_decided(session, case)
    try:
        IMPLEMENTATIONS[rule](call_of(session, case, actor, rule, rule, {}, case.values))
    except Conflict:
        return False
    return True


def others_decided(session: Session, case: ProcessInstance | LockedCase) -> bool:
    """Tell whether somebody has decided in a case who is not the initiator, nor stood in for the initiator."""
    people = Submission.person_id, Submission.for_person_id
    is_other = and_(*(one.is_distinct_from(case.initiator_id) for one in people))
    query = select(Submission.id).where(Submission.instance_id == case.id, is_other)
    return session.scalar(query.limit(1)) is not None
