"""Where a case may be returned to by hand: finished before, or drawn for the initiator, and nothing required is skipped."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.tally import NO_RESULT
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import Verdict
from app.engine import run
from app.engine.compiler import CompiledProcess
from app.engine.graph import skipped_by_entering
from app.engine.model import CallActivity, UserTask
from app.engine.paths import values_at
from app.engine.routes import stale_between

# Who returned or refused approved nothing that a later step may build on; None is no answer yet.
NO_APPROVAL = frozenset({None, Verdict.RETURN, Verdict.REFUSE, Verdict.DISAGREE}) | NO_RESULT


@dataclass(frozen=True)
class Ground:
    """A case as a return finds it: its tasks that were finished, and those whose signatures hold."""

    process: CompiledProcess
    state: bytes
    values: Mapping[str, Any]
    finished: Collection[str]
    signed: frozenset[str]


@dataclass(frozen=True)
class Offered:
    """A task that the case may be returned to."""

    element: str
    # Why the case cannot come straight back from there.
    no_way_back: Sentence | None = None


@dataclass(frozen=True)
class Barred:
    """A task that a case may not be returned to, and why."""

    element: str
    name: str
    reason: Sentence
    # Whether parallel branches forbid it, that are under way or drawn.
    is_beside_others: bool = False


def targets_from(ground: Ground, origin: str) -> list[Offered | Barred]:
    """Return the tasks that a case might be returned to from an open one, in the order of the diagram.

    A loop lets a finished task lie ahead; it is none where a task required before it does not hold any more.
    """
    process = ground.process
    wanted = {*ground.finished, revision_of(process)} - {origin}
    paths = [path for path in _user_tasks(process, ()) if path in wanted]
    obstacles = run.obstacles(process, ground.state, paths)
    return [
        _barred(process, path, obstacles[path].sentence, is_beside_others=True)
        if path in obstacles
        else _offered(ground, path, origin)
        for path in paths
    ]


def revision_of(process: CompiledProcess) -> str | None:
    """Return the task in which the initiator revises what was filed, where the diagram draws one."""
    start = process.model.start.id
    return next((one.id for one in process.model.of_kind(UserTask) if one.is_initiator and one.edits == start), None)


def missing_before(
    process: CompiledProcess, values: Mapping[str, Any], path: str, signed: frozenset[str]
) -> str | None:
    """Return a task that entering an element passes over and whose answer does not hold."""
    return next((one for one in _skipped(process, path) if not _holds(values, one, signed)), None)


def _offered(ground: Ground, path: str, origin: str) -> Offered | Barred:
    process = ground.process
    missing = missing_before(process, ground.values, path, ground.signed)
    if missing is not None:
        message = N_("退回到这一步会跳过“%(name)s”，它现在还没有办好。")
        return _barred(process, path, sentence(message, name=process.element(missing).name))
    stale = stale_between(process, path, origin)
    if stale is None:
        return Offered(path)
    message = N_("中间的“%(name)s”要按改后的内容重新得出结果，不能直接回来，只能逐步再办。")
    return Offered(path, sentence(message, name=stale.name))


def _barred(process: CompiledProcess, path: str, reason: Sentence, *, is_beside_others: bool = False) -> Barred:
    return Barred(path, process.element(path).name, reason, is_beside_others)


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


def _holds(values: Mapping[str, Any], path: str, signed: frozenset[str]) -> bool:
    """Tell whether a task's answer of this round stands: entering it again clears the verdict."""
    verdict = values_at(values, path).get("verdict")
    return verdict not in NO_APPROVAL and (verdict != Verdict.SIGN or path in signed)
