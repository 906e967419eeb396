"""The names on a notice: whose still stand, and how one leaves it while it is up."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.notices import Notice, NoticeName
from app.domain import clock
from app.domain.notices import Content, Line, NoticeStatus, is_over
from app.domain.platform_messages import PlatformMessage
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services.messaging import messages
from app.services.notices.scope import locked

REVIEWED = PlatformMessage.NOTICE_REVIEWED
LIFE = Period(0, 1)


def standing(notice: Notice) -> list[NoticeName]:
    """Return the names that still stand, in their order."""
    return [name for name in notice.names if name.left_at is None]


def posted_content(notice: Notice) -> Content:
    """Return what is posted: without those who left."""
    lines = tuple(Line(one.person_id, one.name, one.line) for one in standing(notice))
    return Content(notice.title, notice.intro, notice.signed_by, lines)


def is_open_to_objections(name: NoticeName) -> bool:
    """Tell whether an objection to a name would be in time now."""
    is_up = name.notice.status == NoticeStatus.POSTED and name.left_at is None
    return is_up and not is_over(name.until_on, clock.now())


def leave(session: Session, notice_id: int, people: Collection[int]) -> list[int]:
    """Take people off a posted notice within the open transaction, and have its case look at it again.

    Return who left by it. A name that was taken off is not shown any more, and nothing says why.
    """
    notice = locked(session, notice_id)
    if notice.status != NoticeStatus.POSTED:
        return []
    gone = [name for name in standing(notice) if name.person_id in people]
    for name in gone:
        name.left_at = clock.now()
    if gone:
        notice.content_hash = posted_content(notice).content_hash
        notice.revision += 1
        session.flush()
        look_again(session, notice)
    return [name.person_id for name in gone]


def look_again(session: Session, notice: Notice) -> None:
    """Have the case of a notice see what to do about it: a name left, a change is asked for, nothing holds it up now.

    The message goes out with the open transaction, and does not tell who sent it.
    """
    messages.send(session, notice.organization_id, Sent("", REVIEWED, str(notice.id), "own", LIFE, {}))


def of_instance(session: Session, instance_id: int) -> Sequence[Notice]:
    """Return the notices of a case that are being prepared or are up, locked, the oldest first."""
    query = select(Notice.id).where(
        Notice.instance_id == instance_id, Notice.status.in_((NoticeStatus.DRAFTED, NoticeStatus.POSTED))
    )
    return [locked(session, one) for one in session.scalars(query.order_by(Notice.id))]


def last_day(notice: Notice) -> date | None:
    """Return the day at whose end the last name has stood long enough."""
    return max((name.until_on for name in standing(notice)), default=None)


def next_look(notice: Notice) -> date:
    """Return the day at whose end to look at a notice again: the last of its names, or the first that is not over."""
    today, now = clock.today(), clock.now()
    ahead = today + timedelta(days=1) if is_over(today, now) else today
    return max(last_day(notice) or ahead, ahead)
