"""Supplements 补报: what a school files after its list, of applications that no list holds or that came back unfiled."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingBatch, FilingRow
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankApplication, RankReview
from app.domain import canonical, clock
from app.domain.errors import Invalid
from app.domain.filings import BatchKind, RowStatus
from app.domain.ranks import RankApplicationResult
from app.domain.school_years import school_year_of
from app.domain.text import N_, Sentence, sentence
from app.services.filings import batches

Given = Sequence[Mapping[str, Any]]
_CHOSEN = (RankApplicationResult.DETERMINED, RankApplicationResult.REFUSED_ABOVE)


def open_applications(
    session: Session, organization_id: int, school_year: int | None = None
) -> Sequence[RankApplication]:
    """Return what a school may file after its list of a year, or of this one: determined, neither effective nor on its way."""
    stands = (
        select(FilingRow.id)
        .join(FilingRow.batch)
        .where(
            FilingRow.person_id == RankApplication.person_id,
            FilingBatch.school_year == RankReview.school_year,
            FilingBatch.kind != BatchKind.CORRECTION,
            FilingRow.status != RowStatus.REFUSED,
        )
    )
    query = select(RankApplication).join(RankApplication.review).options(joinedload(RankApplication.person))
    query = query.where(
        RankReview.organization_id == organization_id,
        RankReview.school_year == (school_year_of(clock.today()) if school_year is None else school_year),
        RankReview.filed_at.is_not(None),
        RankApplication.result.in_(_CHOSEN),
        ~stands.exists(),
    )
    return session.scalars(query.order_by(RankApplication.id)).all()


def year_of(session: Session, instance_id: int) -> int:
    """Return the year of which a case supplements the list: that in which it began, also where it is signed after it."""
    began = session.scalar(select(ProcessInstance.started_at).where(ProcessInstance.id == instance_id))
    return school_year_of(clock.shanghai(began).date() if began else clock.today())


def hold(session: Session, organization_id: int, school_year: int) -> None:
    """Hold a school's review of a year until the transaction ends, so that nobody is filed twice."""
    query = select(RankReview.id).filter_by(organization_id=organization_id, school_year=school_year)
    session.execute(query.with_for_update())


def check(session: Session, organization_id: int, school_year: int, given: Given) -> list[RankApplication]:
    """Return the applications of a year that are named, each once. Raises Invalid by field."""
    found = {one.id: one for one in open_applications(session, organization_id, school_year)}
    named = [one.get("application") for one in given]
    errors: dict[str, list[Sentence]] = {}
    for index, application_id in enumerate(named):
        if application_id not in found:
            errors[f"rows.{index}.application"] = [sentence(N_("这位老师不能补报：没有学校认定，或者已经报了。"))]
        elif application_id in named[:index]:
            errors[f"rows.{index}.application"] = [sentence(N_("这位老师填了两次。"))]
    if errors:
        raise Invalid(errors)
    return [found[one["application"]] for one in given]


def manifest_of(found: Sequence[RankApplication]) -> str:
    """Return the hash over who is to get which rank: what the principal signs."""
    return canonical.content_hash([[one.id, one.person_id, one.person.name, one.rank, one.kind] for one in found])


def file(
    session: Session, found: Sequence[RankApplication], given: Given, case: int, signed_by_id: int | None
) -> FilingBatch:
    """File applications as a batch of their own, with what came later for each, and the case in which it was signed."""
    notes = {one["application"]: one["note"] for one in given}
    # An application goes with the last row that was filed for it.
    session.execute(update(FilingRow).where(FilingRow.application_id.in_(notes)).values(application_id=None))
    made = batches.add(session, found[0].review, BatchKind.SUPPLEMENT, found)
    made.manifest_hash, made.signed_by_id = manifest_of(found), signed_by_id
    for row, one in zip(made.rows, found, strict=True):
        row.particulars = {**row.particulars, "corrected": notes[one.id], "case": case}
    return made
