"""Imports of sheets: handing a workbook in, what it would change, confirming it; and the templates."""

from io import BytesIO
from typing import Annotated, Any, Literal

from flask import Response, send_file
from flask_openapi3 import FileStorage
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.db.sheet_imports import SheetImport
from app.domain.errors import Forbidden, Invalid
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.domain.text import N_, sentence
from app.services.registers.sheets import imports, keepers
from app.services.registers.sheets.templates import template
from app.services.workbooks import MAX_BYTES
from app.views.api.answering import CREATED, OK, answer, known, page_of
from app.views.api.attachments import sent_file
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant, MaybeId, Paging, Path, Reference
from app.views.database import get_session
from app.views.session import current_actor
from app.views.workbooks import XLSX

family = Family("imports", "导入")
WORKBOOK = {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
FIRST = Paging(limit=None, cursor=None)


class OfKind(BaseModel):
    kind: SheetKind


class Upload(BaseModel):
    model_config = ConfigDict(extra="forbid")
    file: Annotated[FileStorage, BeforeValidator(sent_file)] = Field(description="填好的 .xlsx")
    organization: MaybeId = Field(None, description="学校；只有一所时可以不写")


class Change(Answer):
    """What a row changes."""

    row: int = Field(description="表里的行号")
    sheet: str
    change: Literal["added", "corrected", "unchanged"]
    values: dict[str, str] = Field(description="这一行填的，按列名")
    before: dict[str, str] = Field(description="更正的列原来的内容，按列名")


class Mistake(Answer):
    cell: str = Field(description="单元格，例如 B7；几张表的文件写成 人员!B7")
    text: str


class Import(Answer):
    """An import, how far it is, and what it changes."""

    id: int
    kind: SheetKind
    organization: Reference
    status: ImportStatus = Field(
        description="checking 核对中，ready 等确认，writing 写入中，done 已导入，refused 有错没导入，dropped 已撤回，failed 没办成"
    )
    file: str
    total: int = Field(description="一共几行；核对时读完才知道")
    handled: int = Field(description="办到第几行")
    added: int
    corrected: int
    unchanged: int
    created_by: Reference
    created_at: Instant
    finished_at: Instant | None
    changes: list[Change] = Field(description="会改的在前，一次最多 100 行")
    next: str | None = Field(description="下一页 changes 的 cursor")
    mistakes: list[Mistake]


@family.get("/imports/<kind>/template.xlsx", summary="导入的 Excel 模板", responses={OK: WORKBOOK})
def workbook(path: OfKind) -> Response:
    """Hand out a template."""
    if not keepers.schools_for(get_session(), current_actor()):
        raise Forbidden
    content = BytesIO(template(path.kind))
    return send_file(content, XLSX, as_attachment=True, download_name=f"{path.kind}.xlsx")


@family.post(
    "/imports/<kind>",
    summary="交一张表来核对，什么都不改",
    description="小表当场核对好：没有错是 ready，有错是 422，errors 按单元格。大表先是 checking，请再来看。",
    responses={CREATED: Import},
)
def create(path: OfKind, form: Upload) -> Response:
    """Take a workbook, and show what it would change."""
    content = BytesIO(form.file.read(MAX_BYTES + 1))
    one = imports.hand_in(
        get_session(), current_actor(), form.organization, path.kind, form.file.filename or "", content
    )
    if one.status == ImportStatus.REFUSED:
        words = N_("没有导入：请按单元格改好，再上传一次。")
        raise Invalid({mistake["cell"]: [sentence(mistake["text"])] for mistake in one.mistakes}, words)
    return answer(_import(one, FIRST), CREATED)


@family.get("/imports/<int:id>", summary="一次导入：办到哪里，会改什么，哪些格有错", responses={OK: Import})
def show(path: Path, query: Paging) -> Response:
    """Return an import."""
    return answer(_import(imports.get_import(get_session(), current_actor(), known(path.id)), query))


@family.post("/imports/<int:id>/confirm", summary="确认导入：写入看过的那些", responses={OK: Import})
def confirm(path: Path) -> Response:
    """Have what was shown written."""
    return answer(_import(imports.confirm(get_session(), current_actor(), known(path.id)), FIRST))


@family.post("/imports/<int:id>/drop", summary="不导入了", responses={OK: Import})
def drop(path: Path) -> Response:
    """Give up an import before it is written."""
    session, actor = get_session(), current_actor()
    imports.drop(session, actor, known(path.id))
    return answer(_import(imports.get_import(session, actor, path.id), FIRST))


def _import(one: SheetImport, query: Paging) -> Import:
    told: list[Any] = one.changes
    page = page_of(told, query)
    return Import(
        id=one.id,
        kind=SheetKind(one.kind),
        organization=Reference(id=one.organization_id, name=one.organization.name),
        status=ImportStatus(one.status),
        file=one.file_name,
        total=one.total,
        handled=one.handled,
        added=one.added,
        corrected=one.corrected,
        unchanged=one.unchanged,
        created_by=Reference(id=one.created_by_id, name=one.created_by.name),
        created_at=one.created_at,
        finished_at=one.finished_at,
        changes=[Change(**change) for change in page.items],
        next=page.next,
        mistakes=[Mistake(**mistake) for mistake in one.mistakes],
    )
