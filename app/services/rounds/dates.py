"""Moving a date of a round: by its office, with a reason, journalled, and told to whoever applied."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.rounds import Application, Round, RoundDateChange
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, Stale
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.rounds import FARTHEST, ROUND_DATE_TITLES, ApplicationStatus, RoundDate, RoundStage
from app.domain.text import N_, Sentence, sentence
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services import journal, outbox
from app.services.messaging import messages
from app.services.rounds import listing, opening, sight, stages
from app.services.texts import day
from app.services.timing import calendars
from app.services.transactions import writing

MOVED = "round_dates_moved"
LIFE = Period(0, 3)
LONGEST_REASON = 500
# What begins later is reckoned from these as they then stand; what has begun has a deadline of its own.
MOVABLE = (RoundDate.APPLY_UNTIL, RoundDate.REVIEW_UNTIL, RoundDate.VOTE_UNTIL)
_TOLD = N_("“%(title)s”的%(name)s由%(before)s改为%(after)s。理由：%(reason)s")


def is_window_open(held: Round) -> bool:
    """Tell whether applications are taken today."""
    first, last = (stages.date_of(held, name) for name in (RoundDate.APPLY_FROM, RoundDate.APPLY_UNTIL))
    is_within = first is not None and last is not None and first <= clock.today() <= last
    return held.stage == RoundStage.APPLYING and is_within


def movable(held: Round) -> list[RoundDate]:
    """Return the dates that may still be moved: none once the window is closed."""
    until = stages.date_of(held, RoundDate.APPLY_UNTIL)
    is_early = held.stage == RoundStage.APPLYING and until is not None and clock.today() <= until
    return [name for name in MOVABLE if name in held.dates] if is_early else []


def move(session: Session, actor: Actor, round_id: int, name: RoundDate, to: date, reason: str, revision: int) -> Round:
    """Move a date of a round. Raises NotFound, Forbidden, Stale, Conflict, and Invalid by field."""
    with writing(session):
        seen = listing.round_of_sight(session, actor, round_id)
        if not sight.keeps(actor, seen):
            raise Forbidden(N_("批次的日程由开启它的部门调整。"))
        held = stages.locked(session, round_id)
        if held.revision != revision:
            raise Stale
        if name not in movable(held):
            raise Conflict(N_("这个日期现在不能调整：已经开始的环节按它自己的期限办。"))
        before = stages.date_of(held, name) or clock.today()
        _check(held, name, to, reason)
        if name == RoundDate.APPLY_UNTIL:
            stages.set_dates(held, opening.dates_from(held, to))
        else:
            stages.set_dates(held, {name: to})
        _keep(session, actor, held, RoundDateChange(name=name, before=before, after=to, reason=reason.strip()))
    return held


def _check(held: Round, name: RoundDate, to: date, reason: str) -> None:
    errors: dict[str, list[Sentence]] = {}
    earliest, latest = _earliest(held, name), clock.today() + FARTHEST
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


def _keep(session: Session, actor: Actor, held: Round, change: RoundDateChange) -> None:
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
    people = _applicants(session, held.id)
    about = {"people": people, "instance": None, "kind": NotificationKind.OTHER, "text": text}
    outbox.put(session, "notify", about)


def _applicants(session: Session, round_id: int) -> list[int]:
    out = (ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN)
    query = select(Application.person_id).where(Application.round_id == round_id, Application.status.not_in(out))
    return sorted(set(session.scalars(query)))
