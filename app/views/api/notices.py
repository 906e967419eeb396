"""Public notices: reading them, writing a draft, asking for a change, proving that one hangs, and their papers."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from flask import Response
from pydantic import Field

from app.db.notices import Notice, NoticeName, NoticeProof
from app.db.people import Person
from app.domain.canonical import fingerprint
from app.domain.notices import WORKING_DAYS, NoticeScope, NoticeStatus
from app.services.notices import changes, drafts, names, proofs, readings
from app.services.notices.drafts import Typed
from app.views import papers
from app.views.api.answering import CREATED, OK, PAPER, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import (
    IF_GIVEN,
    Answer,
    Body,
    Id,
    Instant,
    MaybeId,
    MaybeText,
    Paging,
    Path,
    Reference,
    Revision,
)
from app.views.database import get_session
from app.views.presenters.clauses import clause_words
from app.views.session import current_actor

family = Family("notices", "公示")
NO_PERIOD: Mapping[str, Any] = {"from": None, "until": None}


class NoticeFilter(Paging):
    organization: MaybeId = Field(None, description="哪个单位的")
    status: Annotated[NoticeStatus | None, IF_GIVEN] = Field(
        None, description="drafted 拟稿，posted 公示中，ended 已结束，emptied 名单空了，taken_down 已撤下"
    )
    subject: MaybeText = Field(None, description="公示的是什么：例如批次的编号")


class NameRow(Answer):
    person: Reference
    line: str = Field(description="拟聘什么、为什么")
    from_on: date | None = Field(alias="from", description="张贴那天，不计；还没张贴的为空")
    until_on: date | None = Field(alias="until", description="最后一天")
    is_provisional: bool = Field(description="放假安排还没公布，最后一天是暂定的")


class NoticeRow(Answer):
    id: int
    title: str
    organization: Reference
    scope: str = Field(description="school 全校，district 全区，city 全市")
    subject: str
    instance: int
    status: str
    working_days: int
    from_on: date | None = Field(alias="from")
    until_on: date | None = Field(alias="until", description="名单上最后一个人期满的那天；有异议没有办结时不结束")
    posted_at: Instant | None
    ended_at: Instant | None
    revision: int


class Proof(Answer):
    attachment: str
    board: str = Field(description="贴在哪里")
    content_hash: str = Field(description="当时公示的内容指纹")
    taken_by: Reference
    taken_at: Instant


class Clause(Answer):
    document: str | None
    words: str
    is_quote: bool


class NoticeDetail(NoticeRow):
    intro: str
    signed_by: str = Field(description="落款")
    names: list[NameRow]
    content_hash: str = Field(description="公示内容的指纹；还没张贴的为空")
    fingerprint: str
    prepared_by: Reference | None
    released_by: Reference | None
    proofs: list[Proof]
    clause: Clause | None = Field(description="公示几天，出自哪一条")
    is_changing: bool = Field(description="正在改稿，照原样公示")
    code: str | None = Field(description="公示证明的核验码")


class Written(Body):
    person: Id
    line: Annotated[str, Field(max_length=5000)]


class Draft(Body):
    title: Annotated[str, Field(max_length=5000)]
    intro: Annotated[str, Field(max_length=10_000)]
    signed_by: Annotated[str, Field(max_length=5000)]
    names: Annotated[list[Written], Field(max_length=1000)] = Field([], description="只写要改的人")
    revision: Revision


class Change(Body):
    reason: Annotated[str, Field(max_length=5000)]
    revision: Revision


class NewProof(Body):
    attachment: Annotated[str, Field(max_length=64)] = Field(description="先传到 /attachments 的照片")
    board: Annotated[str, Field(max_length=1000)] = Field(description="贴在哪里，例如“校门公示栏”")


class Notices(Answer):
    items: list[NoticeRow]
    next: str | None


@family.get("/notices", summary="看得到的公示，新的在前", responses={OK: Notices})
def index(query: NoticeFilter) -> Response:
    """List notices."""
    found = readings.notices(
        get_session(),
        current_actor(),
        organization_id=query.organization,
        status=query.status,
        subject=query.subject,
        cursor=query.cursor,
        limit=query.limit,
    )
    return listed([NoticeRow(**_row(one)) for one in found.items], found.next)


@family.get("/notices/<int:id>", summary="一份公示：名单、各人公示到哪天、张贴证明", responses={OK: NoticeDetail})
def show(path: Path) -> Response:
    """Return a notice."""
    return answer(_detail(known(path.id)))


@family.put("/notices/<int:id>", summary="改公示稿：拟稿的待办在谁手里谁改", responses={OK: NoticeDetail})
def rewrite(path: Path, body: Draft) -> Response:
    """Change a draft."""
    lines = {one.person: one.line for one in body.names}
    typed = Typed(body.title, body.intro, body.signed_by, lines)
    drafts.rewrite(get_session(), current_actor(), known(path.id), typed, body.revision)
    return answer(_detail(path.id))


@family.post("/notices/<int:id>/change", summary="公示当中要改：退回拟稿，照旧公示", responses={OK: NoticeDetail})
def change(path: Path, body: Change) -> Response:
    """Ask for a change of a posted notice."""
    changes.ask_for_change(get_session(), current_actor(), known(path.id), body.reason, body.revision)
    return answer(_detail(path.id))


@family.post("/notices/<int:id>/proofs", summary="交张贴证明：公示栏的照片", responses={CREATED: NoticeDetail})
def prove(path: Path, body: NewProof) -> Response:
    """Keep a photograph of the board."""
    proofs.add_proof(get_session(), current_actor(), known(path.id), body.attachment, body.board)
    return answer(_detail(path.id), CREATED)


@family.get("/notices/<int:id>/notice.pdf", summary="公示全文，张贴用", responses={OK: PAPER})
def paper(path: Path) -> Response:
    """Answer the notice on paper."""
    return papers.notice_of(get_session(), current_actor(), known(path.id))


@family.get("/notices/<int:id>/certificate.pdf", summary="公示证明；还没有期满结束是 409", responses={OK: PAPER})
def certificate(path: Path) -> Response:
    """Answer the certificate."""
    return papers.certificate_of(get_session(), current_actor(), known(path.id))


def _row(notice: Notice) -> dict[str, Any]:
    stood = names.standing(notice)
    is_draft = notice.status == NoticeStatus.DRAFTED
    return {
        "id": notice.id,
        "title": drafts.drafted(notice).title if is_draft else notice.title,
        "organization": Reference(id=notice.organization.id, name=notice.organization.name),
        "scope": NoticeScope(notice.scope),
        "subject": notice.subject,
        "instance": notice.instance_id,
        "status": NoticeStatus(notice.status),
        "working_days": notice.working_days,
        "from": min((one.from_on for one in stood), default=None),
        "until": names.last_day(notice),
        "posted_at": notice.posted_at,
        "ended_at": notice.ended_at,
        "revision": notice.revision,
    }


def _detail(notice_id: int) -> NoticeDetail:
    notice = readings.notice(get_session(), current_actor(), notice_id)
    is_draft = notice.status == NoticeStatus.DRAFTED
    content = drafts.drafted(notice) if is_draft else names.posted_content(notice)
    clause = clause_words(notice.instance.rules, WORKING_DAYS)
    return NoticeDetail(
        **_row(notice),
        intro=content.intro,
        signed_by=content.signed_by,
        names=_drafted_names(notice) if is_draft else [_name(one) for one in names.standing(notice)],
        content_hash=notice.content_hash,
        fingerprint=fingerprint(notice.content_hash) if notice.content_hash else "",
        prepared_by=_who(notice.prepared_by),
        released_by=_who(notice.released_by),
        proofs=[_proof(one) for one in notice.proofs],
        clause=Clause(document=clause.document, words=clause.words, is_quote=clause.is_quote) if clause else None,
        is_changing=drafts.is_changing(notice),
        code=notice.code,
    )


def _drafted_names(notice: Notice) -> list[NameRow]:
    return [_name_row(one.person_id, one.name, one.line) for one in drafts.drafted(notice).lines]


def _name(one: NoticeName) -> NameRow:
    return _name_row(
        one.person_id,
        one.name,
        one.line,
        {"from": one.from_on, "until": one.until_on},
        is_provisional=one.is_provisional,
    )


def _name_row(
    person_id: int, name: str, line: str, period: Mapping[str, Any] = NO_PERIOD, *, is_provisional: bool = False
) -> NameRow:
    return NameRow(person=Reference(id=person_id, name=name), line=line, is_provisional=is_provisional, **period)


def _proof(one: NoticeProof) -> Proof:
    return Proof(
        attachment=one.attachment_id,
        board=one.board,
        content_hash=one.content_hash,
        taken_by=Reference(id=one.taken_by_id, name=one.taken_by.name),
        taken_at=one.taken_at,
    )


def _who(person: Person | None) -> Reference | None:
    return Reference(id=person.id, name=person.name) if person else None
