"""Moving the clock of a notice of the demo to its end; on no other database."""

from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.domain import clock
from app.domain.errors import Conflict, Forbidden
from app.domain.identity import Actor
from app.domain.notices import NoticeStatus, ends_at
from app.domain.text import N_
from app.services import settings
from app.services.notices import names, readings
from app.services.timing import ticks, wakes


def to_end_of(session: Session, actor: Actor, notice_id: int) -> Notice:
    """Do what is due at the end of a notice's last day, and return the notice as it then is.

    Raises NotFound, Forbidden on a database that is no demo, and Conflict where the notice is not up.
    """
    notice = readings.notice(session, actor, notice_id)
    if not settings.is_demo(session):
        raise Forbidden(N_("只有演示库能快进，别的库里时间照实走。"))
    last = names.last_day(notice)
    if notice.status != NoticeStatus.POSTED or last is None:
        raise Conflict(N_("这份公示没有在公示，不用快进。"))
    with clock.frozen(max(ends_at(last), clock.now())):
        wakes.wake(session, notice.instance_id)
    # What follows happens today: an answer asked for now must not be late by the time that was skipped.
    ticks.catch_up(session)
    return readings.notice(session, actor, notice_id)
