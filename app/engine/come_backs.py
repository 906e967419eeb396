"""Coming back: after the task that a case was returned to, the case goes straight to where it was returned from."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from app.domain.errors import Conflict
from app.engine import run
from app.engine.case import OperationRunner
from app.engine.changes import Changes, Visit, VisitKind
from app.engine.compiler import CompiledProcess
from app.engine.paths import name_in, values_at, values_beside
from app.engine.return_targets import NO_APPROVAL, missing_before

Mapped = Mapping[str, Any]


@dataclass(frozen=True)
class Answered:
    """A task that a case was returned to is done: what was there before, what came of it, where the case comes back to."""

    process: CompiledProcess
    state: bytes
    values: Mapped
    done: Changes
    verdict: str | None
    origin: str

    @property
    def kept(self) -> dict[str, Any]:
        """Return the values after it, with what it took away of tasks that it came to and that stay as they were."""
        kept = deepcopy(self.done.values)
        finished = {visit.element for visit in self.done.visited if visit.kind is VisitKind.COMPLETED}
        for path in (*self.done.cleared, *(one.element for one in self.done.awaited)):
            scope, old = values_beside(kept, path), values_at(self.values, path)
            if path not in finished and old and isinstance(scope, dict):
                scope[name_in(path)] = deepcopy(dict(old))
        return kept


def lead_back(answered: Answered, signed: frozenset[str], context: Mapped, operations: OperationRunner) -> Changes:
    """Lead a case to the task that it comes back to, both steps as one; `signed` are the signatures over the values kept.

    What was answered negatively, ended the case, or voided what the task builds on goes the way that is drawn.
    """
    process, done, origin = answered.process, answered.done, answered.origin
    if done.is_ended or answered.verdict in NO_APPROVAL or not run.stands_alone(process, answered.state):
        return done
    kept = answered.kept
    if missing_before(process, kept, origin, signed) is not None:
        return done
    if {one.element for one in done.opened} == {origin} and run.stands_alone(process, done.state):
        return done
    try:
        back = run.jump(process, done.state, kept, origin, context, operations, takes_all=True)
    except Conflict:
        return done
    return _joined(done, back, origin)


def is_back(changes: Changes, origin: str) -> bool:
    """Tell whether a step opened the task that the case comes back to."""
    return any(one.element == origin for one in changes.opened)


def _joined(done: Changes, back: Changes, origin: str) -> Changes:
    """Return two steps as one: what began in the first and ended in the second never was."""
    opened, armed = {one.task_id for one in done.opened}, {one.task_id for one in done.armed}
    awaited = {one.task_id for one in done.awaited}
    begun = [one.element for began in (done.opened, done.awaited, done.armed) for one in began]
    passed = set(begun) - {origin}
    return back._replace(
        closed=(*done.closed, *_without(back.closed, opened)),
        disarmed=(*done.disarmed, *_without(back.disarmed, armed)),
        unawaited=(*done.unawaited, *_without(back.unawaited, awaited)),
        sent=(*done.sent, *back.sent),
        visited=(*_visits(done, passed), *_visits(back, passed)),
        cleared=tuple(dict.fromkeys((*done.cleared, *back.cleared))),
        decided=(*done.decided, *back.decided),
    )


def _without(found: Iterable[int], left_out: set[int]) -> tuple[int, ...]:
    return tuple(one for one in found if one not in left_out)


def _visits(changes: Changes, passed: set[str]) -> list[Visit]:
    """Return the visits of a step but those of waits that were only passed by."""
    return [visit for visit in changes.visited if visit.element not in passed or visit.kind is VisitKind.COMPLETED]
