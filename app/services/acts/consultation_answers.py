"""Answering where an opinion is asked, and what the last answer leads to.

All answers of a case come one after the other, since each holds the case: so whoever finds nobody else
awaited is the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.queries.step_locks import LockedItem
from app.db.work import Submission, WorkItem, WorkItemHanding
from app.domain.errors import Invalid, ShenpiError
from app.domain.identity import Actor
from app.domain.text import N_, sentence
from app.domain.vocabulary import OPINIONS, Opinion, WorkItemKind
from app.engine import run
from app.services import steps, work_items
from app.services.acts import asked_items, come_backs, item_acts
from app.services.acts.consultations import tell_asked
from app.services.candidates import Capacity
from app.services.filling import submissions
from app.services.filling.submissions import Given, Submitted
from app.services.steps import Step

NEEDS_WORDS = frozenset({Opinion.DISAGREE, Opinion.REMARK})


@dataclass(frozen=True)
class Answered:
    """An opinion as it was given on a task."""

    verdict: str
    values: Mapping[str, Any]
    comment: str | None


def answer(step: Step, item: LockedItem, given: Answered) -> dict[str, Any]:
    """Take an opinion and do what it leads to; return what the journal is told. Raises Invalid."""
    remark = _checked(item, given)
    session, actor = step.session, step.actor
    assert actor is not None  # noqa: S101 - people give opinions, the system does not
    assert item.parent_id is not None  # noqa: S101 - it is asked below a task
    work_items.finish_item(session, item.id, given.verdict, actor.person_id)
    session.get_one(WorkItemHanding, item.id).remark = remark
    session.flush()
    task = session.get_one(WorkItem, item.parent_id, populate_existing=True)
    details = {"element": item.element, "work_item": item.id, "kind": item.kind, "to": _asker(session, item.id)}
    return {**details, "verdict": given.verdict, "reason": remark, **_follow(step, item, task, given.verdict)}


def hold(step: Step, item: LockedItem, submitted: Submitted) -> bool:
    """Keep a verdict until the signers after it agree, and ask them; tell whether there is one beside its giver."""
    session, title, person_id = step.session, step.case.title, submitted.person_id
    assert person_id is not None  # noqa: S101 - people ask for signers, the system does not
    # Whoever completes it straight from the queue may have been asked to sign after it.
    asked_items.cancel_below(session, item.id, person_id)
    signers = asked_items.open_signers(session, item.id)
    if not signers:
        return False
    asked_items.let_wait(session, item.id, step.for_person_id or person_id, person_id, submitted.given.verdict)
    text = tell_asked(title, submitted.person_name, WorkItemKind.ADDED_AFTER)
    for one in signers:
        item_acts.tell(step, [one.assignee_id], text, one.id)
    return True


def _follow(step: Step, item: LockedItem, task: WorkItem, verdict: str) -> dict[str, Any]:
    """Give the task back, or go on with the verdict that was kept, once nothing more is awaited."""
    session, is_after = step.session, item.kind == WorkItemKind.ADDED_AFTER
    if is_after and verdict == Opinion.DISAGREE:
        asked_items.cancel_below(session, task.id)
    elif asked_items.open_below(session, task.id):
        return {}
    elif is_after:
        return _go_on(step, task)
    asked_items.reopen(session, task.id)
    text = N_("您请的意见已经回来，请接着办“%(title)s”。") % {"title": step.case.title}
    item_acts.tell(step, [task.assignee_id], text, task.id)
    return {}


def _go_on(step: Step, task: WorkItem) -> dict[str, Any]:
    """Move the case with the verdict that was kept; where that is refused now, give the task back, with why."""
    before = replace(step.case)
    try:
        with step.session.begin_nested():
            _advance(step, task)
    except ShenpiError as refusal:
        step.case, step.decider, step.submitted = before, None, None
        asked_items.reopen(step.session, task.id)
        why = _why(refusal)
        text = N_("“%(title)s”会签完了，但现在办不成：%(reason)s请您重新办理。")
        item_acts.tell(step, [task.assignee_id], text % {"title": before.title, "reason": why}, task.id)
        return {"refused": why}
    return {"done": task.id}


def _advance(step: Step, task: WorkItem) -> None:
    """Complete the engine's task as if its person did it now."""
    kept = _kept(step.session, task.id)
    submitted, case = _submitted(kept), step.case
    assert submitted.person_id is not None  # noqa: S101 - as above
    step.decider = Actor(submitted.person_id, submitted.person_name, "")
    step.submitted, given = submitted, submitted.given
    work_items.finish_item(step.session, task.id, given.verdict, submitted.person_id, kept.for_person_id)
    changes = run.complete(
        step.process, case.state, case.values, task.task_id, given.values, given.verdict, step.context, step.operations
    )
    steps.apply(step, come_backs.lead_back(step, task.comes_back_to, given.verdict, changes))


def _kept(session: Session, item_id: int) -> Submission:
    """Return what was handed in last for a task."""
    query = select(Submission).where(Submission.work_item_id == item_id).order_by(Submission.id.desc()).limit(1)
    return session.scalars(query).one()


def _submitted(found: Submission) -> Submitted:
    assert found.person is not None  # noqa: S101 - a person handed it in
    given = Given(found.verdict, found.values, found.comment, found.work_item_id, id=found.id)
    place = Capacity(found.position_title, found.organization_name)
    return Submitted(found.id, found.element, found.person.id, found.person.name, place, given, found.submitted_at)


def _checked(item: LockedItem, given: Answered) -> str | None:
    submissions.refuse_verdict(given.verdict, OPINIONS[item.kind])
    if given.values:
        raise Invalid({name: [sentence(N_("这里只请您出意见，不能改内容。"))] for name in given.values})
    return submissions.clean_comment(given.comment, is_required=given.verdict in NEEDS_WORDS)


def _asker(session: Session, item_id: int) -> int:
    return session.get_one(WorkItemHanding, item_id).person_id


def _why(refusal: ShenpiError) -> str:
    """Return a refusal in one line."""
    errors = refusal.errors.values() if isinstance(refusal, Invalid) else []
    return "".join(one.chinese() for found in errors for one in found) or refusal.sentence.chinese()
