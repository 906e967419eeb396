"""Reviews of ranks: where each school's stands, and who applied as far as the caller may see."""

from typing import Any

from flask import Response
from pydantic import Field

from app.db.rank_reviews import RankApplication, RankReview
from app.domain.dossiers import Rank
from app.domain.ranks import RankApplicationKind, RankApplicationResult, RankApplicationStatus, RankReviewStage
from app.services.rank_reviews import readings, votes
from app.views.api.answering import OK, answer, known, listed
from app.views.api.family import Family
from app.views.api.fields import Answer, Day, Instant, MaybeSchoolYear, Paging, Path, Reference
from app.views.api.items import reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("rank_reviews", "职级评审")


class Wanted(Paging):
    year: MaybeSchoolYear = Field(None, description="哪个学年，写开始的那一年")


class ReviewRow(Answer):
    id: int
    serial: str
    instance: int = Field(description="评审自己的那件事")
    organization: Reference
    school_year: int
    stage: RankReviewStage
    dates: dict[str, Day]
    signed_hash: str | None = Field(description="校长签署的名单的指纹")
    revision: int


class ApplicationRow(Answer):
    id: int
    instance: int
    person: Reference
    rank: Rank
    held: Rank | None
    kind: RankApplicationKind
    status: RankApplicationStatus
    result: RankApplicationResult | None
    seen_by: Reference | None = Field(description="谁看过原件")
    seen_at: Instant | None
    vote: str | None = Field(description="评审组表决：passed、not_passed、no_quorum")
    counts: dict[str, int] | None = Field(description="各种答复几人；申报人自己的、办理的不足 5 人时是 null")
    explanation: dict[str, Any] = Field(description="申报时的条件说明")
    submitted_at: Instant


class ReviewAnswer(ReviewRow):
    counts: dict[str, int | None] = Field(
        description="申报、没有结论、认定的人数；名单公示、上报以前，看不到全部申报的人读到的 determined 是 null"
    )
    applications: list[ApplicationRow] = Field(description="调用者看得到的：自己的，本单位经办的；一页一页")
    next: str | None = Field(description="下一页申报的 cursor；没有了是 null")
    tasks: list[int] = Field(description="这次评审里等调用者办的待办，期限近的在前，最多 200 件")
    has_more_tasks: bool = Field(description="还有没列出来的待办，办了这些再看")


class Reviews(Answer):
    items: list[ReviewRow]
    next: str | None


@family.get("/rank-reviews", summary="本人看得到的职级评审，新的在前", responses={OK: Reviews})
def index(query: Wanted) -> Response:
    """Return the reviews in sight."""
    found = readings.reviews(get_session(), current_actor(), year=query.year, cursor=query.cursor, limit=query.limit)
    return listed([ReviewRow(**_row(one)) for one in found.items], found.next)


@family.get("/rank-reviews/<int:id>", summary="一次职级评审：阶段、日期、看得到的申报", responses={OK: ReviewAnswer})
def show(path: Path, query: Paging) -> Response:
    """Return a review."""
    session, actor = get_session(), current_actor()
    view = readings.review_view(session, actor, known(path.id), cursor=query.cursor, limit=query.limit)
    count = view.count
    return answer(
        ReviewAnswer(
            **_row(view.review),
            counts={"applicants": count.applicants, "pending": count.pending, "determined": count.determined},
            applications=[_application(one, actor.person_id) for one in view.applications.items],
            next=view.applications.next,
            tasks=[one.id for one in view.waiting],
            has_more_tasks=view.has_more_waiting,
        )
    )


def _row(found: RankReview) -> dict[str, Any]:
    return {
        "id": found.id,
        "serial": found.instance.serial,
        "instance": found.instance_id,
        "organization": reference(found.organization),
        "school_year": found.school_year,
        "stage": found.stage,
        "dates": found.dates,
        "signed_hash": found.signed_hash,
        "revision": found.revision,
    }


def _application(one: RankApplication, reader_id: int) -> ApplicationRow:
    counts = votes.told_counts(one, "vote", reader_id)
    return ApplicationRow(
        id=one.id,
        instance=one.instance_id,
        person=Reference(id=one.person.id, name=one.person.name),
        rank=one.rank,
        held=one.held,
        kind=one.kind,
        status=one.status,
        result=one.result,
        seen_by=Reference(id=one.seen_by.id, name=one.seen_by.name) if one.seen_by else None,
        seen_at=one.seen_at,
        vote=(one.counts or {}).get("result"),
        counts=dict(counts) if counts is not None else None,
        explanation=one.explanation,
        submitted_at=one.submitted_at,
    )
