"""The files behind the attachments: what is missing, and what nobody needs any more."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, String, cast, delete, exists, select
from sqlalchemy.orm import Session

from app.db.base import Base
from app.db.work import Attachment, Draft
from app.domain import clock
from app.domain.text import N_, Sentence, sentence
from app.services import settings
from app.services.files.attachments import path_of
from app.services.transactions import writing

logger = logging.getLogger(__name__)
SWEPT_ON = "swept_on"
# Long enough for whatever is being uploaded or typed to be handed in or kept as a draft.
KEPT = timedelta(days=1)
BATCH = 500


def missing(session: Session, folder: Path) -> list[Sentence]:
    """Return a finding for each attachment whose file is not there, or is not whole."""
    rows = session.execute(select(Attachment.id, Attachment.name, Attachment.size).order_by(Attachment.created_at))
    return [
        sentence(N_("附件“%(name)s”（%(id)s）的文件不在，或者不完整。"), name=name, id=attachment_id)
        for attachment_id, name, size in rows
        if not _is_whole(path_of(folder, attachment_id), size)
    ]


def sweep(session: Session, folder: Path) -> int:
    """Once a day, remove uploads that were never handed in and files that no row names; return how many.

    A file is removed after its row, so that whatever interrupts leaves a file without a row: the next sweep's.
    """
    today = clock.today().isoformat()
    if settings.read(session, SWEPT_ON) == today:
        return 0
    before = clock.now() - KEPT
    removed = _remove_unused(session, folder, before) + _remove_nameless(session, folder, before)
    with writing(session):
        settings.write(session, SWEPT_ON, today)
    return removed


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _remove_unused(session: Session, folder: Path, before: datetime) -> int:
    removed = 0
    while found := _delete_rows(session, before):
        for attachment_id in found:
            path_of(folder, attachment_id).unlink(missing_ok=True)
        removed += len(found)
    return removed


def _delete_rows(session: Session, before: datetime) -> list[str]:
    """Delete rows of uploads that no case, no other row and no draft names; who hands one in holds its lock."""
    unused = (
        select(Attachment.id)
        .where(
            Attachment.instance_id.is_(None),
            Attachment.created_at < before,
            *(~exists().where(column == Attachment.id) for column in _named_by()),
            ~exists().where(
                Draft.person_id == Attachment.uploaded_by_id,
                cast(Draft.values, String).contains(Attachment.id),
            ),
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Attachment)
    )
    with writing(session):
        found = list(session.scalars(unused))
        session.execute(delete(Attachment).where(Attachment.id.in_(found)))
    return found


def _named_by() -> list[Column[Any]]:
    """Return the columns of all tables that name an attachment, those of tomorrow's tables too."""
    keys = (key for table in Base.metadata.tables.values() for key in table.foreign_keys)
    return [key.parent for key in keys if key.column is Attachment.__table__.c.id]


def _remove_nameless(session: Session, folder: Path, before: datetime) -> int:
    old = {path.name: path for path in folder.glob("??/*") if _changed_at(path) < before}
    names = sorted(old)
    removed = 0
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        named = set(session.scalars(select(Attachment.id).where(Attachment.id.in_(some))))
        for name in set(some) - named:
            old[name].unlink(missing_ok=True)
            removed += 1
    if removed:
        logger.warning("%d files without a row were removed", removed)
    return removed


def _changed_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # another sweep was quicker
        return clock.now()
