"""A person's ranks over the years, and their certificates."""

from datetime import date
from typing import Annotated

from flask import Response
from pydantic import Field

from app.db.registers import DossierEntry
from app.domain.dossiers import Rank
from app.domain.rank_columns import MOST, SOURCES, OwnColumn
from app.services.ranks import histories
from app.services.ranks.columns import Held, columns_at, set_columns
from app.services.ranks.histories import History, history_of
from app.views import papers, workbooks
from app.views.api.answering import OK, PAPER, answer, known
from app.views.api.entry_rows import Verified, verified_of
from app.views.api.exports import WORKBOOK
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Path, Reference, Revision
from app.views.api.items import reference
from app.views.api.register_rows import named
from app.views.database import get_session
from app.views.session import current_actor

family = Family("ranks", "职级")


class HeldRank(Answer):
    id: int
    rank: str
    from_on: date = Field(serialization_alias="from")
    issuer: str = Field(description="备案单位")
    number: str = Field(description="备案号")
    instance: int | None = Field(description="它的申报、补报、更正，或者教育局的备案：看的人看得到的那件事")
    is_current: bool
    is_live: bool = Field(description="没有被更正，也没有划销")
    has_certificate: bool
    corrects: int | None = Field(description="更正了哪一条")
    verified: Verified


class OwnColumnTold(Answer):
    head: str = Field(description="列名")
    column: str = Field(description="放什么", json_schema_extra={"enum": list(SOURCES)})


class OwnColumns(Answer):
    bureau: Reference | None = Field(description="是哪个教育局定的；空是平台的列")
    revision: int
    columns: list[OwnColumnTold] = Field(description="从左到右；空是平台的列")
    words: dict[str, str] = Field(description="各档在本单位的说法；没有写的和平台一样")


class OwnColumnSet(Body):
    head: str
    column: str


class OwnColumnsSet(Body):
    columns: Annotated[list[OwnColumnSet], Field(max_length=MOST)]
    words: Annotated[dict[str, str], Field(default_factory=dict, max_length=len(Rank))]
    revision: Revision = Field(description="看到的；还没有定过的是 0")


class RankHistory(Answer):
    person: Reference
    ranks: list[HeldRank] = Field(description="后生效的在前，更正了的、划销了的也在")
    ask: list[str] = Field(description="有错告诉谁：所在学校的政教处。备案过的只有更正备案能改")


@family.get("/people/<int:id>/ranks", summary="一个人的历次职级；看别人的会记下", responses={OK: RankHistory})
def index(path: Path) -> Response:
    """Return a person's ranks."""
    found = history_of(get_session(), current_actor(), known(path.id))
    ranks = [_rank(entry, found) for entry in found.entries]
    return answer(RankHistory(person=named(found.person), ranks=ranks, ask=list(found.menders)))


@family.get(
    "/registers/ranks/<int:id>/certificate.pdf",
    summary="职级证书，有核验码；没有备案、没有生效、已经更正的是 409",
    responses={OK: PAPER},
)
def certificate(path: Path) -> Response:
    """Answer the certificate of a rank; the look is noted."""
    return papers.rank_certificate_of(get_session(), current_actor(), known(path.id))


def _rank(entry: DossierEntry, found: History) -> HeldRank:
    return HeldRank(
        id=entry.id,
        rank=str(entry.category),
        from_on=entry.from_on,
        issuer=entry.issuer,
        number=entry.number,
        instance=found.cases.get(entry.id),
        is_current=entry is found.current,
        is_live=histories.is_live(entry),
        has_certificate=histories.is_certified(entry),
        corrects=entry.corrects_id,
        verified=verified_of(entry),
    )


@family.get(
    "/organizations/<int:id>/rank-columns", summary="职级表用的列：最近的教育局定的", responses={OK: OwnColumns}
)
def columns(path: Path) -> Response:
    """Return the columns that hold for an organisation."""
    return _columns(columns_at(get_session(), current_actor(), known(path.id)))


@family.put(
    "/organizations/<int:id>/rank-columns",
    summary="教育局定自己职级表的列，系统管理员；列空就用上一级的",
    responses={OK: OwnColumns},
)
def change_columns(path: Path, body: OwnColumnsSet) -> Response:
    """Set a bureau's own columns."""
    wanted = [OwnColumn(one.head, one.column) for one in body.columns]
    held = Held(wanted, body.words, revision=body.revision)
    return _columns(set_columns(get_session(), current_actor(), known(path.id), held))


@family.get(
    "/organizations/<int:id>/rank-columns/template.xlsx",
    summary="空的职级表，照这个单位用的列和说法，填好可以导入",
    responses={OK: WORKBOOK},
)
def template(path: Path) -> Response:
    """Hand out an empty workbook in the columns that hold for an organisation."""
    return workbooks.rank_template(columns_at(get_session(), current_actor(), known(path.id)))


def _columns(held: Held) -> Response:
    told = [OwnColumnTold(head=one.head, column=one.column) for one in held.columns]
    bureau = reference(held.bureau) if held.bureau else None
    return answer(OwnColumns(bureau=bureau, revision=held.revision, columns=told, words=dict(held.words)))
