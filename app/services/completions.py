"""Completing a work item: permission, revision, form, signature, engine, journal, one commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.db.queries import step_locks
from app.db.queries.step_locks import LockedItem
from app.db.work import WorkItem
from app.domain.errors import Forbidden, NotFound, Outdated, Stale
from app.domain.identity import Actor
from app.domain.vocabulary import Verdict, WorkItemStatus
from app.engine import run
from app.engine.changes import Changes
from app.engine.forms.form import INCOMPLETE_VERDICTS
from app.engine.model import ServiceTask, UserTask
from app.engine.paths import values_beside
from app.services import incidents, journal, signatures, steps, visibility, work_items
from app.services.acts import asked_items, come_backs, consultation_answers, item_acts
from app.services.acts.consultation_answers import Answered
from app.services.candidates import Capacity, capacity, capacity_unless_excluded
from app.services.collective import collective_responses
from app.services.collective.collective_responses import Request, Response, Taken
from app.services.filling import drafts, submissions
from app.services.filling.submissions import Given, Place, Submitted
from app.services.journal import RequestKey
from app.services.starting.starts import Answer
from app.services.steps import Step
from app.services.timing import wakes
from app.services.transactions import connection_of, writing

NEEDS_REASON = frozenset({Verdict.RETURN, Verdict.REFUSE, Verdict.DISAGREE})


def needs_reason(task: UserTask) -> frozenset[str]:
    """Return the verdicts of a task that must say why; where many people are asked, the diagram names them."""
    return NEEDS_REASON if task.collective is None else frozenset(task.collective.reasons)


@dataclass(frozen=True)
class Completion:
    """What a person hands in for a work item, as seen at a revision."""

    revision: int
    verdict: str
    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    password: str | None = None
    content_hash: str | None = None


class _Request(NamedTuple):
    """Who asks for what."""

    session: Session
    actor: Actor
    item_id: int
    asked: Completion
    key: RequestKey | None

    @property
    def as_response(self) -> Request:
        """Return the same for a task that many people are asked."""
        asked = self.asked
        given = Response(asked.verdict, asked.values, asked.comment, asked.revision)
        return Request(self.session, self.actor, self.item_id, given, self.key)


class _Work(NamedTuple):
    """A locked work item with what completing it needs."""

    step: Step
    item: LockedItem
    task: UserTask
    capacity: Capacity
    place: Place
    asked: Completion
    is_proven: bool


@dataclass(frozen=True)
class _Overtaken:
    """A deadline of the case has passed, and comes first."""

    instance_id: int


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
    request = _Request(session, actor, item_id, asked, request_key)
    is_proven = asked.verdict == Verdict.SIGN and _is_proven(request)
    answer = _try(request, is_proven=is_proven)
    if isinstance(answer, Taken):
        return collective_responses.finish(request.as_response, answer)
    if isinstance(answer, _Overtaken):
        # Committed by itself, so that an answer refused as late leaves the deadline done.
        wakes.wake(session, answer.instance_id)
        answer = _try(request, is_proven=is_proven, is_caught_up=True)
    assert isinstance(answer, Answer)  # noqa: S101 - what became due since is fired within the step
    return answer


def _try(request: _Request, *, is_proven: bool, is_caught_up: bool = False) -> Answer | _Overtaken | Taken:
    session, actor = request.session, request.actor
    with incidents.guarded(session, {"task": request.item_id}), writing(session):
        locked = _locked(request)
        if locked is None:
            return collective_responses.take(request.as_response)
        step, item = locked
        if (known := step.first_answer) is not None:
            return Answer(**known)
        found = None if item.is_excluded else capacity_unless_excluded(session, actor, item)
        if found is None and not visibility.may_see_id(session, actor, step.case.id):
            raise NotFound
        if step.is_due and not is_caught_up:
            return _Overtaken(step.case.id)
        if found is None:
            item_acts.refuse_colleagues(session, actor, item)
            raise Forbidden
        _refuse_unless_current(step, item, request.asked)
        if item.parent_id is not None:
            return _give_opinion(step, item, request.asked)
        task = step.process.element(item.element)
        if not isinstance(task, UserTask):
            raise TypeError(item.element)
        form = step.process.form_of(item.element)
        step.for_person = found.for_person
        place = Place(actor, item.element, task, form, step.case.organization_id, step.case)
        return _complete(_Work(step, item, task, found, place, request.asked, is_proven))


def _locked(request: _Request) -> tuple[Step, LockedItem] | None:
    """Lock a task that one person does, or return None: it may be a place on a roll."""
    session, key = request.session, request.key
    connection, person_id = connection_of(session), request.actor.person_id
    found = step_locks.lock_item(connection, request.item_id, person_id, key.key if key else None)
    if found is None or found.item is None:
        return None
    return steps.step_of(session, found, request.actor, key), found.item


def _refuse_unless_current(step: Step, item: LockedItem, asked: Completion) -> None:
    """Refuse a task that is not as it was seen, or that a deadline takes away in this instant."""
    if item.status == WorkItemStatus.OPEN:
        steps.refuse_unless_running(step.case)
    steps.fire_due_timers(step)
    if item.status != WorkItemStatus.OPEN or item.revision != asked.revision or item.task_id in step.ended:
        raise Stale


def _is_proven(request: _Request) -> bool:
    """Check the password before anything is locked, for people who may sign and mean to; tell whether it was."""
    session, actor = request.session, request.actor
    item = session.get(WorkItem, request.item_id)
    if item is None or not item.is_signature or item.status != WorkItemStatus.OPEN:
        return False
    if journal.first_answer(session, actor, request.key) is not None or not capacity(session, actor, item):
        return False
    signatures.prove(session, actor, request.asked.password)
    return True


def _give_opinion(step: Step, item: LockedItem, asked: Completion) -> Answer:
    details = consultation_answers.answer(step, item, Answered(asked.verdict, asked.values, asked.comment))
    answer = {"instance": step.case.id, "task": item.id}
    steps.conclude(step, "give_opinion", details, answer)
    return Answer(**answer)


def _complete(work: _Work) -> Answer:
    step, item, actor = work.step, work.item, work.place.actor
    submitted, details = _hand_in(work)
    step.submitted = submitted
    if item.has_siblings:
        people = [one for one in (actor.person_id, step.for_person_id) if one is not None]
        work_items.keep_apart(step.session, step.process, step.case.id, item.element, people)
    if item.has_draft:
        submissions.forget_draft(step.session, actor, drafts.task_subject(item.id))
    is_for = item.has_signers and work.asked.verdict not in NEEDS_REASON
    if not (is_for and consultation_answers.hold(step, item, submitted)):
        _finish(work, submitted.given)
    answer = {"instance": step.case.id, "task": item.id}
    steps.conclude(step, "complete", details, answer)
    return Answer(**answer)


def _hand_in(work: _Work) -> tuple[Submitted, dict[str, Any]]:
    """Check verdict, remark, form and signature; keep what was handed in."""
    step, asked = work.step, work.asked
    submissions.refuse_verdict(asked.verdict, work.task.verdicts)
    comment = submissions.clean_comment(asked.comment, is_required=asked.verdict in NEEDS_REASON)
    values = _checked_values(work)
    hash_signed = _hash_to_sign(work)
    item, is_signed = work.item, hash_signed is not None
    given = Given(asked.verdict, values, comment, item.id, is_signed=is_signed, id=item.submission_id)
    submitted = submissions.keep(step.session, step.case, work.place, work.capacity, given)
    details = {"element": work.item.element, "verdict": asked.verdict, "submission": submitted.id}
    if hash_signed is not None:
        signatures.sign(step.session, step.case, work.task, submitted, hash_signed)
        details["content_hash"] = hash_signed
    return submitted, details


def _hash_to_sign(work: _Work) -> str | None:
    """Return the hash of what is signed now, where it is a signature. Raises Stale, Invalid."""
    if work.asked.verdict != Verdict.SIGN or not work.task.signature:
        return None
    # Whoever gained the right to sign in this very instant was not asked for the password.
    if not work.is_proven:
        raise Stale
    present = signatures.content_hash(values_beside(work.step.case.values, work.item.element), work.task.signs)
    signatures.check_seen(work.asked.content_hash, present)
    return present


def _checked_values(work: _Work) -> dict[str, Any]:
    asked, is_partial = work.asked, work.asked.verdict in INCOMPLETE_VERDICTS
    if is_partial and not asked.values:
        return {}
    place, seated = work.place, work.capacity.seated(work.place.actor)
    if seated is not place.actor:
        place = place._replace(actor=seated)
    return submissions.checked(work.step.session, place, asked.values, is_partial=is_partial)


def _finish(work: _Work, given: Given) -> None:
    step, item = work.step, work.item
    work_items.finish_item(step.session, item.id, given.verdict, work.place.actor.person_id, step.for_person_id)
    if item.has_signers:
        asked_items.cancel_below(step.session, item.id)
    changes = _moved_on(step, item, given)
    changes = come_backs.lead_back(step, item.comes_back_to, given.verdict, changes)
    steps.apply(step, changes, is_returned=given.verdict == Verdict.RETURN)


def _moved_on(step: Step, item: LockedItem, given: Given) -> Changes:
    """Return what the engine does behind the task; where an operation must be done again first, it goes back to it."""
    process, case, verdict = step.process, step.case, given.verdict
    try:
        return run.complete(
            process, case.state, case.values, item.task_id, given.values, verdict, step.context, step.operations
        )
    except Outdated as outdated:
        tasks = process.model.of_kind(ServiceTask)
        target = next((one.id for one in tasks if one.operation == outdated.operation), None)
        if target is None:
            raise
        return run.jump(process, case.state, case.values, target, step.context, step.operations)
