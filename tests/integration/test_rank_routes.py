"""One review from the first application to the register, with every office at work: an exception, signed late."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.db.filings import FilingBatch
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.dossiers import EntryKind
from app.domain.filings import Difference, RowStatus, RowVerdict, Standing
from app.domain.ranks import RankApplicationKind, RankApplicationResult, RankReviewStage
from app.services.filings import listing, row_lists
from app.services.filings.row_lists import Wanted
from app.services.transactions import writing
from tests.integration.filing_world import STAFF, Filing, hired
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import (
    CLOSED,
    SUMMER,
    act,
    add_ranks,
    application_of,
    apply,
    case_of,
    heard,
    open_review,
    post_nothing,
    review_of,
    tick,
    verify,
    vote,
)
from tests.integration.rank_world import rank
from tests.integration.school import School
from tests.integration.test_rank_judgements import EXCEPTION

__all__ = ["database", "school"]  # fixtures
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LATE = datetime(2026, 10, 12, 10, tzinfo=SHANGHAI)


@pytest.fixture
def world(school: School) -> School:
    """Return the school with a review that posts no names, and bureaus above it."""
    add_ranks(school)
    post_nothing(school)
    with clock.frozen(SUMMER), writing(school.session):
        for name, (where, title, role) in STAFF.items():
            if where != "school":
                school.people[name] = hired(school.session, school.organizations[where], name, title, role)
    open_review(school)
    return school


def sum_up(bureaus: Filing) -> None:
    case = bureaus.run("district").instance_id
    bureaus.do(case, "aggregate", "district_clerk", "submit")
    bureaus.do(case, "sign_up", "district_leader", "agree")


def test_an_exception_that_is_signed_late_comes_to_the_register_through_district_and_city(world: School) -> None:
    rank(world, world.people["teacher"], "junior_2")
    cases = apply(world, **EXCEPTION), apply(world, "host")
    for case, votes in zip(cases, (2, 1), strict=True):
        verify(world, case)
        for _once in range(votes):
            vote(world, case)
        act(world, case, "legal", "agree")
    tick(world, CLOSED)
    held = review_of(world)
    act(world, held.instance_id, "legal", "sign", LATE)
    tick(world, LATE)
    (batch,) = world.session.scalars(select(FilingBatch))
    assert (batch.is_late, heard(world, "district_clerk", "松风路小学逾期报来了")) == (True, 1)
    bureaus = Filing(world, held.id, dict(world.people))
    with clock.frozen(LATE):
        district = bureaus.run("district")
        leaps = row_lists.rows(world.session, district, Wanted(difference=Difference.LEAP)).items
        assert [(one.row.person_id, one.row.kind) for one in leaps] == [
            (world.people["teacher"], RankApplicationKind.EXCEPTIONAL)
        ]
        bureaus.pass_all("district")
        sum_up(bureaus)
        first, second = bureaus.rows()
        bureaus.audit("city", "city_clerk", RowVerdict.ACCEPT, first)
        bureaus.audit("city", "city_clerk", RowVerdict.REFUSE, second, reason="任职年限不足")
        bureaus.confirm("city")
        bureaus.settle()
    assert [row.status for row in bureaus.rows()] == [RowStatus.EFFECTIVE, RowStatus.REFUSED]
    assert [case_of(world, case).outcome for case in cases] == ["effective", "refused_above"]
    assert [application_of(world, case).result for case in cases] == [
        RankApplicationResult.EFFECTIVE,
        RankApplicationResult.REFUSED_ABOVE,
    ]
    assert (heard(world, "teacher", "备案号 YL-2026-00001"), heard(world, "host", "理由：“任职年限不足”")) == (1, 1)
    is_rank = DossierEntry.kind == EntryKind.RANK, DossierEntry.from_on == LATE.date()
    entries = world.session.scalars(select(DossierEntry).where(*is_rank))
    assert [(one.person_id, one.category) for one in entries] == [(world.people["teacher"], "intermediate_2")]
    assert review_of(world).stage == RankReviewStage.EFFECTIVE
    below = {one.name: one for one in listing.schools_below(world.session, bureaus.run("city"))}
    assert (below["松风路小学"].standing, below["松风路小学"].is_late) == (Standing.SETTLED, True)
