"""The versions of what was handed in: which submissions wrote the same content, and what a change changed."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.work import Submission
from app.domain.errors import NotFound
from app.domain.vocabulary import Verdict
from app.engine.compiler import CompiledProcess
from app.engine.model import UserTask
from app.engine.paths import beside, name_in
from app.services.reading.cases import CaseView


@dataclass(frozen=True)
class Change:
    """A submission beside the one before it that wrote the same content; `element` is whose form they fill."""

    element: str
    number: int
    before: Submission
    after: Submission


def versions(session: Session, view: CaseView, element: str) -> list[Submission]:
    """Return what was handed in for an element and by the tasks that edit it, oldest first."""
    writers = [element, *_editors(view.process, element)]
    query = (
        select(Submission)
        .where(Submission.instance_id == view.case.id, Submission.element.in_(writers))
        .options(joinedload(Submission.person))
        .order_by(Submission.id)
    )
    return [found for found in session.scalars(query) if found.verdict not in {Verdict.RETURN, Verdict.REFUSE}]


def change(session: Session, view: CaseView, submission_id: int) -> Change:
    """Return a submission with the version before it. Raises NotFound where there is none."""
    found = session.get(Submission, submission_id)
    if found is None or found.instance_id != view.case.id:
        raise NotFound
    element = written_by(view.process, found.element)
    known = versions(session, view, element)
    place = next((index for index, one in enumerate(known) if one.id == found.id), 0)
    if place == 0:
        raise NotFound
    return Change(element, place + 1, known[place - 1], found)


def written_by(process: CompiledProcess, element: str) -> str:
    """Return the element whose values a task or start event writes."""
    task = process.element(element)
    return beside(element, task.edits) if isinstance(task, UserTask) and task.edits else element


def _editors(process: CompiledProcess, element: str) -> list[str]:
    tasks = process.part_of(element).model.of_kind(UserTask)
    return [beside(element, task.id) for task in tasks if task.edits == name_in(element)]
