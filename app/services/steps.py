"""The step: every move of a case goes through here, in one transaction (DESIGN §2).

The order of locks is always instance, then work item. The engine gets state and values and returns
changes; this module writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, undefer

from app.db.processes import ElementVisit, ProcessInstance
from app.domain import clock
from app.domain.errors import Conflict, NotFound, ShenpiError
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus
from app.engine import run
from app.engine.changes import Changes, VisitKind
from app.engine.compiler import CompiledProcess
from app.services import definitions, incidents, notices, signatures, timers, titles, work_items
from app.services.dues import context_of
from app.services.incidents import OperationFailed
from app.services.operations.call import Call
from app.services.operations.registry import IMPLEMENTATIONS

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
    case: ProcessInstance
    process: CompiledProcess
    actor: Actor | None

    @property
    def context(self) -> dict[str, Any]:
        """Return the names that expressions may use beside the values."""
        return context_of(self.case)

    def operations(self, operation: str, element: str, params: dict[str, Any], values: Mapping[str, Any]) -> Any:
        """Run a named operation within the transaction."""
        case = self.case
        call = Call(
            session=self.session,
            instance_id=case.id,
            serial=case.serial,
            process_key=case.process_key,
            organization_id=case.organization_id,
            studio_id=case.studio_id,
            initiator_id=case.initiator_id,
            actor=self.actor,
            operation=operation,
            element=element,
            params=params,
            values=values,
            rules=case.rules,
        )
        try:
            return IMPLEMENTATIONS[operation](call)
        except ShenpiError:
            raise
        except Exception as error:
            raise OperationFailed(element, error) from error


def locked(session: Session, instance_id: int, actor: Actor | None) -> Step:
    """Lock a case for a step. Raises NotFound."""
    case = session.scalar(
        select(ProcessInstance)
        .where(ProcessInstance.id == instance_id)
        .options(undefer(ProcessInstance.state))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound
    return Step(session, case, definitions.of_case(session, case), actor)


def refuse_unless_running(case: ProcessInstance) -> None:
    """Raise Conflict with the reason why nothing can be done in the case."""
    if case.status != InstanceStatus.RUNNING:
        raise Conflict(NOT_RUNNING[InstanceStatus(case.status)])


def fire_due_timers(step: Step) -> list[str]:
    """Wake every timer of the case that is due, so that no late answer overtakes its deadline; return which."""
    fired = []
    for timer in timers.due_of(step.session, step.case.id):
        # One that interrupts takes the other timers of its activity along.
        if timer.fired_at is not None:
            continue
        timer.fired_at = clock.now()
        case = step.case
        changes = run.wake(step.process, case.state, case.values, timer.task_id, step.context, step.operations)
        apply(step, changes)
        fired.append(timer.element)
    return fired


def apply(step: Step, changes: Changes, *, is_returned: bool = False) -> None:
    """Write what the engine changed: state, values, work items, timers, visits, signatures, notices."""
    session, case = step.session, step.case
    case.state, case.values = changes.state, changes.values
    case.revision += 1
    titles.refresh(case, step.process)
    work_items.close_items(session, case.id, changes.closed)
    timers.disarm(session, case.id, changes.disarmed)
    _archive(session, case, changes)
    reopened = frozenset(opened.element for opened in changes.opened)
    signatures.void_outdated(session, case, step.process, reopened)
    work_items.open_items(session, case, step.process, changes.opened, is_returned=is_returned)
    timers.arm(session, case.id, changes.armed)
    if changes.outcome is not None:
        _end(session, case, changes.outcome)
    notices.announce(session, case, step.process, changes)
    incidents.resolve(session, case.id)
    session.flush()


def abandon(step: Step, status: InstanceStatus) -> None:
    """End a case that reaches no end event, and give back what it holds."""
    for operation in step.process.package.manifest.on_abandon:
        step.operations(operation, operation, {}, step.case.values)
    case = step.case
    case.state = run.cancel(step.process, case.state).state
    case.status, case.ended_at = status, clock.now()
    case.revision += 1
    work_items.close_items(step.session, case.id)
    timers.disarm(step.session, case.id)
    incidents.resolve(step.session, case.id)


def _archive(session: Session, case: ProcessInstance, changes: Changes) -> None:
    now = clock.now()
    rows = [
        {"instance_id": case.id, "element": visit.element, "visited_at": now}
        for visit in changes.visited
        if visit.kind == VisitKind.COMPLETED
    ]
    if rows:
        session.execute(insert(ElementVisit), rows)


def _end(session: Session, case: ProcessInstance, outcome: str) -> None:
    case.status, case.outcome, case.ended_at = InstanceStatus.COMPLETED, outcome, clock.now()
    work_items.close_items(session, case.id)
    timers.disarm(session, case.id)
