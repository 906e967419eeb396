"""Files that come with an objection: sealed as they are handed in, and from then on nobody's upload."""

import hashlib
import secrets
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.objections import Objection, ObjectionEvidence
from app.db.work import Attachment
from app.domain.errors import Invalid, NotFound
from app.domain.identity import Actor
from app.domain.objections import MOST_EVIDENCE
from app.domain.text import N_
from app.services.files.attachments import path_of
from app.services.objections.seals import Seal, SealedFile
from app.services.transactions import after_commit

NAME = "evidence-%d"
MEDIA_TYPE = "application/octet-stream"


def uploads(session: Session, actor: Actor, attachment_ids: Sequence[str]) -> list[Attachment]:
    """Return a person's own uploads that are of no case yet, in the order given. Raises Invalid."""
    wanted = list(dict.fromkeys(attachment_ids))
    if len(wanted) > MOST_EVIDENCE:
        raise Invalid.field("attachments", N_("最多 %(most)d 份材料。"), most=MOST_EVIDENCE)
    own = Attachment.uploaded_by_id == actor.person_id, Attachment.instance_id.is_(None)
    query = select(Attachment).where(Attachment.id.in_(wanted), *own).with_for_update()
    found = {one.id: one for one in session.scalars(query)}
    if len(found) < len(wanted):
        raise Invalid.field("attachments", N_("有的材料没有找到，请重新上传。"))
    return [found[one] for one in wanted]


def named(files: Sequence[Attachment]) -> tuple[SealedFile, ...]:
    """Return what is sealed of the names of uploads."""
    return tuple(SealedFile(one.name, one.media_type) for one in files)


def seal_files(session: Session, seal: Seal, folder: Path, objection: Objection, files: Sequence[Attachment]) -> None:
    """Put sealed copies in the place of uploads; the uploads are gone with the commit."""
    for place, upload in enumerate(files):
        sealed = _sealed(seal, folder, upload, place)
        objection.evidence.append(ObjectionEvidence(place=place, attachment=sealed))
        session.delete(upload)
        # What an interruption leaves is a file without a row, which is swept.
        after_commit(session, partial(path_of(folder, upload.id).unlink, missing_ok=True))
    session.flush()


def opened(session: Session, seal: Seal, folder: Path, objection: Objection, place: int) -> tuple[SealedFile, bytes]:
    """Return a file of an objection, for who may read the objection. Raises NotFound."""
    contents = seal.open(objection.sealed)
    # A place beyond the files may be more than the database can hold.
    if contents is None or not 0 <= place < len(contents.files):
        raise NotFound
    query = select(ObjectionEvidence).filter_by(objection_id=objection.id, place=place)
    found = session.scalars(query).one()
    content = seal.open_file(path_of(folder, found.attachment_id).read_bytes())
    if content is None:
        raise NotFound
    return contents.files[place], content


def _sealed(seal: Seal, folder: Path, upload: Attachment, place: int) -> Attachment:
    content = seal.close_file(path_of(folder, upload.id).read_bytes())
    attachment_id = secrets.token_hex(16)
    target = path_of(folder, attachment_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return Attachment(
        id=attachment_id,
        name=NAME % (place + 1),
        media_type=MEDIA_TYPE,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
