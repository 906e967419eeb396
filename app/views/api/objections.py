"""Objections: raising one to a name on a notice, following the own ones, reading those at hand."""

from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, Field

from app.db.objections import Objection
from app.services.objections import raising, readings, withdrawing
from app.services.objections.checking import Typed
from app.services.objections.readings import ObjectionView
from app.views.api.answering import CREATED, OK, answer, known, listed
from app.views.api.attachments import FILE
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Day, Id, Instant, Path, Reference
from app.views.api.idempotency import once
from app.views.database import get_session
from app.views.sealed_files import sent
from app.views.session import current_actor
from app.views.vaults import vault

family = Family("objections", "异议")


class Raised(Body):
    person: Id = Field(description="公示名单上的哪一位")
    reason: Annotated[str, Field(max_length=10_000)] = Field(description="事实")
    attachments: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)] = Field(
        [], description="先传到 /attachments 的材料；交了以后封存，原来的编号作废"
    )
    against_group: bool = Field(default=False, description="也针对领导小组或者评审的过程：由上级作结论")
    anonymous: bool = Field(default=False, description="匿名：规则 objection.identity 许可的才行")


class Evidence(Answer):
    place: int = Field(description="第几份，从 0 起")
    name: str
    media_type: str


class ObjectionRow(Answer):
    id: int
    notice: int
    notice_title: str
    person: Reference = Field(description="被异议人")
    status: str = Field(description="open 核查中，upheld 成立，dismissed 不成立，withdrawn 已撤回")
    raised_at: Instant
    settled_at: Instant | None
    is_read: bool = Field(description="提出的人看过答复")


class ObjectionDetail(ObjectionRow):
    reason: str | None = Field(description="服务器换过密钥的，打不开，是空的")
    evidence: list[Evidence]
    objector: Reference | None = Field(description="谁提的：只给核查人和本人；匿名的为空")
    is_own: bool = Field(description="是您提的")
    is_against_group: bool
    instance: int | None = Field(description="核查的办件，只给核查人")
    reply_by: Day | None = Field(description="最迟哪天答复")
    reply: str | None


class Objections(Answer):
    items: list[ObjectionRow]
    next: str | None


class EvidencePath(BaseModel):
    id: int
    place: int


@family.post_once(
    "/notices/<int:id>/objections",
    summary="对公示名单上的一位提出异议",
    description="谁提的只有核查人和本人看得到。期满以后是 409，对同一位提第二次也是 409。",
    responses={CREATED: ObjectionDetail},
)
def create(path: Path, body: Raised) -> Response:
    """Raise an objection."""
    session, actor, keeping = get_session(), current_actor(), vault()
    typed = Typed(body.person, body.reason, body.attachments, body.against_group, body.anonymous)
    made = once(lambda key: raising.raise_objection(session, keeping, actor, known(path.id), typed, key))
    return answer(_detail(readings.view(session, keeping.seal, actor, made.id)), CREATED)


@family.get("/objections", summary="我提出的异议和由我核查的异议，新的在前", responses={OK: Objections})
def index() -> Response:
    """List the person's own objections, and those at hand."""
    session, actor = get_session(), current_actor()
    found = {one.id: one for one in readings.own(session, vault().seal, actor)}
    found |= {one.id: one for one in readings.handled(session, actor)}
    rows = sorted(found.values(), key=lambda one: one.id, reverse=True)
    return listed([ObjectionRow(**_row(one)) for one in rows])


@family.get("/objections/<int:id>", summary="一件异议：只给提出的人和核查人", responses={OK: ObjectionDetail})
def show(path: Path) -> Response:
    """Return an objection, and note that who raised it has read the reply."""
    session = get_session()
    found = readings.view(session, vault().seal, current_actor(), known(path.id))
    written = _detail(found)
    readings.mark_read(session, found)
    return answer(written)


@family.get("/objections/<int:id>/evidence/<int:place>", summary="异议的材料", responses={OK: FILE})
def file(path: EvidencePath) -> Response:
    """Send a file of an objection."""
    return sent(known(path.id), path.place)


@family.post("/objections/<int:id>/withdraw", summary="撤回自己提出的异议", responses={OK: ObjectionDetail})
def withdraw(path: Path) -> Response:
    """End an own objection."""
    session, actor, seal = get_session(), current_actor(), vault().seal
    withdrawing.withdraw(session, seal, actor, known(path.id))
    return answer(_detail(readings.view(session, seal, actor, path.id)))


def _row(one: Objection) -> dict[str, Any]:
    return {
        "id": one.id,
        "notice": one.notice_id,
        "notice_title": one.notice.title,
        "person": Reference(id=one.person_id, name=one.person.name),
        "status": str(one.status),
        "raised_at": one.raised_at,
        "settled_at": one.settled_at,
        "is_read": one.read_at is not None,
    }


def _detail(view: ObjectionView) -> ObjectionDetail:
    one, contents, objector = view.objection, view.contents, view.objector
    files = contents.files if contents else ()
    return ObjectionDetail(
        **_row(one),
        reason=contents.reason if contents else None,
        evidence=[Evidence(place=n, name=file.name, media_type=file.media_type) for n, file in enumerate(files)],
        objector=Reference(id=objector.id, name=objector.name) if objector else None,
        is_own=view.is_own,
        is_against_group=one.is_against_group,
        instance=None if view.is_own else one.instance_id,
        reply_by=view.reply_by,
        reply=one.reply,
    )
