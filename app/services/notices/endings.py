"""The end of a notice: when every name has stood long enough and no objection to it is open, or when none is left."""

from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.notices import NoticeStatus, Standing, is_over
from app.domain.serial import verification_code
from app.domain.text import N_
from app.services.notices import names
from app.services.notices.drafts import is_changing
from app.services.notices.holding import has_open_objections


def standing_of(session: Session, notice: Notice) -> Standing:
    """Tell how a posted notice stands: up, changing, over, or emptied."""
    rest = names.standing(notice)
    if not rest:
        return Standing.EMPTIED
    if is_changing(notice):
        return Standing.CHANGING
    is_late = all(is_over(name.until_on, clock.now()) for name in rest)
    return Standing.OVER if is_late and not has_open_objections(session, notice.id) else Standing.UP


def end(session: Session, notice: Notice) -> None:
    """End a posted notice in the open transaction. Raises Conflict while it has to stand."""
    found = standing_of(session, notice)
    if notice.status != NoticeStatus.POSTED or found in {Standing.UP, Standing.CHANGING}:
        raise Conflict(N_("公示还没有期满，不能结束。"))
    notice.status = NoticeStatus.EMPTIED if found == Standing.EMPTIED else NoticeStatus.ENDED
    notice.ended_at = clock.now()
    notice.revision += 1
    if notice.status == NoticeStatus.ENDED:
        notice.code = verification_code()
    session.flush()


def take_down(session: Session, instance_id: int) -> None:
    """Take down what a case has up or in preparation, in the open transaction: it is withdrawn, or begins anew."""
    for notice in names.of_instance(session, instance_id):
        notice.status, notice.ended_at = NoticeStatus.TAKEN_DOWN, clock.now()
        notice.revision += 1
    session.flush()
