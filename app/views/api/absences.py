"""Absences: who is away, and who does the tasks meanwhile."""

from typing import Annotated

from flask import Response
from pydantic import Field

from app.db.absences import Absence
from app.domain.identity import Actor
from app.services.absence import absences
from app.services.absence.absences import AbsenceDraft
from app.views.api.answering import CREATED, OK, answer, known, listed, page_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Id, Instant, Paging, Path, Reference
from app.views.api.items import reference
from app.views.database import get_session
from app.views.moments import begin_of, end_of
from app.views.presenters.absences import state_of
from app.views.session import current_actor

family = Family("absences", "委托代理")
Moment = Annotated[str, Field(max_length=40)]


class Setting(Body):
    substitute: Id = Field(description="代理人")
    since: Moment = Field(alias="from", description="日期，或者带时间；不带时区的按北京时间")
    until: Moment = Field(description="日期（含当天），或者带时间")
    processes: list[Annotated[str, Field(max_length=64)]] | None = Field(None, description="流程的 key；不写则全部")
    organization: Id | None = Field(None, description="哪个单位的待办；不写则为本人现任职务所在的单位")
    principal: Id | None = Field(None, description="替谁设置：只有管理员能写；不写则为本人")
    reason: Annotated[str, Field(max_length=2000)] | None = Field(None, description="替别人设置时必填")


class Away(Answer):
    id: int
    organization: Reference
    principal: Reference
    substitute: Reference
    from_at: Instant = Field(serialization_alias="from")
    until_at: Instant = Field(serialization_alias="until", description="到这一刻为止")
    processes: list[str] | None
    reason: str | None
    entered_by: Reference
    status: str = Field(description="coming 未开始，present 代理中，over 已到期，ended 提前结束，cancelled 取消")
    ended_at: Instant | None


class AwayList(Answer):
    items: list[Away]
    next: str | None


@family.get("/absences", summary="本人的委托、本人代理的，管理员还有本单位的", responses={OK: AwayList})
def index(query: Paging) -> Response:
    """Return the absences in the caller's sight."""
    found = page_of(absences.absences_for(get_session(), current_actor()), query)
    return listed(map(_away, found.items), found.next)


@family.post("/absences", summary="外出期间请人代理", responses={CREATED: Away})
def enter(body: Setting) -> Response:
    """Let a substitute do the tasks of somebody away."""
    actor = current_actor()
    draft = AbsenceDraft(
        principal_id=body.principal or actor.person_id,
        substitute_id=body.substitute,
        from_at=begin_of("from", body.since),
        until_at=end_of("until", body.until),
        processes=body.processes,
        reason=body.reason,
    )
    place = body.organization or _own(actor)
    return answer(_away(absences.set_absence(get_session(), actor, place, draft)), CREATED)


@family.post("/absences/<int:id>/end", summary="提前结束，或者在开始前取消", responses={OK: Away})
def end(path: Path) -> Response:
    """End an absence now."""
    return answer(_away(absences.end_absence(get_session(), current_actor(), known(path.id))))


def _own(actor: Actor) -> int:
    return actor.acting.organization_id if actor.acting else 0


def _away(found: Absence) -> Away:
    return Away(
        id=found.id,
        organization=reference(found.organization),
        principal=_person(found.principal.id, found.principal.name),
        substitute=_person(found.substitute.id, found.substitute.name),
        from_at=found.from_at,
        until_at=found.until_at,
        processes=found.processes,
        reason=found.reason,
        entered_by=_person(found.entered_by.id, found.entered_by.name),
        status=state_of(found),
        ended_at=found.ended_at,
    )


def _person(person_id: int, name: str) -> Reference:
    return Reference(id=person_id, name=name)
