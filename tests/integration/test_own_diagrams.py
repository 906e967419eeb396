"""Operations act on the record of their own case only, whatever a school's own diagram tells them."""

from datetime import timedelta
from typing import Any

import pytest

from app.db.rank_reviews import RankApplication
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.filings import RowStatus
from app.domain.ranks import RankApplicationResult, RankReviewStage
from app.services.filings import runs
from app.services.operations.call import call_of
from app.services.operations.registry import IMPLEMENTATIONS
from app.services.transactions import writing
from tests.integration.filing_world import Filing, filing, in_the_year
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import FIRST, add_ranks, application_of, apply, open_review, verify, vote
from tests.integration.school import School

__all__ = ["database", "in_the_year", "school"]  # fixtures

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
REPLY: dict[str, Any] = {"number": "云教备〔2026〕12 号", "exceptions": [], "replied_on": None}


@pytest.fixture
def filed(school: School) -> Filing:
    """Return a list that a bureau has on the platform."""
    world = filing(school)
    world.file()
    return world


def run(world: Filing, instance_id: int, operation: str, by: str | None = None, **params: Any) -> object:
    """Run an operation for a case, as a diagram might ask for it."""
    actor = world.actor(by) if by else None
    case = world.case(instance_id)
    asked = call_of(world.school.session, case, actor, operation, operation, params, case.values)
    return IMPLEMENTATIONS[operation](asked)


@pytest.mark.parametrize("operation", ["check_reply", "record_reply"])
def test_a_school_replies_to_no_list_that_a_bureau_has(filed: Filing, operation: str) -> None:
    batch = filed.rows()[0].batch
    with pytest.raises(Conflict):
        run(filed, batch.instance_id or 0, operation, "legal", batch=batch.id, **REPLY)
    assert {row.status for row in filed.rows()} == {RowStatus.PENDING}


@pytest.mark.parametrize(
    "operation",
    ["count_rank_applications", "list_rank_names", "check_rank_list", "file_list", "end_rank_review"],
)
def test_a_review_is_taken_on_by_its_own_case_only(school: School, operation: str) -> None:
    held = open_review(add_ranks(school))
    other = apply(school, at=FIRST)
    with pytest.raises(NotFound):
        run(Filing(school), other, operation, review=held.id, manifest="", persons=())


@pytest.mark.parametrize("operation", ["check_audit", "settle_rows", "make_effective", "submit_up", "close_filing_run"])
def test_a_year_of_a_bureau_is_taken_on_by_its_own_case_only(filed: Filing, operation: str) -> None:
    found = runs.required(filed.school.session, filed.school.organizations["district"], 2026)
    batch = filed.rows()[0].batch
    with pytest.raises(NotFound):
        run(filed, batch.instance_id or 0, operation, "district_reviewer", run=found.id)
    assert {row.status for row in filed.rows()} == {RowStatus.PENDING}


def test_what_a_filing_came_to_the_filing_says(filed: Filing) -> None:
    row = filed.rows()[0]
    application, review = filed.school.session.get_one(RankApplication, row.application_id), row.batch.review
    assert review is not None
    with pytest.raises(Conflict):
        run(filed, application.instance_id, "record_rank_result", result="effective")
    with pytest.raises(Conflict):
        run(filed, review.instance_id, "end_rank_review", review=review.id)
    assert (application.result, review.stage) == (RankApplicationResult.DETERMINED, RankReviewStage.SIGNING)


def test_without_the_principals_signature_nothing_is_filed(school: School) -> None:
    world = filing(school)
    batch = world.file()
    for operation, params in (
        ("resubmit_rows", {"batch": batch.id, "rows": []}),
        ("file_supplement", {"rows": [], "manifest": ""}),
        ("file_rank_correction", {"rows": [], "manifest": ""}),
    ):
        with pytest.raises(Forbidden):
            run(world, batch.instance_id or 0, operation, "office", **params)


def test_without_the_principals_signature_no_list_is_filed(school: School) -> None:
    held = open_review(add_ranks(school))
    with pytest.raises(Forbidden):
        run(Filing(school), held.instance_id, "file_list", review=held.id, manifest="")


def test_no_rank_is_determined_but_by_the_panel_and_the_leading_group(school: School) -> None:
    open_review(add_ranks(school))
    case = apply(school, at=FIRST)
    for operation, params in (
        ("record_rank_vote", {"vote": "agree", "exception": "agree"}),
        ("record_rank_determination", {"verdict": "agree"}),
        ("settle_rank_application", {"verdict": "determined"}),
    ):
        with pytest.raises(Conflict):
            run(Filing(school), case, operation, **params)


def test_what_was_voted_on_is_what_was_handed_in_last(school: School) -> None:
    open_review(add_ranks(school))
    case = apply(school, at=FIRST)
    verify(school, case)
    vote(school, case)
    with clock.frozen(FIRST + timedelta(hours=1)):
        with writing(school.session):
            run(Filing(school), case, "submit_rank_application")
        assert application_of(school, case).counts is None
        with pytest.raises(Conflict):
            run(Filing(school), case, "record_rank_vote")
