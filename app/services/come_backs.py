"""Coming straight back after a return: where the answer allows it, else the steps are walked as drawn."""

from sqlalchemy import select

from app.db.work import WorkItem
from app.domain.vocabulary import Verdict, WorkItemStatus
from app.engine import come_backs
from app.engine.changes import Changes
from app.engine.come_backs import Answered
from app.services import signatures
from app.services.steps import Step
from app.services.work_items import Reopening


def lead_back(step: Step, origin: str | None, verdict: str, done: Changes) -> Changes:
    """Return the changes of a completion, going on to the task that the case comes back to where there is one."""
    if origin is None:
        return done
    case = step.case
    answered = Answered(step.process, case.state, case.values, done, verdict, origin)
    signed = signatures.live_over(step.session, case.id, step.process, answered.kept)
    changes = come_backs.lead_back(answered, signed, step.context, step.operations)
    if come_backs.is_back(changes, origin):
        step.reopening = _reopening(step, origin)
    return changes


def _reopening(step: Step, origin: str) -> Reopening:
    """Return how the task opens again: for the person who had it alone, and coming back further if it did."""
    query = select(WorkItem.comes_back_to, WorkItem.assignee_id).where(
        WorkItem.instance_id == step.case.id,
        WorkItem.element == origin,
        WorkItem.status == WorkItemStatus.DONE,
        WorkItem.verdict == Verdict.RETURN,
    )
    left = step.session.execute(query.order_by(WorkItem.id.desc()).limit(1)).first()
    return Reopening(origin, left.comes_back_to, left.assignee_id) if left else Reopening(origin)
