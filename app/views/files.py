"""Attachments as pages name them: label, size, address."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.work import Attachment
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.services.files import attachments

KIB = 1024
PDF = "application/pdf"
# A document in a tab of its own loads nothing and runs nothing. Chromium shows no PDF in a sandbox.
VIEWED_ALONE = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
SANDBOX = f"{VIEWED_ALONE}; sandbox"


@dataclass(frozen=True)
class FileLink:
    """A file in a list: where it opens, what it is, how big."""

    id: str
    name: str
    href: str
    label: str
    size: str
    is_picture: bool


def file_links(session: Session, actor: Actor, ids: list[str]) -> dict[str, FileLink]:
    """Return the files that the person may read, by id."""
    found: dict[str, FileLink] = {}
    for one in dict.fromkeys(ids):
        try:
            found[one] = link(attachments.readable(session, actor, one))
        except NotFound:
            continue
    return found


def size_words(size: int) -> str:
    """Write a size in bytes as in 214 KB or 3.2 MB."""
    return f"{size / KIB / KIB:.1f} MB" if size >= KIB * KIB else f"{max(1, round(size / KIB))} KB"


def link(one: Attachment) -> FileLink:
    """Return how a file that somebody may read is named in a list."""
    is_picture = one.media_type in attachments.SHOWN_IN_PLACE and one.media_type.startswith("image/")
    label = _("拍照") if one.media_type.startswith("image/") else attachments.ALLOWED.get(one.media_type, "")
    return FileLink(
        id=one.id,
        name=one.name,
        href=url_for("attachments.show", attachment_id=one.id),
        label=label,
        size=size_words(one.size),
        is_picture=is_picture,
    )
