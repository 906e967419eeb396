"""Attachments: uploading before a form is handed in, and reading."""

from typing import Annotated, BinaryIO, cast

from flask import Response, current_app, send_file
from flask_openapi3 import FileStorage
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from werkzeug.datastructures import FileStorage as Sent

from app.config import Settings
from app.db.work import Attachment
from app.services.files.attachments import opened, path_of, store
from app.views.api.answering import CREATED, OK, answer
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant
from app.views.database import get_session
from app.views.session import current_actor

family = Family("attachments", "附件")
FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


def sent_file(file: object) -> object:
    """Return a file of a form; raises ValueError for a text in its place."""
    if not isinstance(file, Sent):
        raise ValueError("a text in place of a file")  # noqa: TRY004 - what the model turns into a 422
    return file


class Upload(BaseModel):
    model_config = ConfigDict(extra="forbid")
    file: Annotated[FileStorage, BeforeValidator(sent_file)]


class Stored(Answer):
    id: str = Field(description="填进表单里的值")
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: Instant


class Path(BaseModel):
    id: str


@family.post("/attachments", summary="上传一个文件，再把它的 id 填进表单", responses={CREATED: Stored})
def create(form: Upload) -> Response:
    """Keep a file for its owner until a form names it."""
    name, stream = form.file.filename or "", cast("BinaryIO", form.file.stream)
    return answer(_stored(store(get_session(), _settings().attachments_dir, current_actor(), name, stream)), CREATED)


@family.get("/attachments/<id>", summary="下载附件", responses={OK: FILE})
def show(path: Path) -> Response:
    """Send a file."""
    found = opened(get_session(), current_actor(), path.id)
    where = path_of(_settings().attachments_dir, found.id)
    return send_file(where, mimetype=found.media_type, as_attachment=True, download_name=found.name, etag=found.sha256)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["shenpi_settings"]
    return settings


def _stored(one: Attachment) -> Stored:
    return Stored(
        id=one.id,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        created_at=one.created_at,
    )
