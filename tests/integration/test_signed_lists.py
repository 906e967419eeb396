"""A list of ranks that changes after it was drawn up, and what becomes of it where the school ends its review."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.people import Organization, Person, Position
from app.db.rank_reviews import RankApplication
from app.db.work import IS_OPEN, Signature, WorkItem
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.filings import BatchStatus, RowStatus, Standing
from app.domain.policy import Action
from app.domain.ranks import RankApplicationStatus, RankReviewStage
from app.domain.vocabulary import InstanceStatus, Role
from app.services.accounts.organizations import in_scope
from app.services.acts import interventions
from app.services.filings import progress
from app.services.transactions import writing
from tests.integration.crowd import at_once, click, refusals
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import (
    CLOSED,
    FILED,
    act,
    case_of,
    heard,
    leave,
    post,
    review_of,
    settle_filing,
    tick,
    told,
    with_list,
)
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
DAY = timedelta(days=1)
WHO_IS_TOLD = (("teacher", "已经终止"), ("clerk", "还没有备案的 1 位已经撤回"), ("office", "还没有备案的 1 位已经撤回"))
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(school: School) -> School:
    """Return a school whose list waits for the principal, posted nowhere."""
    return with_list(school)


def case_in(world: School) -> int:
    return review_of(world).instance_id


def sign(world: School) -> None:
    act(world, case_in(world), "legal", "sign", CLOSED)
    tick(world, CLOSED)


@on_sqlite
def test_a_name_that_is_edited_before_the_signature_is_signed_anew(world: School) -> None:
    with writing(world.session):
        world.session.get_one(Person, world.people["teacher"]).name = "李若函"
    sign(world)
    assert review_of(world).stage == RankReviewStage.SIGNING
    assert "→ 李若函" in case_of(world, case_in(world)).values["check_list"]["checks"][0]["text"]
    assert [one for one in told(world, "legal") if "签字已作废" in one]
    sign(world)
    assert review_of(world).stage == RankReviewStage.FILED
    assert [row.name for row in world.session.scalars(select(FilingBatch)).one().rows] == ["李若函"]
    assert [one.voided_at is None for one in world.session.scalars(select(Signature).order_by(Signature.id))] == [
        False,
        True,
    ]


@on_sqlite
def test_an_application_that_is_cancelled_before_the_signature_leaves_the_list(world: School) -> None:
    application = world.session.scalars(select(RankApplication)).one()
    with clock.frozen(CLOSED):
        interventions.cancel(world.session, world.actor("admin"), application.instance_id, "本人已经离职")
    sign(world)
    assert review_of(world).stage == RankReviewStage.NO_APPLICANTS
    assert [one for one in told(world, "clerk") if "没有名单上报" in one]


@on_sqlite
def test_what_is_filed_is_not_cancelled_alone(world: School) -> None:
    sign(world)
    application = world.session.scalars(select(RankApplication)).one()
    with pytest.raises(Conflict, match="已经列在上报的名单里"):
        interventions.cancel(world.session, world.actor("admin"), application.instance_id, "本人已经离职")
    assert case_of(world, application.instance_id).status == InstanceStatus.RUNNING


def test_signed_and_cancelled_at_once_nothing_is_filed_that_was_cancelled(world: School, database: Engine) -> None:
    case, admin = world.session.scalars(select(RankApplication.instance_id)).one(), world.actor("admin")
    signing = click(world, case_in(world), "legal", "sign")
    with clock.frozen(CLOSED):
        answers = at_once(database, signing, lambda session: interventions.cancel(session, admin, case, "本人已经离职"))
    tick(world, CLOSED)
    filed = world.session.scalar(select(func.count()).select_from(FilingRow))
    is_cancelled = case_of(world, case).status == InstanceStatus.CANCELLED
    assert (refusals(answers), filed) == (([], 0) if is_cancelled else ([Conflict], 1))
    assert review_of(world).stage == (RankReviewStage.NO_APPLICANTS if is_cancelled else RankReviewStage.FILED)


@on_sqlite
def test_a_school_that_is_closed_after_filing_takes_back_what_is_open(world: School) -> None:
    sign(world)
    held, batch = review_of(world), world.session.scalars(select(FilingBatch)).one()
    [row] = batch.rows
    bureau = world.session.scalars(select(FilingRun).where(FilingRun.id == batch.district_run_id)).one().instance_id
    with clock.frozen(CLOSED):
        interventions.cancel(world.session, world.actor("admin"), held.instance_id, "学校并入育新学校")
    tick(world, CLOSED)
    assert (review_of(world).stage, batch.status, row.status) == (
        RankReviewStage.CLOSED,
        BatchStatus.SETTLED,
        RowStatus.REFUSED,
    )
    application = world.session.scalars(select(RankApplication)).one()
    assert application.status == RankApplicationStatus.WITHDRAWN
    ended = [case_of(world, one or 0).status for one in (batch.instance_id, application.instance_id)]
    assert ended == [InstanceStatus.CANCELLED] * 2
    assert [heard(world, name, words) for name, words in WHO_IS_TOLD] == [1, 1, 1]
    in_sight = in_scope(world.actor("clerk"), Action.SEE_FILINGS)
    standings = progress.standings(world.session, in_sight, 2026)
    assert [one.standing for one in standings if one.id == held.organization_id] == [Standing.CLOSED]
    # The bureau was auditing: with nothing left, its task is no dead end.
    act(world, bureau, "clerk", "submit", CLOSED)
    assert world.session.scalars(select(WorkItem.element).where(WorkItem.instance_id == bureau, IS_OPEN)).all() == [
        "confirm_rows"
    ]


@on_sqlite
def test_who_moves_once_the_school_has_decided_takes_the_rank_along(world: School) -> None:
    leave(world, "teacher", "sibling")
    for at in (CLOSED, CLOSED + DAY, CLOSED + 2 * DAY):
        tick(world, at)
    people = ("teacher", "office", "other_office")
    assert [heard(world, name, "已经调离") for name in people] == [1, 1, 1]
    sign(world)
    settle_filing(world, world.session.scalars(select(FilingBatch)).one())
    assert review_of(world).stage == RankReviewStage.EFFECTIVE
    assert [heard(world, name, "已经备案生效，记入档案") for name in ("office", "other_office")] == [0, 1]


@on_sqlite
def test_who_moves_on_in_the_same_year_is_told_of_again_and_the_school_between_hears(world: School) -> None:
    leave(world, "teacher", "sibling")
    tick(world, CLOSED + DAY)
    with writing(world.session):
        held = Position.person_id == world.people["teacher"], Position.until_on.is_(None)
        world.session.scalars(select(Position).where(*held)).one().until_on = CLOSED.date()
        world.organizations["third"] = third_school(world).id
        world.session.add(post(world, "teacher", "third", Role.HOMEROOM_TEACHER))
    for at in (CLOSED + 2 * DAY, CLOSED + 3 * DAY):
        tick(world, at)
    people = ("teacher", "office", "other_office")
    assert [heard(world, name, "已经调离") for name in people] == [1, 1, 1]
    assert [heard(world, name, "仍由那里") for name in people] == [1, 1, 1]
    sign(world)
    settle_filing(world, world.session.scalars(select(FilingBatch)).one())
    assert [heard(world, name, "已经备案生效，记入档案") for name in people[1:]] == [0, 0]


@on_sqlite
def test_who_moves_once_the_rank_is_effective_keeps_it(world: School) -> None:
    sign(world)
    settle_filing(world, world.session.scalars(select(FilingBatch)).one())
    leave(world, "teacher", "sibling")
    for at in (FILED + DAY, FILED + 2 * DAY):
        tick(world, at)
    people = ("teacher", "office", "other_office")
    assert [heard(world, name, "备案生效的初级二档继续有效") for name in people] == [1, 1, 1]


def third_school(world: School) -> Organization:
    beside = world.session.get_one(Organization, world.organizations["sibling"])
    given = {
        "kind": beside.kind,
        "affiliation": beside.affiliation,
        "stage": beside.stage,
        "parent_id": beside.parent_id,
    }
    made = Organization(code="CX01", name="晨曦小学", path="?", **given)
    world.session.add(made)
    world.session.flush()
    made.path = beside.path.replace(f"/{beside.id}/", f"/{made.id}/")
    return made
