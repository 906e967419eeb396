"""Scheduled starts: rows that the tick finds, catching up after a downtime, each occurrence once (DESIGN §9)."""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Position
from app.db.schedules import Schedule, ScheduledStart
from app.domain import clock
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.recurrences import LONGEST_PERIOD, Recurrence, read_recurrence
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind, Role
from app.engine.compiler import Part
from app.engine.forms import Form
from app.engine.plans import EACH, Plan
from app.services import journal
from app.services.accounts.actors import holds_today
from app.services.accounts.organizations import get_organization
from app.services.publishing import definitions, versions
from app.services.starting import bulk_starts
from app.services.starting.bulk_starts import Wanted
from app.services.telling import notifications
from app.services.telling.notifications import News
from app.services.texts import full_day
from app.services.transactions import writing

logger = logging.getLogger(__name__)
BATCH = 200
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


def adopt(
    session: Session, actor: Actor, key: str, organization_id: int, first_on: date | None = None
) -> list[Schedule]:
    """Let a process begin by itself as its manifest says: in a school, or in every school below a bureau.

    A school that does already takes over what the manifest says now. From a first day on, it begins there once more
    before the next occurrence, where the present one has not begun. Raises NotFound, Forbidden, Conflict where the
    process has no schedule, and Invalid for a day before today or after the next occurrence.
    """
    above = get_organization(session, actor, organization_id, Action.CHANGE_PROCESSES)
    return _adopt(session, actor, key, above, first_on)


def adopt_from_console(session: Session, key: str, organization_code: str) -> list[Schedule]:
    """Adopt as whoever runs the command on the server. Raises NotFound, and Conflict as `adopt` does."""
    above = _organization_with(session, organization_code)
    try:
        return _adopt(session, None, key, above)
    except NotFound as error:
        message = N_("%(organization)s没有流程“%(key)s”，请核对名称，或者先发布。")
        raise NotFound(message, organization=above.name, key=key) from error


def stop_from_console(session: Session, key: str, organization_code: str) -> int:
    """Stop as whoever runs the command on the server; return in how many organisations. Raises NotFound."""
    return _stop(session, None, key, _organization_with(session, organization_code))


def _organization_with(session: Session, code: str) -> Organization:
    found = session.scalar(select(Organization).where(Organization.code == code.upper()))
    if found is None:
        raise NotFound(N_("没有代码是 %(code)s 的单位。"), code=code)
    return found


def _adopt(
    session: Session, actor: Actor | None, key: str, above: Organization, first_on: date | None = None
) -> list[Schedule]:
    with writing(session):
        made = [_adopted(session, key, one, first_on) for one in schools_in(session, above)]
        details: dict[str, Any] = {"process": key, "organizations": [one.organization_id for one in made]}
        if first_on is not None:
            details["first_on"] = first_on.isoformat()
        journal.record_organization(session, above.id, actor, "adopt_schedule", details)
    return made


def stop(session: Session, actor: Actor, key: str, organization_id: int) -> int:
    """Let a process begin by itself no more, in an organisation and all below it; return in how many.

    Raises NotFound and Forbidden.
    """
    return _stop(session, actor, key, get_organization(session, actor, organization_id, Action.CHANGE_PROCESSES))


def _stop(session: Session, actor: Actor | None, key: str, above: Organization) -> int:
    with writing(session):
        below = Organization.path.startswith(above.path, autoescape=True)
        found = session.scalars(
            select(Schedule)
            .join(Schedule.organization)
            .where(Schedule.process_key == key, Schedule.stopped_at.is_(None), below)
            .with_for_update(of=Schedule)
        ).all()
        for schedule in found:
            schedule.stopped_at = clock.now()
        details = {"process": key, "organizations": [one.organization_id for one in found]}
        journal.record_organization(session, above.id, actor, "stop_schedule", details)
    return len(found)


def start_due(session: Session) -> int:
    """Begin what is due, each occurrence in a transaction of its own, so that people's steps go on between them.

    Of many that are due at once, as on 1 September, the next ticks begin the rest: all else has its turn between.
    Return how many cases began.
    """
    return sum(_try(session, schedule_id) for schedule_id in _due(session))


def _due(session: Session) -> list[int]:
    query = select(Schedule.id).where(_is_due()).order_by(Schedule.next_at, Schedule.id)
    return list(session.scalars(query.limit(BATCH)))


def _is_due() -> ColumnElement[bool]:
    """Return the condition of a start that is due, or so far ahead that the clock must have been wrong."""
    now = clock.now()
    is_late = and_(Schedule.next_at <= now, or_(Schedule.try_again_at.is_(None), Schedule.try_again_at <= now))
    return and_(Schedule.stopped_at.is_(None), or_(is_late, Schedule.next_at > now + LONGEST_PERIOD))


def _try(session: Session, schedule_id: int) -> int:
    """Begin all that a schedule owes; a start that fails is tried again later."""
    begun = 0
    try:
        while (count := _start_next(session, schedule_id)) is not None:
            begun += count
    except Exception as error:
        logger.exception("the scheduled start %s failed", schedule_id)
        _postpone(session, schedule_id, error)
    return begun


def _start_next(session: Session, schedule_id: int) -> int | None:
    """Begin the next occurrence that is due and move on; return None where nothing is due any more."""
    with writing(session):
        schedule = _locked(session, schedule_id)
        if schedule is None:
            return None
        recurrence = recurrence_of(schedule.starts)
        occurs_at = _owed(schedule, recurrence)
        begun = 0
        if occurs_at is not None and session.get(ScheduledStart, (schedule.id, occurs_at)) is None:
            _start(session, schedule, occurs_at)
            begun = 1
        schedule.next_at = recurrence.after(occurs_at or clock.now())
        schedule.try_again_at, schedule.attempts, schedule.error = None, 0, None
        return begun


def _locked(session: Session, schedule_id: int) -> Schedule | None:
    """Lock a schedule that is due, or return None where another ticker has it or has begun it."""
    query = select(Schedule).where(Schedule.id == schedule_id, _is_due())
    query = query.with_for_update(skip_locked=True)
    return session.scalar(query.execution_options(populate_existing=True))


def _owed(schedule: Schedule, recurrence: Recurrence) -> datetime | None:
    """Return the occurrence to begin, or None where the next one was reckoned by a clock that was wrong."""
    if schedule.next_at > clock.now():
        return None
    return schedule.next_at if schedule.catch_up == EACH else recurrence.last_before(clock.now(), schedule.next_at)


def _start(session: Session, schedule: Schedule, occurs_at: datetime) -> None:
    organization = session.get_one(Organization, schedule.organization_id)
    version = versions.effective_version(session, schedule.process_key, organization)
    values = _accepted(definitions.part_of(version), schedule.values)
    wanted = Wanted(f"schedule/{schedule.id}/{occurs_at.isoformat()}", organization.id, values)
    for instance_id in bulk_starts.start_many(session, version, [wanted]):
        session.add(ScheduledStart(schedule_id=schedule.id, occurs_at=occurs_at, instance_id=instance_id))
    session.flush()


def _accepted(part: Part, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a start that nobody fills in, as the form takes them. Raises Invalid by field."""
    form = part.form_of(part.model.start.id) or Form("", ())
    return form.validate(dict(values), {}, frozenset(), part.model.start.id)


def _postpone(session: Session, schedule_id: int, error: Exception) -> None:
    with writing(session):
        schedule = _locked(session, schedule_id)
        if schedule is None:
            return
        schedule.attempts += 1
        wait = min(FIRST_WAIT * 2 ** min(schedule.attempts, 20), LONGEST_WAIT)
        schedule.try_again_at = clock.now() + wait
        schedule.error = f"{type(error).__name__}: {error}"[:500]
        if schedule.attempts == 1:
            _tell(session, schedule, error)


def _tell(session: Session, schedule: Schedule, error: Exception) -> None:
    """Tell the process administrators once that a start failed; it is tried again, and the doctor tells of it too."""
    reasons = error.errors.values() if isinstance(error, Invalid) else ()
    reason = " ".join(one.chinese() for sentences in reasons for one in sentences) or str(error)
    text = N_("“%(key)s”没有按时开始：%(reason)s 请改正流程清单里的 [schedule] 再采用一次。") % {
        "key": schedule.process_key,
        "reason": reason[:300],
    }
    is_admin = Position.organization_id == schedule.organization_id, Position.role == Role.PROCESS_ADMIN
    admins = session.scalars(select(Position.person_id).where(*is_admin, holds_today()).distinct())
    notifications.tell(session, admins, News(text))


def schools_in(session: Session, above: Organization) -> list[Organization]:
    """Return a school, or every school below a bureau."""
    below = Organization.path.startswith(above.path, autoescape=True), Organization.kind == OrganizationKind.SCHOOL
    return list(session.scalars(select(Organization).where(*below).order_by(Organization.id)))


def plan_of(part: Part) -> Plan:
    """Return when a process begins by itself. Raises Conflict where it does not."""
    plan = part.package.manifest.schedule
    if plan is None:
        raise Conflict(N_("这个流程没有写明什么时候开始：process.toml 里要有 [schedule]。"))
    return plan


def _adopted(session: Session, key: str, organization: Organization, first_on: date | None) -> Schedule:
    part = definitions.part_of(versions.effective_version(session, key, organization))
    plan = plan_of(part)
    _accepted(part, plan.values)
    known = Schedule.process_key == key, Schedule.organization_id == organization.id
    schedule = session.scalar(select(Schedule).where(*known).with_for_update())
    next_at = _first(session, schedule, recurrence_of(plan.starts), first_on)
    if schedule is None:
        schedule = Schedule(process_key=key, organization_id=organization.id)
        session.add(schedule)
    # What was begun before stays begun: an occurrence that has its case never gets another.
    schedule.next_at = next_at
    schedule.starts, schedule.catch_up, schedule.values = plan.starts, plan.catch_up, dict(plan.values)
    schedule.stopped_at = schedule.try_again_at = schedule.error = None
    session.flush()
    return schedule


def _first(session: Session, schedule: Schedule | None, recurrence: Recurrence, first_on: date | None) -> datetime:
    """Return when a schedule begins first: on the day that was asked for, unless the present occurrence has begun."""
    regular = recurrence.after(clock.now())
    if first_on is None:
        return regular
    last = clock.shanghai(regular).date()
    if not clock.today() <= first_on <= last:
        message = N_("第一次最早是今天，最晚是照规定的下一次：%(until)s。")
        raise Invalid.field("first_on", message, until=full_day(last))
    wanted = min(regular, clock.at(first_on, recurrence.hour, recurrence.minute))
    return regular if schedule and _has_begun(session, schedule, recurrence) else wanted


def _has_begun(session: Session, schedule: Schedule, recurrence: Recurrence) -> bool:
    """Tell whether a schedule has begun since its last regular occurrence."""
    present = recurrence.last_before(clock.now(), clock.now() - LONGEST_PERIOD)
    begun = ScheduledStart.schedule_id == schedule.id, ScheduledStart.occurs_at >= present
    return session.scalar(select(ScheduledStart.occurs_at).where(*begun).limit(1)) is not None


def recurrence_of(text: str) -> Recurrence:
    """Read how a manifest that was checked says when cases begin."""
    found = read_recurrence(text)
    if found is None:
        raise ValueError(text)
    return found
