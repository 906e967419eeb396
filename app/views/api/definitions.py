"""Versions of processes: handed over, submitted, published by a second person, retired, taken home as a zip."""

from typing import Annotated

from flask import Response, request
from flask_openapi3 import FileStorage
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.db.processes import ProcessVersion
from app.domain.errors import TooLarge
from app.domain.text import N_
from app.engine.handover.uploads import MAX_UPLOAD
from app.services.filling.submissions import LONGEST_COMMENT
from app.services.publishing import publications
from app.views.api.answering import CREATED, OK, answer, listed, page_of
from app.views.api.attachments import sent_file
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Id, Instant, Number, Paging, Reference
from app.views.api.items import reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("definitions", "流程版本")
# The parts around the file are small.
LARGEST_REQUEST = MAX_UPLOAD + 2**16
ZIP = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}


class Upload(BaseModel):
    model_config = ConfigDict(extra="forbid")
    file: Annotated[FileStorage, BeforeValidator(sent_file)]
    organization: Annotated[Id, Field(description="在哪个单位使用")]


class Path(BaseModel):
    key: str
    number: Annotated[Number, Field(description="版本号")]


class Return(Body):
    reason: Annotated[str, Field(max_length=LONGEST_COMMENT, description="为什么退回，要怎样改")]


class Wanted(Paging):
    organization: Id


class Version(Answer):
    """A version of a process."""

    key: str
    version: int
    title: str
    organization: Reference
    status: str = Field(description="draft 草稿，submitted 等人批准，published 已发布，retired 已停用")
    content_hash: str
    drafted_at: Instant
    submitted_at: Instant | None
    returned_at: Instant | None
    return_reason: str | None = Field(description="退回的理由，再提交以后没有")
    published_at: Instant | None
    retired_at: Instant | None


class Versions(Answer):
    items: list[Version]
    next: str | None


@family.before_request
def _limit_upload() -> None:
    request.max_content_length = LARGEST_REQUEST
    if (request.content_length or 0) > LARGEST_REQUEST:
        raise TooLarge(N_("流程文件最多 %(most)d MB，请删去用不着的内容再交。"), most=MAX_UPLOAD // 1_000_000)


@family.get("/definitions", summary="本单位的流程版本，新的在前", responses={OK: Versions})
def index(query: Wanted) -> Response:
    """Return the versions of an organisation."""
    found = page_of(publications.versions_of(get_session(), current_actor(), query.organization), query)
    return listed(map(_version, found.items), found.next)


@family.post(
    "/definitions",
    summary="交一份流程：改过的流程图 .bpmn，或者整个流程打成的 .zip",
    responses={CREATED: Version},
)
def create(form: Upload) -> Response:
    """Keep a file that passed every check as a draft."""
    file = form.file
    kept = publications.draft(get_session(), current_actor(), form.organization, file.filename or "", file.read())
    return answer(_version(kept), CREATED)


@family.post("/definitions/<key>/versions/<int:number>/submit", summary="提交草稿，请人批准", responses={OK: Version})
def submit(path: Path) -> Response:
    """Submit a draft."""
    return answer(_version(publications.submit(get_session(), current_actor(), path.key, path.number)))


@family.post(
    "/definitions/<key>/versions/<int:number>/return", summary="把提交的版本退回，又成草稿", responses={OK: Version}
)
def send_back(path: Path, body: Return) -> Response:
    """Send a submitted version back to its drafter."""
    kept = publications.send_back(get_session(), current_actor(), path.key, path.number, body.reason)
    return answer(_version(kept))


@family.post("/definitions/<key>/versions/<int:number>/approve", summary="批准并发布", responses={OK: Version})
def approve(path: Path) -> Response:
    """Publish a submitted version."""
    return answer(_version(publications.approve(get_session(), current_actor(), path.key, path.number)))


@family.post(
    "/definitions/<key>/versions/<int:number>/retire", summary="停用，办理中的照旧办完", responses={OK: Version}
)
def retire(path: Path) -> Response:
    """Retire a published version."""
    return answer(_version(publications.retire(get_session(), current_actor(), path.key, path.number)))


@family.get("/definitions/<key>/versions/<int:number>/package", summary="下载整个流程", responses={OK: ZIP})
def package(path: Path) -> Response:
    """Send a version as a zip."""
    content = publications.package_archive(get_session(), current_actor(), path.key, path.number)
    name = f"{path.key}-{path.number}.zip"
    return Response(
        content, mimetype="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _version(one: ProcessVersion) -> Version:
    return Version(
        key=one.definition.key,
        version=one.number,
        title=one.title,
        organization=reference(publications.organization_of(one)),
        status=one.status,
        content_hash=one.content_hash,
        drafted_at=one.drafted_at,
        submitted_at=one.submitted_at,
        returned_at=one.returned_at,
        return_reason=one.return_reason,
        published_at=one.published_at,
        retired_at=one.retired_at,
    )
