"""Filings of ranks: batches with their rows, who has not filed, and the verdict on a row."""

from collections.abc import Sequence
from typing import Annotated, Any

from flask import Response
from pydantic import BaseModel, Field

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.domain.dossiers import Rank
from app.domain.errors import NotFound
from app.domain.filings import (
    MISSING,
    BatchKind,
    BatchStatus,
    Channel,
    Difference,
    FilingLevel,
    RowStatus,
    RowVerdict,
    Standing,
    VerdictWanted,
)
from app.domain.ranks import RankApplicationKind
from app.services.filings import auditing, lateness, letters, listing, row_lists
from app.services.filings.auditing import Audit
from app.services.filings.row_lists import RowView
from app.views import papers
from app.views.api.answering import OK, PAPER, answer, known
from app.views.api.family import Family
from app.views.api.fields import (
    IF_GIVEN,
    Answer,
    Body,
    Day,
    Instant,
    MaybeSchoolYear,
    Paging,
    Path,
    Reference,
    Revision,
)
from app.views.api.items import reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("filings", "职级备案")


class Wanted(Paging):
    year: MaybeSchoolYear = Field(None, description="学年开始的那一年；写了的另外列出还没有报的学校")


class RowFilters(BaseModel):
    """Which rows are wanted, beside those of a school or a district."""

    kind: Annotated[RankApplicationKind | None, IF_GIVEN] = Field(None, description="种类")
    batch_kind: Annotated[BatchKind | None, IF_GIVEN] = Field(None, description="年度报送、补报、更正")
    verdict: Annotated[VerdictWanted | None, IF_GIVEN] = Field(None, description="写好的审核意见；open 是还没有写")
    difference: Annotated[Difference | None, IF_GIVEN] = Field(
        None, description="和台账比：any 有不一致，none 没有不一致"
    )
    pending: bool = Field(default=False, description="只要待审核的")

    def wanted(self, school_id: int | None = None, district_id: int | None = None) -> row_lists.Wanted:
        """Return what is asked for."""
        return row_lists.Wanted(
            is_pending=self.pending,
            kind=self.kind,
            batch_kind=self.batch_kind,
            school_id=school_id,
            district_id=district_id,
            verdict=self.verdict,
            difference=self.difference,
        )


class RowPath(Path):
    row: int


class Correction(Answer):
    """The entry of the register that a row corrects, and how it should read."""

    entry: int
    number: str = Field(description="原来的备案号")
    was_from_on: Day = Field(description="原来的生效日期；原来的职级是 held")
    from_on: Day | None = Field(description="更正以后的生效日期")
    is_void: bool = Field(description="划销：本来不该备案")
    wrong: str
    reason: str


class Row(Answer):
    id: int
    person: Reference
    rank: Rank
    held: Rank | None
    kind: RankApplicationKind
    level: FilingLevel = Field(description="现在在哪一级")
    status: RowStatus
    verdict: RowVerdict | None = Field(description="写好了、还没有确认的审核意见")
    reason: str | None
    returned: str | None = Field(description="退回过的理由")
    filing_number: str | None
    effective_on: Day | None
    correction: Correction | None = Field(description="更正哪一条；不是更正的是空的")
    revision: int


class FoundRow(Row):
    school: Reference
    batch_kind: BatchKind = Field(description="年度报送、补报、更正")
    registered: Rank | None = Field(description="台账里现在的职级")
    differences: list[Difference] = Field(description="和台账不一致的地方，空的是没有")


class Batch(Answer):
    id: int
    instance: int | None
    organization: Reference
    year: int
    kind: BatchKind
    status: BatchStatus
    channel: Channel
    is_late: bool
    submitted_at: Instant
    settled_at: Instant | None
    revision: int


class BatchAnswer(Batch):
    rows: list[FoundRow]


class Missing(Answer):
    organization: Reference
    standing: Standing


class Letter(Answer):
    id: int
    instance: int | None
    sent_at: Instant


class Run(Answer):
    id: int
    organization: Reference
    year: int
    instance: int
    is_ended: bool
    letters: list[Letter] = Field(description="纸质汇总，新的在前；市教育局在平台上的没有")


class LateDistrict(Answer):
    organization: Reference
    rows: int = Field(description="还在那里的老师几位")
    answer_by: Day
    days_late: int = Field(description="逾期几个工作日")


class Batches(Answer):
    items: list[Batch]
    next: str | None
    runs: list[Run] = Field(description="看得到的教育局备案年度；写了 year 的只有那一年")
    late_districts: list[LateDistrict] = Field(description="过了期限还没有汇总上报的区县；没有写 year 的是空的")
    missing: list[Missing] = Field(description="还没有报的学校；没有写 year 的是空的")
    not_adopted: list[Reference] = Field(description="没有采用评审、不用报的学校；没有写 year 的是空的")


class Verdict(Body):
    verdict: Annotated[RowVerdict, Field(strict=False)]
    reason: Annotated[str, Field(max_length=auditing.LONGEST_REASON)] = ""
    revision: Revision


@family.get("/filings", summary="看得到的备案名单，新的在前；还没有报的学校", responses={OK: Batches})
def index(query: Wanted) -> Response:
    """Return the batches in sight, and who has not filed."""
    session, actor = get_session(), current_actor()
    found = listing.batches(session, actor, school_year=query.year, cursor=query.cursor, limit=query.limit)
    schools = listing.schools_in_sight(session, actor, query.year) if query.year is not None else []
    missing = [
        Missing(organization=Reference(id=one.id, name=one.name), standing=one.standing)
        for one in schools
        if one.standing in MISSING
    ]
    not_adopted = [Reference(id=one.id, name=one.name) for one in schools if one.standing == Standing.NOT_ADOPTED]
    runs = _runs([one for one in listing.runs_in_sight(session, actor) if query.year in {None, one.school_year}])
    items = [Batch(**_batch(one)) for one in found.items]
    late = _late_districts(query.year) if query.year is not None else []
    return answer(
        Batches(items=items, next=found.next, runs=runs, late_districts=late, missing=missing, not_adopted=not_adopted)
    )


@family.get("/filings/<int:id>", summary="一份备案名单，连同每一位老师，可以筛选", responses={OK: BatchAnswer})
def show(path: Path, query: RowFilters) -> Response:
    """Return a batch with its rows."""
    session = get_session()
    found = listing.batch_of_sight(session, current_actor(), known(path.id))
    rows = row_lists.rows_of_batch(session, found, query.wanted())
    return answer(BatchAnswer(**_batch(found), rows=[found_row(one) for one in rows]))


@family.get(
    "/filings/<int:id>/list.pdf",
    summary="一份备案名单，签字盖章用，有核验码；还没有编号的是 409",
    responses={OK: PAPER},
)
def paper(path: Path) -> Response:
    """Answer a list, to be sealed."""
    return papers.filing_list_of(get_session(), current_actor(), known(path.id))


@family.post(
    "/filings/<int:id>/rows/<int:row>", summary="给一位老师写审核意见，由另一个人确认以后生效", responses={OK: Row}
)
def give_verdict(path: RowPath, body: Verdict) -> Response:
    """Prepare a verdict for a row."""
    session, actor = get_session(), current_actor()
    batch = listing.batch_of_sight(session, actor, known(path.id))
    row = next((one for one in batch.rows if one.id == path.row), None)
    if row is None:
        raise NotFound
    run = listing.run_to_audit(session, actor, row)
    auditing.audit(session, actor, run.id, {row.id: body.revision}, Audit(body.verdict, body.reason))
    session.refresh(row)
    return answer(Row(**_row(row)))


def _late_districts(year: int) -> list[LateDistrict]:
    session, actor = get_session(), current_actor()
    runs = [one for one in listing.runs_in_sight(session, actor) if one.school_year == year]
    found = [each for run in runs for each in lateness.districts_below(session, run)]
    return [
        LateDistrict(
            organization=reference(one.run.organization),
            rows=one.rows,
            answer_by=one.answer_by,
            days_late=one.days_late,
        )
        for one in found
        if one.answer_by and one.days_late
    ]


def _batch(found: FilingBatch) -> dict[str, Any]:
    return {
        "id": found.id,
        "instance": found.instance_id,
        "organization": reference(found.organization),
        "year": found.school_year,
        "kind": found.kind,
        "status": found.status,
        "channel": found.channel,
        "is_late": found.is_late,
        "submitted_at": found.submitted_at,
        "settled_at": found.settled_at,
        "revision": found.revision,
    }


def _runs(found: Sequence[FilingRun]) -> list[Run]:
    sent: dict[int, list[Letter]] = {}
    for one in letters.of_runs(get_session(), found):
        told = Letter(id=one.id, instance=one.instance_id, sent_at=one.sent_at)
        sent.setdefault(one.run_id, []).append(told)
    return [_run(one, sent.get(one.id, [])) for one in found]


def _run(found: FilingRun, sent: list[Letter]) -> Run:
    return Run(
        id=found.id,
        organization=reference(found.organization),
        year=found.school_year,
        instance=found.instance_id,
        is_ended=found.ended_at is not None,
        letters=sent,
    )


def found_row(view: RowView) -> FoundRow:
    """Return a row with what it differs in from the register."""
    school = reference(view.row.batch.organization)
    return FoundRow(
        **_row(view.row),
        school=school,
        batch_kind=view.row.batch.kind,
        registered=view.registered,
        differences=sorted(view.differences),
    )


def _row(row: FilingRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": Reference(id=row.person_id, name=row.name),
        "rank": row.rank,
        "held": row.held,
        "kind": row.kind,
        "level": row.level,
        "status": row.status,
        "verdict": row.verdict,
        "reason": row.reason,
        "returned": row.particulars.get("returned"),
        "filing_number": row.filing_number,
        "effective_on": row.effective_on,
        "correction": _correction(row),
        "revision": row.revision,
    }


def _correction(row: FilingRow) -> Correction | None:
    if row.corrects is None:
        return None
    return Correction(
        entry=row.corrects.id,
        number=row.corrects.number,
        was_from_on=row.corrects.from_on,
        from_on=row.from_on,
        is_void=row.is_void,
        wrong=row.particulars["wrong"],
        reason=row.particulars["reason"],
    )
