"""Completing a work item: permission, revision, form, signature, engine, journal, one commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import Submission, WorkItem
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound, Stale
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import Verdict, WorkItemStatus
from app.engine import run
from app.engine.forms.form import INCOMPLETE_VERDICTS
from app.engine.model import UserTask
from app.engine.paths import values_beside
from app.services import (
    incidents,
    journal,
    participations,
    signatures,
    steps,
    submissions,
    visibility,
    wakes,
    work_items,
)
from app.services.candidates import Capacity, capacity
from app.services.journal import RequestKey
from app.services.participations import Part
from app.services.starts import Answer
from app.services.steps import Step
from app.services.submissions import Given, Place
from app.services.transactions import writing

NEEDS_REASON = frozenset({Verdict.RETURN, Verdict.REFUSE, Verdict.DISAGREE})


@dataclass(frozen=True)
class Completion:
    """What a person hands in for a work item, as seen at a revision."""

    revision: int
    verdict: str
    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    password: str | None = None
    content_hash: str | None = None


@dataclass(frozen=True)
class _Work:
    """A locked work item with what completing it needs."""

    step: Step
    item: WorkItem
    task: UserTask
    capacity: Capacity
    place: Place
    asked: Completion
    is_proven: bool


def complete(
    session: Session,
    actor: Actor,
    item_id: int,
    asked: Completion,
    request_key: RequestKey | None = None,
) -> Answer:
    """Complete a work item; a repeated request gets the first answer.

    Raises NotFound, Forbidden, Stale for a changed or closed task, Conflict, and Invalid or Refused by field.
    """
    instance_id = session.scalar(select(WorkItem.instance_id).where(WorkItem.id == item_id))
    if instance_id is None or not visibility.may_see_id(session, actor, instance_id):
        raise NotFound
    wakes.catch_up(session, instance_id)
    is_proven = _is_proven(session, actor, item_id, asked, request_key)
    with incidents.guarded(session, instance_id, {"task": item_id}), writing(session):
        step = steps.locked(session, instance_id, actor)
        known = journal.first_answer(session, actor, request_key)
        if known is not None:
            return Answer(**known)
        work = _authorised(step, actor, item_id, asked, is_proven=is_proven)
        return _complete(work, request_key)


def _complete(work: _Work, request_key: RequestKey | None) -> Answer:
    session, actor = work.step.session, work.place.actor
    instance_id, item_id = work.step.case.id, work.item.id
    submission, details = _hand_in(work)
    _close(work)
    _advance(work, submission)
    participations.add(session, instance_id, [actor.person_id], Part.HANDLED)
    submissions.forget_draft(session, actor, f"task/{item_id}")
    answer = {"instance": instance_id, "task": item_id}
    journal.record_case(session, instance_id, actor, "complete", details, request_key, answer)
    return Answer(**answer)


def _is_proven(session: Session, actor: Actor, item_id: int, asked: Completion, request_key: RequestKey | None) -> bool:
    """Check the password before anything is locked, for people who may sign and mean to; tell whether it was."""
    item = session.get_one(WorkItem, item_id)
    if asked.verdict != Verdict.SIGN or not item.is_signature or item.status != WorkItemStatus.OPEN:
        return False
    if journal.first_answer(session, actor, request_key) is not None or not capacity(session, actor, item):
        return False
    signatures.prove(session, actor, asked.password)
    return True


def _authorised(step: Step, actor: Actor, item_id: int, asked: Completion, *, is_proven: bool) -> _Work:
    session = step.session
    item = _locked_item(session, item_id)
    found = capacity(session, actor, item)
    if found is None:
        raise Forbidden
    _refuse_unless_current(step, item, asked)
    if steps.fire_due_timers(step):
        session.refresh(item)
        _refuse_unless_current(step, item, asked)
    task = step.process.element(item.element)
    if not isinstance(task, UserTask):
        raise TypeError(item.element)
    form = step.process.form_of(item.element)
    place = Place(actor, item.element, task, form, step.case.organization_id, step.case)
    return _Work(step, item, task, found, place, asked, is_proven)


def _locked_item(session: Session, item_id: int) -> WorkItem:
    query = select(WorkItem).where(WorkItem.id == item_id).with_for_update(key_share=True)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def _refuse_unless_current(step: Step, item: WorkItem, asked: Completion) -> None:
    if item.status == WorkItemStatus.OPEN:
        steps.refuse_unless_running(step.case)
    if item.status != WorkItemStatus.OPEN or item.revision != asked.revision:
        raise Stale


def _hand_in(work: _Work) -> tuple[Submission, dict[str, Any]]:
    """Check verdict, remark, form and signature; keep what was handed in."""
    step, asked, task = work.step, work.asked, work.task
    if asked.verdict not in task.verdicts:
        raise Invalid.field("verdict", N_("这一步不能这样办，请选页面上的办法。"))
    comment = submissions.clean_comment(asked.comment, is_required=asked.verdict in NEEDS_REASON)
    values = _checked_values(work)
    hash_signed = signatures.content_hash(values_beside(step.case.values, work.item.element), task.signs)
    if asked.verdict == Verdict.SIGN and task.signature:
        # Whoever gained the right to sign in this very instant was not asked for the password.
        if not work.is_proven:
            raise Stale
        signatures.check_seen(asked.content_hash, hash_signed)
    given = Given(asked.verdict, values, comment, work.item.id)
    submission = submissions.keep(step.session, step.case, work.place, work.capacity, given)
    details = {"element": work.item.element, "verdict": asked.verdict, "submission": submission.id}
    if asked.verdict == Verdict.SIGN and task.signature:
        signatures.sign(step.session, task, submission, work.capacity, hash_signed)
        details["content_hash"] = hash_signed
    return submission, details


def _checked_values(work: _Work) -> dict[str, Any]:
    asked, is_partial = work.asked, work.asked.verdict in INCOMPLETE_VERDICTS
    if is_partial and not asked.values:
        return {}
    return submissions.checked(work.step.session, work.place, asked.values, is_partial=is_partial)


def _close(work: _Work) -> None:
    item, step, person_id = work.item, work.step, work.place.actor.person_id
    item.status, item.verdict, item.closed_by_id = WorkItemStatus.DONE, work.asked.verdict, person_id
    item.closed_at, item.revision = clock.now(), item.revision + 1
    work_items.keep_apart(step.session, step.process, item, person_id)


def _advance(work: _Work, submission: Submission) -> None:
    step, case = work.step, work.step.case
    changes = run.complete(
        step.process,
        case.state,
        case.values,
        work.item.task_id,
        submission.values,
        submission.verdict,
        step.context,
        step.operations,
    )
    steps.apply(step, changes, is_returned=submission.verdict == Verdict.RETURN)
