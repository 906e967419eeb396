"""Attachments: typed by their content, hashed, stored outside the web root, tied to one case."""

import hashlib
import secrets
from pathlib import Path
from typing import BinaryIO

import filetype
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.db.notices import Notice, NoticeProof
from app.db.processes import ProcessInstance
from app.db.registers import DossierEntry, EntryEvidence
from app.db.work import Attachment
from app.domain.dossiers import Look
from app.domain.errors import Invalid, NotFound, TooLarge
from app.domain.identity import Actor
from app.domain.pictures import without_traces
from app.domain.text import N_
from app.services import visibility
from app.services.dossiers import looks, scope
from app.services.notices.scope import visible_notices
from app.services.transactions import writing

MAX_BYTES = 20 * 1024 * 1024
CHUNK = 64 * 1024
LONGEST_NAME = 200
# Office files are ZIP containers; filetype tells them apart by their first entries.
ALLOWED = {
    "application/pdf": "PDF",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIC",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}
# What a browser may show in place: it runs no script of the file.
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
SHOWN_IN_PLACE = PICTURES | {"application/pdf"}


def store(session: Session, folder: Path, actor: Actor, name: str, stream: BinaryIO) -> Attachment:
    """Keep an uploaded file for its owner until a submission ties it to a case.

    Raises TooLarge above 20 MiB, Invalid for an empty file or a type that is not allowed; OSError where the disk
    is full. Whatever is raised, no part of the file stays.
    """
    attachment_id = secrets.token_hex(16)
    target = path_of(folder, attachment_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, sha256 = _write(stream, target)
        media_type = _media_type(target, size)
        if media_type in PICTURES:
            size, sha256 = _write_anew(target, size, sha256)
        with writing(session):
            attachment = Attachment(
                id=attachment_id,
                uploaded_by_id=actor.person_id,
                name=_clean_name(name),
                media_type=media_type,
                size=size,
                sha256=sha256,
            )
            session.add(attachment)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return attachment


def readable(session: Session, actor: Actor, attachment_id: str) -> Attachment:
    """Return a file that the person may read: an own one, one of a case, an entry or a notice in sight. Raises NotFound."""
    is_own = and_(Attachment.uploaded_by_id == actor.person_id, Attachment.instance_id.is_(None))
    of_case = select(ProcessInstance.id).where(
        ProcessInstance.id == Attachment.instance_id, visibility.may_see(session, actor)
    )
    of_entry = (
        select(EntryEvidence.entry_id)
        .join(DossierEntry, DossierEntry.id == EntryEvidence.entry_id)
        .where(EntryEvidence.attachment_id == Attachment.id, scope.visible_entries(session, actor))
    )
    of_notice = (
        select(NoticeProof.id)
        .join(Notice, Notice.id == NoticeProof.notice_id)
        .where(NoticeProof.attachment_id == Attachment.id, visible_notices(session, actor))
    )
    in_sight = or_(is_own, of_case.exists(), of_entry.exists(), of_notice.exists())
    query = select(Attachment).where(Attachment.id == attachment_id, in_sight)
    attachment = session.scalar(query)
    if attachment is None:
        raise NotFound
    return attachment


def opened(session: Session, actor: Actor, attachment_id: str) -> Attachment:
    """Return a file to be read; a look at what proves another's entry is noted. Raises NotFound."""
    attachment = readable(session, actor, attachment_id)
    proven = select(DossierEntry.person_id).join(EntryEvidence, EntryEvidence.entry_id == DossierEntry.id)
    looks.note_many(
        session,
        actor,
        set(session.scalars(proven.where(EntryEvidence.attachment_id == attachment.id))),
        Look.EVIDENCE,
    )
    return attachment


def path_of(folder: Path, attachment_id: str) -> Path:
    """Return where a file lies; two levels keep folders small."""
    return folder / attachment_id[:2] / attachment_id


def _write(stream: BinaryIO, target: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with target.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                break
            digest.update(chunk)
            file.write(chunk)
    if size > MAX_BYTES:
        raise TooLarge(N_("文件太大：最多 %(most)d MB，请压缩后再传。"), most=MAX_BYTES // 2**20)
    return size, digest.hexdigest()


def _write_anew(target: Path, size: int, sha256: str) -> tuple[int, str]:
    """Keep a picture without what it tells of place, time and device: it may be shown to many."""
    content = target.read_bytes()
    kept = without_traces(content)
    if kept == content:
        return size, sha256
    target.write_bytes(kept)
    return len(kept), hashlib.sha256(kept).hexdigest()


def _media_type(target: Path, size: int) -> str:
    if size == 0:
        raise Invalid.field("file", N_("这个文件是空的，请重新选择。"))
    found = filetype.guess_mime(str(target))
    if found not in ALLOWED:
        kinds = "、".join(ALLOWED.values())
        raise Invalid.field("file", N_("不收这种文件。可以传的有：%(kinds)s。"), kinds=kinds)
    return str(found)


def _clean_name(name: str) -> str:
    """Return a file name without folders and control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable()).strip()
    return kept[-LONGEST_NAME:] or N_("未命名文件")
