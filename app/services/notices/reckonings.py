"""The provisional last days of names on notices, reckoned again once the holidays of a year are announced."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.notices import Notice, NoticeName
from app.domain.calendar import Calendar
from app.domain.notices import NoticeStatus, period
from app.services.notices.names import look_again


def reckon_again(session: Session, calendar: Calendar) -> int:
    """Reckon the names that stand until a provisional day by another calendar; return how many days changed.

    The case of each notice looks again: a period may have become shorter, too.
    """
    query = select(NoticeName).join(Notice).options(joinedload(NoticeName.notice))
    is_open = NoticeName.is_provisional, NoticeName.left_at.is_(None), Notice.status == NoticeStatus.POSTED
    changed: dict[int, Notice] = {}
    number = 0
    for name in session.scalars(query.where(*is_open).order_by(NoticeName.id)):
        found = period(name.from_on, name.notice.working_days, calendar)
        number += name.until_on != found.until_on
        if name.until_on != found.until_on:
            changed[name.notice_id] = name.notice
        name.until_on, name.is_provisional = found.until_on, found.is_provisional
    session.flush()
    for notice in changed.values():
        look_again(session, notice)
    return number
