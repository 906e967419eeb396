"""Where a person may return a case to, with who did it last, and why not elsewhere."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.queries.step_locks import LockedCase
from app.db.work import WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import WorkItemKind, WorkItemStatus
from app.engine.compiler import CompiledProcess
from app.engine.model import UserTask
from app.engine.return_targets import Barred, Ground, Offered, revision_of, targets_from
from app.services import signatures
from app.services.acts import finished_tasks
from app.services.acts.finished_tasks import Finished

OF_MANY = N_("这一步由多人办理，不能由一个人退回。")
ONLY_ANSWERS = N_("这一步只请您答复，不能退回到前面；有疑问请找上一步的办理人。")
OF_OPINION = N_("这里只请您出意见，要退回的请写在意见里，由办理人退回。")
INITIATOR, PREVIOUS = "initiator", "previous"
# A case, locked or only read.
Case = LockedCase | ProcessInstance


class Mode(StrEnum):
    """How a case goes on from where it was returned to."""

    # The steps are walked again.
    AGAIN = "again"
    # Straight back to whoever returned it.
    BACK = "back"


@dataclass(frozen=True)
class Return:
    """Where a person returns a case to: a path, `initiator` or `previous`; why, and from which revision of the task."""

    to: str
    reason: str
    mode: str = Mode.AGAIN
    revision: int | None = None


@dataclass(frozen=True)
class Target:
    """A task that a case may be returned to, with who did it last."""

    element: str
    name: str
    finished: Finished
    is_initiator: bool
    is_previous: bool
    # Why the case cannot come straight back from there.
    no_way_back: Sentence | None = None

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Return how the case may go on from there."""
        return (Mode.AGAIN,) if self.no_way_back else (Mode.AGAIN, Mode.BACK)


@dataclass(frozen=True)
class Offers:
    """The tasks that a case may be returned to from another, and those that it may not, in the order of the diagram."""

    targets: tuple[Target, ...]
    barred: tuple[Barred, ...]

    def target(self, name: str, mode: str) -> Target:
        """Return the target of this path, or the one called `initiator` or `previous`.

        Raises Conflict where parallel branches forbid it, Invalid for another target or mode that there is not.
        """
        found = self._called(name)
        if found is None:
            raise self._refusal(name)
        if mode not in Mode.__members__.values():
            raise Invalid.field("mode", N_("退回以后怎样办，只能填 again（逐步再办）或 back（直接回来）。"))
        if mode == Mode.BACK and found.no_way_back is not None:
            raise Invalid({"mode": [found.no_way_back]})
        return found

    def _called(self, name: str) -> Target | None:
        if name == INITIATOR:
            return next((one for one in self.targets if one.is_initiator), None)
        if name == PREVIOUS:
            return next((one for one in self.targets if one.is_previous), None)
        return next((one for one in self.targets if one.element == name), None)

    def _refusal(self, name: str) -> Conflict | Invalid:
        barred = next((one for one in self.barred if one.element == name), None)
        if barred is not None and barred.is_beside_others:
            return Conflict(barred.reason.message, **barred.reason.params)
        reason = barred.reason if barred else sentence(N_("不能退回到这一步，请从列出的步骤里选。"))
        return Invalid({"to": [reason]})


def offers(session: Session, case: Case, process: CompiledProcess, origin: str) -> Offers:
    """Return where a case may be returned to from an open task. Raises Conflict where that only answers."""
    task = process.element(origin)
    if isinstance(task, UserTask) and not task.may_return:
        raise Conflict(ONLY_ANSWERS)
    done = finished_tasks.latest(session, case.id)
    latest = max(done.items(), key=lambda one: one[1].order, default=(None, None))[0]
    revision = revision_of(process)
    if revision is not None and revision not in done:
        done[revision] = finished_tasks.filing(session, case.id)
    signed = signatures.live_over(session, case.id, process, case.values)
    found = targets_from(Ground(process, case.state, case.values, done, signed), origin)
    targets = tuple(
        Target(
            one.element,
            process.element(one.element).name,
            done[one.element],
            is_initiator=one.element == revision,
            is_previous=one.element == (latest or revision),
            no_way_back=one.no_way_back,
        )
        for one in found
        if isinstance(one, Offered)
    )
    barred = [one for one in found if isinstance(one, Barred)]
    return Offers(targets, (*barred, *_undrawn(process, origin)))


def refuse_others(item: WorkItem) -> None:
    """Refuse what no single person can return. Raises Conflict, Forbidden where only an opinion is asked."""
    if item.collective_id is not None:
        raise Conflict(OF_MANY)
    if item.kind != WorkItemKind.TASK:
        raise Forbidden(OF_OPINION)
    if item.status == WorkItemStatus.WAITING:
        raise Conflict(N_("这一步正在等别人的意见，请先收回，再退回。"))


def _undrawn(process: CompiledProcess, origin: str) -> list[Barred]:
    """Say why the case cannot be returned to its initiator, where the diagram has no task for that."""
    start = process.model.start
    if start.form is None or not start.roles or revision_of(process) is not None or "/" in origin:
        return []
    reason = sentence(N_("流程图里没有请发起人修改的环节，不能退回给发起人；可以请发起人撤回后重新发起。"))
    return [Barred(start.id, start.name, reason)]
