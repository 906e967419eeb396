"""Rounds of host selection: where each stands, its dates, and who applied as far as the caller may see."""

from typing import Annotated, Any

from flask import Response
from pydantic import Field

from app.db.rounds import Application, Round
from app.domain.rounds import ApplicationKind, ApplicationResult, ApplicationStatus, RoundDate, RoundStage
from app.services.rounds import dates, listing, sight
from app.services.rounds.listing import RoundView
from app.views.api.answering import OK, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Day, Instant, MaybeId, Paging, Path, Reference, Revision
from app.views.api.items import reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("rounds", "评选批次")


class Wanted(Paging):
    organization: MaybeId = Field(None, description="哪个单位开启的")


class RoundRow(Answer):
    id: int
    serial: str
    instance: int = Field(description="批次自己的那件事")
    title: str
    organization: Reference
    programme: str
    seats: int
    stage: RoundStage
    dates: dict[str, Day] = Field(description="各个日期，没有发生的是计划")
    revision: int


class ApplicationRow(Answer):
    id: int
    instance: int
    person: Reference
    organization: Reference
    kind: ApplicationKind
    status: ApplicationStatus
    result: ApplicationResult | None = Field(description="公示以前都是 null")
    submitted_at: Instant


class DateChange(Answer):
    name: RoundDate
    before: Day
    after: Day
    reason: str
    person: Reference | None = Field(description="按规则自动延长的是 null")
    changed_at: Instant


class RoundAnswer(RoundRow):
    term_from: Day
    term_until: Day
    is_extended: bool = Field(description="申报因为人数不够延长过一次")
    settings: dict[str, Any] = Field(description="开启时定下的规则，按参数名")
    counts: dict[str, int] = Field(description="受理的主持人、成员，没有核对完的")
    applications: list[ApplicationRow] = Field(description="调用者看得到的：自己的，本单位经办的")
    changes: list[DateChange] = Field(description="调整过的日期")
    tasks: list[int] = Field(description="这一批里等调用者办的待办")


class Rounds(Answer):
    items: list[RoundRow]
    next: str | None


class DateMove(Body):
    name: Annotated[RoundDate, Field(strict=False)]
    date: Day
    reason: Annotated[str, Field(max_length=dates.LONGEST_REASON)]
    revision: Revision


@family.get("/rounds", summary="本人看得到的批次，新的在前", responses={OK: Rounds})
def index(query: Wanted) -> Response:
    """Return the rounds in sight."""
    session, actor = get_session(), current_actor()
    found = listing.rounds(session, actor, organization_id=query.organization, cursor=query.cursor, limit=query.limit)
    return listed([RoundRow(**_row(one)) for one in found.items], found.next)


@family.get("/rounds/<int:id>", summary="一个批次：阶段、日程、规则、看得到的申报", responses={OK: RoundAnswer})
def show(path: Path) -> Response:
    """Return a round."""
    session, actor = get_session(), current_actor()
    return answer(_answer(listing.round_view(session, actor, known(path.id))))


@family.post("/rounds/<int:id>/dates", summary="调整一个日期，要写理由", responses={OK: RoundAnswer})
def move(path: Path, body: DateMove) -> Response:
    """Move a date of a round."""
    session, actor, round_id = get_session(), current_actor(), known(path.id)
    dates.move(session, actor, round_id, body.name, body.date, body.reason, body.revision)
    return answer(_answer(listing.round_view(session, actor, round_id)))


def _answer(view: RoundView) -> RoundAnswer:
    found, count = view.round, view.count
    return RoundAnswer(
        **_row(found),
        term_from=found.term_from,
        term_until=found.term_until,
        is_extended=found.is_extended,
        settings=found.settings,
        counts={"hosts": count.hosts, "members": count.members, "pending": count.pending},
        applications=[_application(one) for one in view.applications],
        changes=[
            DateChange(
                name=one.name,
                before=one.before,
                after=one.after,
                reason=one.reason,
                person=Reference(id=one.person.id, name=one.person.name) if one.person else None,
                changed_at=one.changed_at,
            )
            for one in view.changes
        ],
        tasks=[one.id for one in view.waiting],
    )


def _row(found: Round) -> dict[str, Any]:
    return {
        "id": found.id,
        "serial": found.instance.serial,
        "instance": found.instance_id,
        "title": found.title,
        "organization": reference(found.organization),
        "programme": found.programme,
        "seats": found.seats,
        "stage": found.stage,
        "dates": found.dates,
        "revision": found.revision,
    }


def _application(one: Application) -> ApplicationRow:
    return ApplicationRow(
        id=one.id,
        instance=one.instance_id,
        person=Reference(id=one.person.id, name=one.person.name),
        organization=reference(one.organization),
        kind=one.kind,
        status=one.status,
        result=sight.shown_result(one),
        submitted_at=one.submitted_at,
    )
