"""The step: every move of a case goes through here, in one transaction (DESIGN §2).

`locked`, then the engine, then `apply` for each of its changes, then `conclude`: one commit. The order of
locks is always instance, then work item. The engine gets state and values and returns changes; this module
writes them, with statements that are built once (docs/adr/0010).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.queries import step_locks, step_writes
from app.db.queries.step_locks import Beside, Locked, LockedCase
from app.domain import clock
from app.domain.errors import Conflict, NotFound, ShenpiError
from app.domain.handling import MOST_SKIPS
from app.domain.identity import Actor, StandIn
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus
from app.engine import run
from app.engine.changes import Changes, VisitKind
from app.engine.compiler import CompiledProcess
from app.services import decisions, incidents, journal, outbox, signatures, titles, work_items
from app.services.collective import collectives
from app.services.filling import submissions
from app.services.filling.submissions import Given, Submitted
from app.services.incidents import OperationFailed
from app.services.journal import Act, RequestKey
from app.services.messaging import messages
from app.services.operations.call import call_of
from app.services.operations.registry import IMPLEMENTATIONS
from app.services.publishing import definitions
from app.services.telling import notices
from app.services.telling.notices import Last
from app.services.timing import timers
from app.services.timing.dues import context_of
from app.services.timing.timers import Coming, DueTimer
from app.services.transactions import connection_of
from app.services.work_items import Opening, Passing, Reopening

NOT_RUNNING = {
    InstanceStatus.COMPLETED: N_("这件事已经办结。"),
    InstanceStatus.WITHDRAWN: N_("这件事已经撤回。"),
    InstanceStatus.CANCELLED: N_("这件事已经中止。"),
    InstanceStatus.SUSPENDED: N_("这件事已经暂停，恢复后才能办理。"),
    InstanceStatus.FAILED: N_("这件事在自动步骤上出了问题，管理员正在处理，您填的内容都在。"),
}


@dataclass
class Step:
    """A locked case on its way from one state to the next."""

    session: Session
    case: LockedCase
    process: CompiledProcess
    actor: Actor | None
    beside: Beside
    request_key: RequestKey | None = None
    # Who is away, where the actor stands in.
    for_person: StandIn | None = None
    # On whose verdict the case moves, where it waited for the one who acts.
    decider: Actor | None = None
    # What a person handed in within this step.
    submitted: Submitted | None = None
    # Who returned the case by hand within this step, with the reason.
    returned_by: Last | None = None
    # How the task opens that a person returned the case to, or that it comes back to after a return.
    reopening: Reopening | None = None
    # Elements that were passed, for the journal.
    visited: list[str] = field(default_factory=list)
    # Names and keys of messages that were sent, for the journal.
    sent: list[list[str]] = field(default_factory=list)
    # Elements that passed by themselves, with the reasons, for the journal.
    skipped: list[list[str]] = field(default_factory=list)
    # How many messages led to this step, with no person and no time between.
    hops: int = 0
    # Engine tasks that ended: user tasks and timers.
    ended: set[int] = field(default_factory=set)

    @property
    def connection(self) -> Connection:
        """Return the connection of the transaction that is open."""
        return connection_of(self.session)

    @cached_property
    def context(self) -> dict[str, Any]:
        """Return the names that expressions may use beside the values."""
        return context_of(self.case.rules, self.case.serial)

    @property
    def for_person_id(self) -> int | None:
        """Return for whom the actor stands in."""
        return self.for_person.principal_id if self.for_person else None

    @property
    def is_due(self) -> bool:
        """Tell whether a timer of the running case was due when it was locked."""
        due = self.beside.next_due_at
        return due is not None and due <= clock.now() and self.case.status == InstanceStatus.RUNNING

    @property
    def first_answer(self) -> dict[str, Any] | None:
        """Return what the same request was answered before. Raises Invalid when the key came with another."""
        if self.request_key is None or self.beside.request_hash is None:
            return None
        self.request_key.refuse_other(self.beside.request_hash)
        return self.beside.answer

    def operations(self, operation: str, element: str, params: dict[str, Any], values: Mapping[str, Any]) -> Any:
        """Run a named operation within the transaction."""
        actor = self.decider or self.actor
        call = call_of(self.session, self.case, actor, operation, element, params, values)
        try:
            return IMPLEMENTATIONS[operation](call)
        except (ShenpiError, OperationalError):  # a database that went away is no fault of the operation
            raise
        except Exception as error:
            raise OperationFailed(element, error) from error


def locked(session: Session, instance_id: int, actor: Actor | None, request_key: RequestKey | None = None) -> Step:
    """Lock a case for a step. Raises NotFound."""
    person_id, key = actor.person_id if actor else None, request_key.key if request_key else None
    found = step_locks.lock_case(connection_of(session), instance_id, person_id, key)
    if found is None:
        raise NotFound
    return step_of(session, found, actor, request_key)


def step_of(session: Session, found: Locked, actor: Actor | None, request_key: RequestKey | None) -> Step:
    """Return the step of a case that was locked."""
    process = definitions.compiled(session, found.beside.content_hash, found.case.callees)
    return Step(session, found.case, process, actor, found.beside, request_key)


def refuse_unless_running(case: LockedCase | ProcessInstance) -> None:
    """Raise Conflict with the reason why nothing can be done in the case."""
    if case.status != InstanceStatus.RUNNING:
        raise Conflict(NOT_RUNNING[InstanceStatus(case.status)])


def fire_due_timers(step: Step) -> list[str]:
    """Wake every timer of the case that is due, so that no late answer overtakes its deadline; return which."""
    fired: list[str] = []
    if not step.is_due:
        return fired
    for timer in timers.due_of(step.session, step.case.id):
        # One that interrupts takes the other timers of its activity along.
        if timer.task_id not in step.ended:
            _fire(step, timer)
            fired.append(timer.element)
    return fired


def _fire(step: Step, timer: DueTimer) -> None:
    case, coming = step.case, timers.coming_again(timer)
    changes = run.wake(
        step.process,
        case.state,
        case.values,
        timer.task_id,
        step.context,
        step.operations,
        again=coming is not None,
    )
    apply(step, changes, coming=coming)


def apply(step: Step, changes: Changes, *, is_returned: bool = False, coming: Coming | None = None) -> None:
    """Write what the engine changed: work items, timers, signatures, notices; the case is written at the end."""
    session, case = step.session, step.case
    move(session, case, step.process, changes)
    _note(step, changes)
    collectives.cancel_tasks(session, case, step.process, changes.closed)
    work_items.cancel_items(session, case.id, changes.closed)
    timers.disarm(session, case.id, changes.disarmed)
    if _may_hold_signatures(step):
        reopened = frozenset(opened.element for opened in changes.opened)
        signatures.void_outdated(session, case, step.process, reopened)
    opening = Opening(step.submitted, step.reopening, may_pass=len(step.skipped) < MOST_SKIPS)
    many = [one for one in changes.opened if collectives.is_collective(step.process, one)]
    single = [one for one in changes.opened if one not in many] if many else changes.opened
    passing = work_items.open_items(session, case, step.process, single, opening, is_returned=is_returned)
    collectives.open_tasks(session, case, step.process, many, opening)
    timers.arm(session, case.id, changes.armed, coming)
    messages.exchange(session, case, changes, step.hops)
    decisions.keep(session, case.id, changes.decided)
    if changes.outcome is not None:
        case.status, case.outcome, case.ended_at = InstanceStatus.COMPLETED, changes.outcome, clock.now()
    notices.announce(session, case, step.process, changes, step.returned_by or Last.of(step.submitted))
    if step.beside.has_incidents:
        incidents.resolve(session, case.id)
    for one in passing:
        _pass(step, one)


def _pass(step: Step, one: Passing) -> None:
    """Let a task pass that needs nobody, unless what passed before it has taken it away."""
    if one.task_id in step.ended:
        return
    given = Given(one.verdict, {}, one.words)
    submissions.keep_of_platform(step.session, step.case, one.element, one.task, given)
    step.skipped.append([one.element, one.words])
    apply(step, done_by_platform(step, one.task_id, one.verdict))


def done_by_platform(step: Step, task_id: int, verdict: str) -> Changes:
    """Return what the engine does behind a task that the platform answers."""
    case = step.case
    return run.complete(step.process, case.state, case.values, task_id, {}, verdict, step.context, step.operations)


def move(session: Session, case: LockedCase, process: CompiledProcess, changes: Changes) -> None:
    """Bring a case to where the engine says that it stands now."""
    # What it was started with stands in its values before its first step.
    before = case.values if case.state else {}
    case.state, case.values = changes.state, changes.values
    case.revision += 1
    titles.refresh(session, case, process, before)


def passed(changes: Changes) -> list[str]:
    """Return the elements that were passed, as the journal tells of them."""
    return [visit.element for visit in changes.visited if visit.kind == VisitKind.COMPLETED]


def abandon(step: Step, status: InstanceStatus) -> None:
    """End a case that reaches no end event, and give back what it holds."""
    case = step.case
    for operation in definitions.on_abandon(step.session, step.process.package):
        step.operations(operation, operation, {}, case.values)
    changes = run.cancel(step.process, case.state)
    case.state = changes.state
    case.status, case.ended_at = status, clock.now()
    case.revision += 1
    collectives.cancel_tasks(step.session, case, step.process, changes.closed)
    work_items.cancel_items(step.session, case.id, changes.closed)
    timers.disarm(step.session, case.id, changes.disarmed)
    messages.exchange(step.session, case, changes, step.hops)
    if step.beside.has_incidents:
        incidents.resolve(step.session, case.id)


def conclude(step: Step, action: str, details: dict[str, Any], answer: dict[str, Any] | None = None) -> None:
    """Write the act into the journal and the case as it now stands: the last thing of every step.

    `answer` is what a repeated request gets. Raises Invalid where the request's key served another one.
    """
    if step.for_person is not None:
        details = {**details, "for": step.for_person_id, "absence": step.for_person.absence_id}
    if step.visited:
        details = {**details, "visited": step.visited}
    if step.sent:
        details = {**details, "sent": step.sent}
    if step.reopening is not None:
        details = {**details, "reopened": step.reopening.element}
    if step.skipped:
        details = {**details, "skipped": step.skipped}
    journal.record_case(step.connection, step.case, step.actor, Act(action, details, answer), step.request_key)
    step_writes.save_case(step.connection, step.case, step.beside.status)
    outbox.nudge(step.session)


def fail(step: Step, error: Exception, about: dict[str, Any]) -> None:
    """Stop a case that broke with nobody at it, with an incident, until somebody retries it."""
    cause, element = (error.cause, error.element) if isinstance(error, OperationFailed) else (error, None)
    step.case.status = InstanceStatus.FAILED
    step.case.revision += 1
    incidents.record(step.session, step.case.id, cause, {"element": element, **about})
    conclude(step, "fail", {"error": type(cause).__name__})


def _note(step: Step, changes: Changes) -> None:
    step.visited += passed(changes)
    step.sent += [[sent.message, sent.key] for sent in changes.sent]
    step.ended.update(changes.closed, changes.disarmed)


def _may_hold_signatures(step: Step) -> bool:
    return step.beside.has_signatures or (step.submitted is not None and step.submitted.is_signed)
