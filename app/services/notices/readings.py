"""Notices as people read them: the list, and one with its names and its proof."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.db.notices import Notice, NoticeProof
from app.domain.identity import Actor
from app.domain.notices import NoticeStatus
from app.services.notices.scope import notice_for, visible_notices
from app.services.pages import Page, decode, encode, limit_of

PAGE = 20


def notices(
    session: Session,
    actor: Actor,
    *,
    organization_id: int | None = None,
    status: str | None = None,
    subject: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Notice]:
    """Return the notices that a person may read, the latest first. Raises Invalid."""
    query = _whole(select(Notice)).where(visible_notices(session, actor))
    wanted = {"organization_id": organization_id, "status": status, "subject": subject}
    query = query.filter_by(**{name: value for name, value in wanted.items() if value is not None})
    after, size = decode(cursor, 1), limit_of(limit, PAGE)
    if after is not None:
        query = query.where(Notice.id < after[0])
    found = list(session.scalars(query.order_by(Notice.id.desc()).limit(size + 1)))
    return Page(found[:size], encode([found[size - 1].id]) if len(found) > size else None)


def notice(session: Session, actor: Actor, notice_id: int) -> Notice:
    """Return a notice that the person may read, with all that stands on it. Raises NotFound."""
    notice_for(session, actor, notice_id)
    query = _whole(select(Notice)).options(
        joinedload(Notice.prepared_by),
        joinedload(Notice.released_by),
        selectinload(Notice.proofs).joinedload(NoticeProof.taken_by),
    )
    found: Notice = session.scalars(query.where(Notice.id == notice_id).execution_options(populate_existing=True)).one()
    return found


def is_running(notice: Notice) -> bool:
    """Tell whether a notice is up."""
    return notice.status == NoticeStatus.POSTED


def _whole(query: Select[Any]) -> Select[Any]:
    return query.options(joinedload(Notice.organization), joinedload(Notice.instance), selectinload(Notice.names))
