"""To which tasks a case may be returned by hand: finished before, and nothing required before them is skipped."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.work import Submission, WorkItem
from app.domain.tally import NO_RESULT
from app.domain.vocabulary import CollectiveStatus, Verdict
from app.engine.compiler import CompiledProcess
from app.engine.graph import skipped_by_entering
from app.engine.model import CallActivity, UserTask
from app.engine.paths import values_at
from app.services import signatures
from app.services.steps import Step

# Who returned or refused approved nothing that a later step may build on; None is no answer yet.
NO_APPROVAL = frozenset({None, Verdict.RETURN, Verdict.REFUSE, Verdict.DISAGREE}) | NO_RESULT


def targets(session: Session, step: Step, item: WorkItem) -> list[str]:
    """Return the elements that a case may be returned to from a task, in the order of the diagram.

    A loop lets a finished task lie ahead; it is none where a task required before it does not hold any more.
    """
    done = _done(session, step.case.id) - {item.element}
    signed = {signature.element for signature in signatures.live(session, step.case.id)}
    return [
        path
        for path in _user_tasks(step.process, ())
        if path in done and all(_holds(step.case.values, one, signed) for one in _skipped(step.process, path))
    ]


def _user_tasks(process: CompiledProcess, calls: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths of all user tasks, those of called processes where they are called."""
    for item in process.part_at(calls).model.elements.values():
        if isinstance(item, UserTask):
            yield "/".join((*calls, item.id))
        elif isinstance(item, CallActivity):
            yield from _user_tasks(process, (*calls, item.id))


def _skipped(process: CompiledProcess, path: str) -> Iterator[str]:
    """Yield the paths of the tasks that entering an element passes over, in its process and in those around."""
    names = path.split("/")
    for depth, name in enumerate(names):
        calls = names[:depth]
        model = process.part_at(tuple(calls)).model
        yield from ("/".join((*calls, one)) for one in skipped_by_entering(model.elements, model.flows, name))


def _done(session: Session, instance_id: int) -> set[str]:
    """Return the elements whose tasks people completed, each alone or many together."""
    alone = select(Submission.element).where(
        Submission.instance_id == instance_id, Submission.work_item_id.is_not(None)
    )
    together = select(CollectiveTask.element).where(
        CollectiveTask.instance_id == instance_id, CollectiveTask.status == CollectiveStatus.CLOSED
    )
    return set(session.scalars(alone.union(together)))


def _holds(values: dict[str, Any], path: str, signed: set[str]) -> bool:
    """Tell whether a task's answer of this round stands: entering it again clears the verdict."""
    verdict = values_at(values, path).get("verdict")
    return verdict not in NO_APPROVAL and (verdict != Verdict.SIGN or path in signed)
