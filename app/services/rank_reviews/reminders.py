"""Reminding schools of the day by which their lists are filed, whatever stage their reviews are in, each day once.

The instant of the next reminder stands in the review's own row, moved under its lock in the transaction that tells
people: after a downtime, or between two workers, nobody hears a thing twice. Days that were missed are made up for by
one reminder.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from app.db.people import Person, Position
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankReview
from app.domain import clock
from app.domain.calendar import due_at
from app.domain.notification_kinds import NotificationKind
from app.domain.overdue import Plan
from app.domain.ranks import RANK_REVIEW_STAGE_TITLES, UNFILED
from app.domain.text import N_, sentence
from app.domain.vocabulary import InstanceStatus, Role
from app.services.accounts.actors import holds_today
from app.services.attention import escalations, overdue
from app.services.rank_reviews import reviews
from app.services.rank_reviews.shortfalls import LEADER, OFFICE, PRINCIPAL, Shortfall, shortfalls
from app.services.telling.notifications import News, tell_each
from app.services.timing import calendars
from app.services.transactions import writing

BATCH = 200
WORDS = N_("%(title)s的名单要上报：%(due)s。现在在“%(stage)s”：%(missing)s。请抓紧办理，依据%(basis)s。")
Held = Mapping[int, Mapping[Role, Sequence[int]]]


def remind(session: Session) -> int:
    """Remind every school whose day has come; return how many reviews were looked at."""
    total = 0
    # What another worker holds is not waited for.
    while _is_any_due(session) and (count := _remind_some(session)):
        total += count
    return total


def next_at(held: RankReview) -> datetime | None:
    """Return when a review is reminded of next; what has passed is over."""
    now = clock.now()
    return next((at for at in _instants(held) if at > now), None) if held.stage in UNFILED else None


def _remind_some(session: Session) -> int:
    with writing(session):
        found = session.scalars(
            select(RankReview)
            .join(RankReview.instance)
            .where(*_is_due())
            .options(contains_eager(RankReview.instance))
            .order_by(RankReview.remind_at, RankReview.id)
            .limit(BATCH)
            .with_for_update(of=RankReview, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        due = [one for one in found if one.stage in UNFILED and _has_come(one)]
        for one in found:
            one.remind_at = next_at(one)
        if due:
            _tell(session, due)
    return len(found)


def _is_any_due(session: Session) -> bool:
    query = select(RankReview.id).join(RankReview.instance).where(*_is_due())
    return session.scalar(query.limit(1)) is not None


def _is_due() -> tuple[ColumnElement[bool], ...]:
    return RankReview.remind_at <= clock.now(), ProcessInstance.status == InstanceStatus.RUNNING


def _has_come(held: RankReview) -> bool:
    since, now = held.remind_at, clock.now()
    return since is not None and any(since <= at <= now for at in _instants(held))


def _instants(held: RankReview) -> list[datetime]:
    plan = Plan(reminders=tuple(sorted(held.remind_on)))
    return [one.at for one in plan.events(due_at(reviews.day_of(held, "file_by")), calendars.national())]


def _tell(session: Session, due: Sequence[RankReview]) -> None:
    missing, staff = shortfalls(session, due), _staff(session, [one.organization_id for one in due])
    told = [
        (person_id, _news(one, missing[one.id]))
        for one in due
        for person_id in _people(one, missing[one.id].roles, staff.get(one.organization_id, {}))
    ]
    tell_each(session, told)


def _news(held: RankReview, missing: Shortfall) -> News:
    words = sentence(
        WORDS,
        title=reviews.title_of(held),
        due=overdue.words(due_at(reviews.day_of(held, "file_by"))),
        stage=sentence(RANK_REVIEW_STAGE_TITLES[held.stage]).chinese(),
        missing=missing.words,
        basis=escalations.basis_of(held.instance.rules, "rank.files_by"),
    )
    return News(words.chinese(), NotificationKind.OVERDUE, held.instance_id, link=f"/rank-reviews/{held.id}")


def _people(held: RankReview, roles: Collection[Role], staff: Mapping[Role, Sequence[int]]) -> list[int]:
    """Return who is reminded: whom the review waits for; from the last day on the principal, too."""
    is_last = clock.today() >= reviews.day_of(held, "file_by")
    wanted = {*roles, PRINCIPAL} if is_last else roles
    return sorted(set(chain.from_iterable(staff.get(role, ()) for role in wanted)))


def _staff(session: Session, schools: Sequence[int]) -> Held:
    """Return who holds the positions that reviews wait for in some schools today."""
    query = (
        select(Position.organization_id, Position.role, Position.person_id)
        .join(Person, Person.id == Position.person_id)
        .where(
            Position.organization_id.in_(schools),
            Position.role.in_((OFFICE, LEADER, PRINCIPAL)),
            holds_today(),
            Person.is_active,
        )
    )
    found: dict[int, dict[Role, list[int]]] = {}
    for school_id, role, person_id in session.execute(query):
        found.setdefault(school_id, {}).setdefault(Role(role), []).append(person_id)
    return found
