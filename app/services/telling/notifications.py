"""Notifications: what a person is told, read by opening it, and handled once there is nothing to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.db.queries.notifications import is_outdated, is_unread
from app.db.work import Notification
from app.domain import clock
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services.absence.substitutes import Told, substitutes
from app.services.pages import Page, decode, encode, limit_of
from app.services.telling import sendings
from app.services.transactions import writing

LONGEST = 500
# What says why a task is there takes the place of the sentence that it is there, which comes at the same moment.
REPLACING = frozenset({NotificationKind.RESULT, NotificationKind.HANDED})
SAME_MOMENT = timedelta(minutes=2)
# Asked by every page: built once.
_UNREAD = (
    select(Notification.person_id, func.count())
    .where(Notification.person_id.in_(bindparam("people", expanding=True)), *is_unread())
    .group_by(Notification.person_id)
)


@dataclass(frozen=True)
class News:
    """A sentence for people, and what it is about."""

    text: str
    kind: NotificationKind = NotificationKind.OTHER
    instance_id: int | None = None
    # Withdrawn when this task is handled.
    work_item_id: int | None = None
    comment_id: int | None = None
    # The page that it leads to, where that is none of its case.
    link: str | None = None
    # Since when it is so, where that is not now.
    since: datetime | None = None


def tell(session: Session, people: Iterable[int], news: News) -> None:
    """Tell people something, in the transaction that is open.

    Who was told just now that the same task is there hears this instead, where it says why.
    """
    tell_each(session, [(person_id, news) for person_id in people])


def tell_each(session: Session, told: Sequence[tuple[int, News]]) -> None:
    """Tell each person something of their own; of a task, whoever stands in for the person hears it too."""
    told = [*told, *_to_substitutes(session, told)]
    known = _asked_before(session, told)
    fresh = []
    for person_id, news in told:
        before = known.get((person_id, news.work_item_id)) if news.kind in {*REPLACING, NotificationKind.TASK} else None
        if before is None:
            fresh.append(_row(person_id, news))
        elif news.kind in REPLACING:
            before.kind, before.text = news.kind, news.text[:LONGEST]
    session.add_all(fresh)
    session.flush()
    sendings.queue(session, fresh)


def _to_substitutes(session: Session, told: Sequence[tuple[int, News]]) -> list[tuple[int, News]]:
    about = {Told(person_id, news.work_item_id): news for person_id, news in told if news.work_item_id is not None}
    return [
        (
            one.person_id,
            replace(news, text=N_("代%(principal)s：%(text)s") % {"principal": one.principal_name, "text": news.text}),
        )
        for one in substitutes(session, about)
        for news in [about.get(Told(one.principal_id, one.work_item_id))]
        if news is not None
    ]


def notifications(
    session: Session,
    actor: Actor,
    cursor: str | None = None,
    limit: int | None = None,
    *,
    kind: NotificationKind | None = None,
    only_unread: bool = False,
) -> Page[Notification]:
    """Return what a person was told, the latest first. Raises Invalid for a wrong cursor."""
    query = select(Notification).where(Notification.person_id == actor.person_id).order_by(Notification.id.desc())
    after = decode(cursor, 1)
    if after is not None:
        query = query.where(Notification.id < after[0])
    if kind is not None:
        query = query.where(Notification.kind == kind)
    if only_unread:
        query = query.where(*is_unread())
    size = limit_of(limit)
    rows = list(session.scalars(query.limit(size + 1)))
    return Page(rows[:size], encode([rows[size - 1].id]) if len(rows) > size else None)


def unread_count(session: Session, actor: Actor) -> int:
    """Count what a person was told and has not read."""
    return unread_counts(session, {actor.person_id}).get(actor.person_id, 0)


def unread_counts(session: Session, people: Iterable[int]) -> dict[int, int]:
    """Count the same for several people in one statement; who has nothing unread is left out."""
    rows: Any = session.execute(_UNREAD, {"people": list(people)})
    return dict(rows.all())


def unread_kinds(session: Session, actor: Actor) -> dict[NotificationKind, int]:
    """Count what a person has not read by its kind."""
    query = select(Notification.kind, func.count()).where(Notification.person_id == actor.person_id, *is_unread())
    return {NotificationKind(kind): count for kind, count in session.execute(query.group_by(Notification.kind))}


def last_unread(session: Session, person_id: int) -> Notification | None:
    """Return what a person was told last and has not read."""
    query = select(Notification).where(Notification.person_id == person_id, *is_unread())
    return session.scalar(query.order_by(Notification.id.desc()).limit(1))


def mark_read(session: Session, actor: Actor, up_to: int) -> None:
    """Mark what a person was told as read, up to and with the one that was shown last."""
    _mark(session, actor, Notification.id <= up_to)


def mark_these(session: Session, actor: Actor, ids: Sequence[int]) -> None:
    """Mark some of what a person was told as read; another's are left alone."""
    _mark(session, actor, Notification.id.in_(ids))


def mark_all(session: Session, actor: Actor) -> None:
    """Mark all that a person was told as read."""
    _mark(session, actor)


def mark_case(session: Session, actor: Actor, instance_id: int) -> None:
    """Mark what a person was told of a case as read: it is open before them."""
    about = Notification.person_id == actor.person_id, Notification.instance_id == instance_id, *is_unread()
    if session.scalar(select(Notification.id).where(*about).limit(1)) is not None:
        _mark(session, actor, Notification.instance_id == instance_id)


def was_asked(session: Session, actor: Actor, item_id: int) -> bool:
    """Tell whether a person was told of a task."""
    query = select(Notification.id).where(
        Notification.work_item_id == item_id, Notification.person_id == actor.person_id
    )
    return session.scalar(query.limit(1)) is not None


def settle(session: Session) -> int:
    """Mark as handled what asks for a task that is not their readers' any more; return how many."""
    with writing(session):
        done = update(Notification).where(*is_outdated()).values(handled_at=clock.now())
        result: Any = session.execute(done.execution_options(synchronize_session=False))
    return int(result.rowcount)


def has_outdated(session: Session) -> bool:
    """Tell whether there is anything to settle."""
    return session.scalar(select(Notification.id).where(*is_outdated()).limit(1)) is not None


def _mark(session: Session, actor: Actor, *which: ColumnElement[bool]) -> None:
    own = Notification.person_id == actor.person_id, Notification.read_at.is_(None)
    with writing(session):
        marked = update(Notification).where(*own, *which).values(read_at=clock.now())
        session.execute(marked.execution_options(synchronize_session=False))


def _row(person_id: int, news: News) -> Notification:
    return Notification(
        person_id=person_id,
        kind=news.kind,
        instance_id=news.instance_id,
        work_item_id=news.work_item_id,
        comment_id=news.comment_id,
        link=news.link,
        text=news.text[:LONGEST],
        created_at=news.since or clock.now(),
    )


def _asked_before(session: Session, told: Sequence[tuple[int, News]]) -> dict[tuple[int, int | None], Notification]:
    """Return the notifications that only say that a task is there, of the same tasks, by person and task."""
    tasks = {news.work_item_id for _person, news in told} - {None}
    if not tasks:
        return {}
    query = select(Notification).where(
        Notification.work_item_id.in_(tasks),
        Notification.kind == NotificationKind.TASK,
        Notification.created_at > clock.now() - SAME_MOMENT,
        *is_unread(),
    )
    return {(one.person_id, one.work_item_id): one for one in session.scalars(query)}
