"""A review of ranks on its way: opened by its case once a school year, brought from stage to stage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.rank_reviews import RankReview
from app.domain import clock
from app.domain.errors import Conflict, NotFound
from app.domain.ranks import RankReviewStage
from app.domain.school_years import school_year_of, titled
from app.domain.text import N_, Sentence, sentence
from app.services import outbox
from app.services.texts import full_day
from app.services.timing import calendars

CALL = "rank_review_call"
OPENS, APPLIES = "rank_review", "rank_application"
APPLY_DAYS, FILES_BY, REMIND_ON = 7, "09-30", ("-10", "-3", "0", "3")
ENDS = frozenset({RankReviewStage.EFFECTIVE, RankReviewStage.NO_APPLICANTS, RankReviewStage.CLOSED})
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """What the rules say of a review's dates."""

    apply_days: int
    files_by: str
    remind_on: tuple[int, ...]


def open_review(session: Session, organization_id: int, instance_id: int, terms: Terms) -> RankReview:
    """Keep the review of a school's running year, and have its homeroom teachers called. Raises Conflict for a second."""
    today = clock.today()
    year = school_year_of(today)
    held = select(RankReview.id).where(RankReview.organization_id == organization_id, RankReview.school_year == year)
    if session.scalar(held) is not None:
        raise Conflict(N_("本学年的职级评审已经开启过，一个学年只有一次。"))
    opened = RankReview(
        organization_id=organization_id,
        instance_id=instance_id,
        school_year=year,
        stage=RankReviewStage.APPLYING,
        dates={name: day.isoformat() for name, day in _dates(today, year, terms).items()},
        remind_on=list(terms.remind_on),
        # Looked at by the next tick, which finds the day of the first reminder.
        remind_at=clock.now(),
        opened_at=clock.now(),
    )
    session.add(opened)
    session.flush()
    outbox.put(session, CALL, {"review": opened.id})
    return opened


def _dates(today: date, year: int, terms: Terms) -> dict[str, date]:
    """Return the days of a review: filed on the day of the rule, or the last working day before it."""
    month, day = map(int, terms.files_by.split("-"))
    calendar = calendars.national()
    return {
        "apply_from": today,
        "apply_until": calendar.add_working_days(today, terms.apply_days).on,
        "file_by": calendar.working_days_before(date(year, month, day) + _ONE_DAY, 1).on,
    }


def locked(session: Session, review_id: object) -> RankReview:
    """Return a review, held until the transaction ends. Raises NotFound."""
    query = select(RankReview).where(RankReview.id == review_id).with_for_update(of=RankReview)
    found = session.scalar(query.execution_options(populate_existing=True)) if isinstance(review_id, int) else None
    if found is None:
        raise NotFound
    return found


def enter(held: RankReview, stage: RankReviewStage) -> None:
    """Bring a review to a stage; at its end the time is kept."""
    if held.stage == stage:
        return
    held.stage = stage
    held.revision += 1
    if stage in ENDS:
        held.ended_at = clock.now()


def day_of(held: RankReview, name: str) -> date:
    """Return a date of a review."""
    return date.fromisoformat(held.dates[name])


def why_closed(held: RankReview) -> Sentence | None:
    """Return why nobody applies in a review today, or None where one may."""
    until = day_of(held, "apply_until")
    if held.stage != RankReviewStage.APPLYING or clock.today() > until:
        words = N_("%(title)s的申报到 %(on)s已经截止，不能再提交。")
        return sentence(words, title=title_of(held), on=full_day(until))
    return None


def open_in(session: Session, organization_id: int) -> list[RankReview]:
    """Return the reviews of a school in which one may apply today."""
    running = RankReview.organization_id == organization_id, RankReview.stage == RankReviewStage.APPLYING
    found = session.scalars(select(RankReview).where(*running).order_by(RankReview.id.desc()))
    return [one for one in found if why_closed(one) is None]


def title_of(held: RankReview) -> str:
    """Return what a review is called: 2026—2027 学年职级评审."""
    return sentence(N_("%(year)s职级评审"), year=titled(held.school_year).chinese()).chinese()


def subject_of(held: RankReview) -> str:
    """Return what the notice of its list is said to be about."""
    return f"{OPENS}-{held.id}"


def terms_of(rules: Mapping[str, Mapping[str, Any]]) -> Terms:
    """Read the terms of a review from pinned rules."""

    def value(key: str, default: Any) -> Any:
        pinned = rules.get(key)
        return default if pinned is None or pinned.get("value") is None else pinned["value"]

    return Terms(
        int(value("rank.apply_working_days", APPLY_DAYS)),
        str(value("rank.files_by", FILES_BY)),
        tuple(map(int, value("rank.remind_on", REMIND_ON))),
    )
