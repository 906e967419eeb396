"""A member's response to a collective task: a lean transaction that neither locks nor rewrites the case (DESIGN §3).

The same few statements and one commit, whatever the roll's size: lock the task and the place, close the place, keep
the response, append to the task's own journal, raise the counters. Whether that closes the task is decided by the
counters under the lock, never by counting rows.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.db.queries import collectives as queries
from app.db.queries.collectives import LockedSeat
from app.domain import clock, tally
from app.domain.errors import Conflict, Forbidden, NotFound, ShenpiError, Stale
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus, InstanceStatus, WorkItemStatus
from app.engine.compiler import CompiledProcess
from app.engine.forms.form import INCOMPLETE_VERDICTS
from app.engine.model import UserTask
from app.services import incidents, journal, steps, visibility, work_items
from app.services.collective import collective_closings
from app.services.filling import drafts, submissions
from app.services.filling.submissions import Place
from app.services.journal import Act, RequestKey
from app.services.panels import scoring
from app.services.panels.scoring import Recusal
from app.services.publishing import definitions
from app.services.starting.starts import Answer
from app.services.timing import wakes
from app.services.transactions import connection_of, writing

SETTLED = N_("已经有了结果，不用再办理。")
LEFT = N_("您已经不在这个单位任职，不能再办理；名单不改，到了截止时间，您这一份按没有办算。")
SECRET = N_("这是无记名投票，请在选票页上投票；监票人请在监票页上办理。")
ANSWERED: Mapping[str, str] = {
    WorkItemStatus.DONE: N_("您已经办过这一步，交了就不能改。"),
    WorkItemStatus.RECUSED: N_("您已经回避，不用办这一步。"),
}
LATE = N_("已经过了截止时间，不能再办理。")
UNREASONED = N_("这样答复的，请写一句理由。")


@dataclass(frozen=True)
class Response:
    """What a member hands in, as seen at a revision; without one the place is taken as it stands."""

    verdict: str
    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    revision: int | None = None
    # Stepping aside is an act of its own: no verdict that is handed in means it.
    is_recusal: bool = False
    # Of a panel: for which candidate alone.
    aside: Recusal | None = None


@dataclass(frozen=True)
class Request:
    """Who hands in what."""

    session: Session
    actor: Actor
    item_id: int
    given: Response
    key: RequestKey | None


@dataclass(frozen=True)
class Taken:
    """What became of a response: its answer, none where it came too late, and the task to be closed now."""

    answer: Answer | None = None
    # The collective task and its case.
    closing: tuple[int, int] | None = None
    # The case whose timers must fire first.
    overtaken: int | None = None


def recuse(
    session: Session,
    actor: Actor,
    item_id: int,
    reason: str | None,
    revision: int | None = None,
    request_key: RequestKey | None = None,
    aside: Recusal | None = None,
) -> Answer:
    """Step aside from a collective task before having answered, for a reason; from a panel also for one candidate.

    Raises NotFound, Forbidden, Stale for a changed or closed task, Conflict, Invalid by field.
    """
    given = Response(tally.RECUSED, comment=reason, revision=revision, is_recusal=True, aside=aside)
    request = Request(session, actor, item_id, given, request_key)
    return finish(request, _taken(request))


def take(request: Request) -> Taken:
    """Take a response within the open transaction; `finish` does what comes after the commit.

    Raises NotFound, Forbidden, Stale for a changed or closed task, Conflict, and Invalid by field.
    """
    session, actor = request.session, request.actor
    seat = queries.lock_seat(connection_of(session), request.item_id)
    if seat is None:
        raise NotFound
    known = journal.first_answer(session, actor, request.key)
    if known is not None:
        return Taken(Answer(**known))
    if seat.assignee_id != actor.person_id:
        raise _refusal_of_strangers(session, actor, seat)
    if seat.collective.is_secret:
        raise Forbidden(SECRET)
    if not actor.belongs_to(seat.collective.organization_id):
        raise Forbidden(LEFT)
    return _overtaken(seat) or _keep(request, seat)


def finish(request: Request, taken: Taken) -> Answer:
    """Close the task that a response settled or found due, after the commit. Raises Conflict where it was late."""
    if taken.overtaken is not None:
        wakes.wake(request.session, taken.overtaken)
        taken = _taken(request)
    if taken.closing is not None:
        collective_closings.close_soon(request.session, *taken.closing)
    if taken.answer is None:
        raise Conflict(LATE)
    return taken.answer


def _taken(request: Request) -> Taken:
    with incidents.guarded(request.session, {"task": request.item_id}), writing(request.session):
        return take(request)


def _overtaken(seat: LockedSeat) -> Taken | None:
    """Return what comes before a response that a deadline has overtaken: of the case, or of the task itself."""
    now, held = clock.now(), seat.collective
    if seat.item_status != WorkItemStatus.OPEN or seat.instance_status != InstanceStatus.RUNNING:
        return None
    if held.status == CollectiveStatus.OPEN and held.is_due(now):
        return Taken(closing=(held.id, held.instance_id))
    is_woken = seat.next_due_at is not None and seat.next_due_at <= now
    return Taken(overtaken=held.instance_id) if is_woken else None


def _keep(request: Request, seat: LockedSeat) -> Taken:
    """Write a response that is checked, and decide by the counters whether it settles the task."""
    session, actor, given = request.session, request.actor, request.given
    connection, held, now = connection_of(session), seat.collective, clock.now()
    _refuse_unless_current(seat, given)
    if given.aside is not None and not _leaves_nobody(request, seat, given.aside):
        return _kept_aside(request, seat)
    row = _checked(session, actor, seat, given) | {"responded_at": now}
    status = WorkItemStatus.RECUSED if given.is_recusal else WorkItemStatus.DONE
    done = {"key": seat.item_id, "status": status, "closed_by_id": actor.person_id, "closed_at": now}
    queries.FINISH_SEAT.run(connection, done)
    queries.ADD_RESPONSE.run(connection, row)
    count = held.count.adding(given.verdict)
    held.counts, held.recused = dict(count.votes), count.recused
    if tally.outcome(held.rule, count, is_due=False) is not None:
        held.status = CollectiveStatus.SETTLED
    answer = {"instance": held.instance_id, "task": seat.item_id}
    act = Act("recuse" if given.is_recusal else "respond", _told(seat, row), answer)
    journal.record_collective(connection, held, actor, act, request.key)
    queries.save_counts(connection, held)
    is_settled = held.status == CollectiveStatus.SETTLED
    return Taken(Answer(**answer), (held.id, held.instance_id) if is_settled else None)


def _leaves_nobody(request: Request, seat: LockedSeat, aside: Recusal) -> bool:
    """Keep for whom a member of a panel steps aside; tell whether that leaves the member nobody to score."""
    reason = submissions.clean_comment(request.given.comment, is_required=False, field="reason")
    return scoring.step_aside(request.session, seat.collective.id, request.actor.person_id, aside, reason)


def _kept_aside(request: Request, seat: LockedSeat) -> Taken:
    """Note that a member leaves one candidate to the others: what the member's page shows has changed."""
    connection, held = connection_of(request.session), seat.collective
    answer = {"instance": held.instance_id, "task": seat.item_id}
    connection.execute(queries.TOUCH_SEAT, {"key": seat.item_id})
    told = {"element": held.element} | (asdict(request.given.aside) if held.is_named and request.given.aside else {})
    journal.record_collective(connection, held, request.actor, Act("recuse_for", told, answer), request.key)
    queries.save_counts(connection, held)
    return Taken(Answer(**answer))


def _told(seat: LockedSeat, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the journal keeps: of a confidential answer nothing but the hash of what was handed in."""
    content_hash = journal.response_hash(row["verdict"], row["comment"], row["values"])
    told = {"element": seat.collective.element, "content_hash": content_hash}
    return {**told, "verdict": row["verdict"]} if seat.collective.is_named else told


def _checked(session: Session, actor: Actor, seat: LockedSeat, given: Response) -> dict[str, Any]:
    """Return the response's row. Raises Invalid by field, Forbidden where another person must do it."""
    held = seat.collective
    submissions.refuse_verdict(given.verdict, [tally.RECUSED] if given.is_recusal else held.verdicts)
    comment, values = _said(session, seat, given), _checked_values(session, actor, seat, given)
    return {
        "collective_id": held.id,
        "person_id": actor.person_id,
        "verdict": given.verdict,
        "comment": comment,
        "values": values,
    }


def _said(session: Session, seat: LockedSeat, given: Response) -> str | None:
    """Return why a member steps aside or answers so; which answers must say why, the diagram tells."""
    if given.is_recusal:
        return submissions.clean_comment(given.comment, is_required=given.aside is None, field="reason")
    _process, task = _asked(session, seat)
    is_required = task.collective is not None and given.verdict in task.collective.reasons
    return submissions.clean_comment(given.comment, is_required=is_required, missing=UNREASONED)


def _checked_values(session: Session, actor: Actor, seat: LockedSeat, given: Response) -> dict[str, Any]:
    if given.is_recusal:
        return {}
    held, (process, task) = seat.collective, _asked(session, seat)
    form = process.form_of(held.element)
    if task.distinct_from:
        _keep_apart(session, actor, seat, process)
    if task.collective is not None and task.collective.is_scored:
        submissions.forget_draft(session, actor, drafts.task_subject(seat.item_id))
        return scoring.checked_values(session, held.id, actor.person_id, given.values)
    is_partial = given.verdict in INCOMPLETE_VERDICTS
    if is_partial and not given.values:
        return {}
    place = Place(actor, held.element, task, form, seat.organization_id)
    values = submissions.checked(session, place, given.values, is_partial=is_partial)
    if form is not None:
        submissions.forget_draft(session, actor, drafts.task_subject(seat.item_id))
        submissions.tie_files(session, held.instance_id, seat.organization_id, form.attachments_in(values))
    return values


def _asked(session: Session, seat: LockedSeat) -> tuple[CompiledProcess, UserTask]:
    process = definitions.compiled(session, seat.content_hash, seat.callees)
    task = process.element(seat.collective.element)
    assert isinstance(task, UserTask)  # noqa: S101 - a roll belongs to nothing else
    return process, task


def _keep_apart(session: Session, actor: Actor, seat: LockedSeat, process: CompiledProcess) -> None:
    """Refuse who did a task meanwhile that this one is kept apart from, and bar who answers here from doing it."""
    held = seat.collective
    elements = work_items.kept_apart(process, held.element)
    known = work_items.last_answerers(session, held.instance_id, elements)
    if actor.person_id in set[int | None]().union(*known.values()):
        raise Forbidden(N_("您办过这件事里要分开办理的一步，这一步要由别人办理。"))
    work_items.keep_apart(session, process, held.instance_id, held.element, {actor.person_id})


def _refusal_of_strangers(session: Session, actor: Actor, seat: LockedSeat) -> ShenpiError:
    """Return why a person without this place may not answer: of a confidential roll, not even that it exists."""
    is_seen = seat.collective.is_named and visibility.may_see_id(session, actor, seat.collective.instance_id)
    return Forbidden() if is_seen else NotFound()


def _refuse_unless_current(seat: LockedSeat, given: Response) -> None:
    if seat.item_status == WorkItemStatus.OPEN and seat.instance_status != InstanceStatus.RUNNING:
        raise Conflict(steps.NOT_RUNNING[InstanceStatus(seat.instance_status)])
    if seat.item_status in ANSWERED:
        raise Stale(ANSWERED[seat.item_status])
    if seat.item_status == WorkItemStatus.OPEN and seat.collective.status == CollectiveStatus.SETTLED:
        raise Conflict(SETTLED)
    if seat.item_status != WorkItemStatus.OPEN or given.revision not in {None, seat.item_revision}:
        raise Stale
