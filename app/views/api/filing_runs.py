"""A bureau's year of filings: its rows with filters, and accepting at once all that a filter finds."""

from typing import Annotated

from flask import Response
from pydantic import Field

from app.domain.filings import BatchKind, Difference, VerdictWanted
from app.domain.ranks import RankApplicationKind
from app.services.filings import bulk_audits, listing, row_lists
from app.views import papers
from app.views.api.answering import OK, PAPER, answer, known
from app.views.api.family import Family
from app.views.api.fields import Answer, Body, Id, MaybeId, Paging, Path
from app.views.api.filings import FoundRow, RowFilters, found_row
from app.views.database import get_session
from app.views.session import current_actor

family = Family("filing_runs", "职级备案")


class RunFilters(RowFilters, Paging):
    school: MaybeId = Field(None, description="学校")
    district: MaybeId = Field(None, description="区县教育局")


class Rows(Answer):
    items: list[FoundRow]
    next: str | None
    count: int = Field(description="筛选出的里面，一次通过会写上意见的有几位")
    mark: str = Field(description="一次通过时照样交回；筛选出的有变动，就不是这个了")


class Acceptance(Body):
    kind: Annotated[RankApplicationKind | None, Field(strict=False)] = None
    batch_kind: Annotated[BatchKind | None, Field(strict=False)] = None
    verdict: Annotated[VerdictWanted | None, Field(strict=False)] = None
    difference: Annotated[Difference | None, Field(strict=False)] = None
    school: Id | None = None
    district: Id | None = None
    mark: Annotated[str, Field(max_length=100)]


class Accepted(Answer):
    count: int


@family.get("/filing-runs/<int:id>/rows", summary="在一个教育局审核的老师，可以筛选，分页", responses={OK: Rows})
def index(path: Path, query: RunFilters) -> Response:
    """Return the rows of a year that a filter finds."""
    session = get_session()
    run = listing.run_of_sight(session, current_actor(), known(path.id))
    wanted = query.wanted(school_id=query.school, district_id=query.district)
    page = row_lists.rows(session, run, wanted, cursor=query.cursor, limit=query.limit)
    found = bulk_audits.found(session, run, wanted)
    items = [found_row(one) for one in page.items]
    return answer(Rows(items=items, next=page.next, count=found.count, mark=found.mark))


@family.post(
    "/filing-runs/<int:id>/accept",
    summary="给筛选出的待审核的老师都写上通过，由另一个人确认以后生效",
    responses={OK: Accepted},
)
def accept(path: Path, body: Acceptance) -> Response:
    """Prepare to accept all that a filter finds."""
    wanted = row_lists.Wanted(
        kind=body.kind,
        batch_kind=body.batch_kind,
        school_id=body.school,
        district_id=body.district,
        verdict=body.verdict,
        difference=body.difference,
    )
    count = bulk_audits.accept_found(get_session(), current_actor(), known(path.id), wanted, body.mark)
    return answer(Accepted(count=count))


@family.get(
    "/filing-letters/<int:id>/list.pdf",
    summary="区县的一份纸质汇总名单，签字盖章用，有核验码",
    responses={OK: PAPER},
)
def paper(path: Path) -> Response:
    """Answer what a district sends to a city that is not on the platform, to be sealed."""
    return papers.filing_letter_of(get_session(), current_actor(), known(path.id))
