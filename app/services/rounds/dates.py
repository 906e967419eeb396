"""Moving a date of a round: by its office, with a reason, journalled, and told to whoever applied."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.rounds import Application, Round, RoundDateChange
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, Stale
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.platform_messages import PlatformMessage
from app.domain.rounds import FARTHEST, ROUND_DATE_TITLES, ApplicationStatus, RoundDate, RoundStage
from app.domain.text import N_, Sentence, sentence
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services import journal, outbox
from app.services.messaging import messages
from app.services.rounds import listing, opening, running, sight, stages
from app.services.texts import day
from app.services.timing import calendars
from app.services.transactions import writing

MOVED = PlatformMessage.ROUND_DATES_MOVED
LIFE = Period(0, 3)
LONGEST_REASON = 500
# What begins later is reckoned from these as they then stand; what has begun is moved with its own deadline.
MOVABLE = (RoundDate.APPLY_UNTIL, RoundDate.REVIEW_UNTIL, RoundDate.VOTE_UNTIL)
_TOLD = N_("“%(title)s”的%(name)s由%(before)s改为%(after)s。理由：%(reason)s")


def is_window_open(held: Round) -> bool:
    """Tell whether applications are taken today."""
    first, last = (stages.date_of(held, name) for name in (RoundDate.APPLY_FROM, RoundDate.APPLY_UNTIL))
    is_within = first is not None and last is not None and first <= clock.today() <= last
    return held.stage == RoundStage.APPLYING and is_within


def movable(session: Session, held: Round) -> dict[RoundDate, date]:
    """Return the dates that may be moved now: while the window is open, and of a review and a vote that run."""
    until = stages.date_of(held, RoundDate.APPLY_UNTIL)
    if held.stage == RoundStage.APPLYING and until is not None and clock.today() <= until:
        return {name: day for name in MOVABLE if (day := stages.date_of(held, name)) is not None}
    return {name: running.ends_on(task) for name, task in running.tasks_of(session, held).items()}


def move(session: Session, actor: Actor, round_id: int, name: RoundDate, to: date, reason: str, revision: int) -> Round:
    """Move a date of a round. Raises NotFound, Forbidden, Stale, Conflict, and Invalid by field."""
    with writing(session):
        seen = listing.round_of_sight(session, actor, round_id)
        if not sight.keeps(actor, seen):
            raise Forbidden(N_("批次的日程由开启它的部门调整。"))
        change = RoundDateChange(name=name, after=to, reason=reason.strip())
        task = running.tasks_of(session, seen).get(name)
        return (
            _move_running(session, actor, seen, task, change, revision)
            if task
            else _move_planned(session, actor, round_id, change, revision)
        )


def _move_planned(session: Session, actor: Actor, round_id: int, change: RoundDateChange, revision: int) -> Round:
    held = _held(session, round_id, revision)
    name, to = change.name, change.after
    if held.stage != RoundStage.APPLYING or name not in movable(session, held):
        raise Conflict(N_("这个日期现在不能调整：还没有开始的环节，开始以后再调整；已经截止的不能改。"))
    change.before = stages.date_of(held, name) or clock.today()
    _check(_earliest(held, name), to, change.reason)
    stages.set_dates(held, opening.dates_from(held, to) if name == RoundDate.APPLY_UNTIL else {name: to})
    _keep(session, actor, held, change, ())
    return held


def _move_running(
    session: Session, actor: Actor, seen: Round, task: CollectiveTask, change: RoundDateChange, revision: int
) -> Round:
    """Move the deadline of what runs: its case is held first, as everybody does who ends it."""
    step, locked = running.lock(session, seen.instance_id, task.id)
    held = _held(session, seen.id, revision)
    session.refresh(task)
    change.before = running.ends_on(task)
    _check(running.earliest(change.name, task), change.after, change.reason)
    others = running.tasks_of(session, held)
    stages.set_dates(held, running.shifted(held, change, others))
    running.move(step, locked, actor, change.after, change.reason)
    _keep(session, actor, held, change, running.asked(session, task.id))
    return held


def _held(session: Session, round_id: int, revision: int) -> Round:
    held = stages.locked(session, round_id)
    if held.revision != revision:
        raise Stale
    return held


def _check(earliest: date, to: date, reason: str) -> None:
    errors: dict[str, list[Sentence]] = {}
    latest = clock.today() + FARTHEST
    if to < earliest:
        errors["date"] = [sentence(N_("不能早于%(day)s，请改日期。"), day=day(earliest))]
    elif to > latest:
        errors["date"] = [sentence(N_("不能晚于%(day)s，请改日期。"), day=day(latest))]
    elif not calendars.national().is_working_day(to).is_working:
        errors["date"] = [sentence(N_("%(day)s不是工作日，请换一天。"), day=day(to))]
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        errors["reason"] = [sentence(N_("请写明为什么改，不超过 %(count)d 字。"), count=LONGEST_REASON)]
    if errors:
        raise Invalid(errors)


def _earliest(held: Round, name: RoundDate) -> date:
    """Return the first day that a date may be moved to: today, and not before the one that it follows."""
    if name == RoundDate.APPLY_UNTIL:
        follows = stages.date_of(held, RoundDate.APPLY_FROM)
    else:
        closed = stages.date_of(held, RoundDate.APPLY_UNTIL)
        follows = calendars.national().add_working_days(closed, 1).on if closed else None
    return max(clock.today(), follows or clock.today())


def _keep(session: Session, actor: Actor, held: Round, change: RoundDateChange, asked: Sequence[int]) -> None:
    change.round_id, change.person_id = held.id, actor.person_id
    session.add(change)
    session.flush()
    moved = {"name": change.name, "before": change.before.isoformat(), "after": change.after.isoformat()}
    details = {"round": held.id, **moved, "reason": change.reason}
    journal.record_organization(session, held.organization_id, actor, "move_round_date", details)
    sent = Sent(element="", message=MOVED, key=str(held.id), to="own", life=LIFE, payload={})
    messages.send(session, held.organization_id, sent)
    text = sentence(
        _TOLD,
        title=held.title,
        name=ROUND_DATE_TITLES[change.name],
        before=day(change.before),
        after=day(change.after),
        reason=change.reason,
    ).chinese()
    people = sorted({*_applicants(session, held.id), *asked})
    about = {"people": people, "instance": None, "kind": NotificationKind.OTHER, "text": text}
    outbox.put(session, "notify", about)


def _applicants(session: Session, round_id: int) -> list[int]:
    out = (ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN)
    query = select(Application.person_id).where(Application.round_id == round_id, Application.status.not_in(out))
    return sorted(set(session.scalars(query)))
