"""Who wrote some of a notice: none of them releases it, whoever handed it in."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.domain.notices import NoticeStatus

PREPARING = ("prepare_notice", "prepare_bureau_notice")
# Who changed the text of the draft, beside it, until it is posted.
WRITERS = "writers"


def writers(notice: Notice) -> frozenset[int]:
    """Return who changed the text of what is prepared."""
    return frozenset(notice.draft.get(WRITERS, ()))


def of_case(session: Session, instance_id: int, apart_from: Collection[str]) -> frozenset[int]:
    """Return who wrote what a case prepares, for a task that is done by somebody else than who prepares it."""
    if not set(apart_from) & set(PREPARING):
        return frozenset()
    is_in_hand = Notice.status.in_((NoticeStatus.DRAFTED, NoticeStatus.POSTED))
    found = session.scalars(select(Notice).where(Notice.instance_id == instance_id, is_in_hand))
    return frozenset().union(*map(writers, found))
