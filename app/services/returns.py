"""To which tasks a case may be returned by hand: finished before, and nothing required before them is skipped."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import Submission, WorkItem
from app.domain.vocabulary import Verdict
from app.engine.graph import skipped_by_entering
from app.engine.model import UserTask
from app.services import signatures
from app.services.steps import Step

# Who returned or refused approved nothing that a later step may build on; None is no answer yet.
NO_APPROVAL = frozenset({None, Verdict.RETURN, Verdict.REFUSE, Verdict.DISAGREE})


def targets(session: Session, step: Step, item: WorkItem) -> list[str]:
    """Return the elements that a case may be returned to from a task, in the order of the diagram.

    A loop lets a finished task lie ahead; it is none where a task required before it does not hold any more.
    """
    elements, flows = step.process.model.elements, step.process.model.flows
    done = _done(session, step.case.id) - {item.element}
    signed = {signature.element for signature in signatures.live(session, step.case.id)}
    return [
        name
        for name, task in elements.items()
        if name in done
        and isinstance(task, UserTask)
        and all(_holds(step.case.values, elements[one], signed) for one in skipped_by_entering(elements, flows, name))
    ]


def _done(session: Session, instance_id: int) -> set[str]:
    """Return the elements whose tasks people completed."""
    query = select(Submission.element).where(Submission.instance_id == instance_id)
    return set(session.scalars(query.where(Submission.work_item_id.is_not(None)).distinct()))


def _holds(values: dict[str, Any], task: Any, signed: set[str]) -> bool:
    """Tell whether a task's answer of this round stands: entering it again clears the verdict."""
    verdict = values.get(task.id, {}).get("verdict")
    return verdict not in NO_APPROVAL and (verdict != Verdict.SIGN or task.id in signed)
