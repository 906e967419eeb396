"""Coming straight back after a return: where the answer allows it, else the steps are walked as drawn."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.db.work import WorkItem
from app.domain.vocabulary import Verdict, WorkItemKind, WorkItemStatus
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
    facts = WorkItem.id, WorkItem.element, WorkItem.verdict, WorkItem.opened_at, WorkItem.closed_at
    query = select(*facts, WorkItem.comes_back_to, WorkItem.assignee_id).where(
        WorkItem.instance_id == step.case.id,
        WorkItem.kind == WorkItemKind.TASK,
        WorkItem.collective_id.is_(None),
        WorkItem.status == WorkItemStatus.DONE,
    )
    done = step.session.execute(query.order_by(WorkItem.closed_at.desc(), WorkItem.id.desc())).all()
    left = _left(done, origin)
    return Reopening(origin, left.comes_back_to, left.assignee_id) if left else Reopening(origin)


def _left(done: Sequence[Any], origin: str) -> Any:
    """Return the task that was returned and is come back to, of those that one person did, the latest first.

    A task that opened as the case came back stands where the one stood that it is come back to. What lies
    between the two is settled, else two people who return to each other would never be done.
    """
    item, looked_for = next(iter(done), None), [origin]
    # What many did is not among them: the return may be the last thing that was done.
    if item is None or item.verdict == Verdict.RETURN:
        return item
    while looked_for:
        opener = next((one for one in done if one.id < item.id and one.closed_at <= item.opened_at), None)
        if opener is None:
            return None
        if opener.verdict != Verdict.RETURN:
            looked_for.append(item.element)
        elif opener.element == looked_for[-1]:
            looked_for.pop()
        item = opener
    return item
