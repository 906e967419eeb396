"""A list of ranks that changes after it was drawn up, and what becomes of it where the school ends its review."""

import pytest
from sqlalchemy import select

from app.db.filings import FilingBatch
from app.db.people import Person
from app.db.rank_reviews import RankApplication
from app.db.work import Notification, Signature
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.ranks import RankReviewStage
from app.domain.vocabulary import InstanceStatus
from app.services.acts import interventions
from app.services.rulebook import rules
from app.services.transactions import writing
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import (
    CLOSED,
    SUMMER,
    act,
    add_ranks,
    apply,
    case_of,
    open_review,
    review_of,
    tick,
    verify,
    vote,
)
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(school: School) -> School:
    """Return a school whose list waits for the principal, posted nowhere."""
    made = add_ranks(school)
    place = made.organizations["school"]
    with clock.frozen(SUMMER):
        rules.change_rule(
            made.session,
            made.actor("admin"),
            place,
            "rank",
            "rank.notice_working_days",
            0,
            from_on=SUMMER.date(),
            reason="本校不公示",
        )
    open_review(made)
    case = apply(made)
    verify(made, case)
    vote(made, case)
    act(made, case, "legal", "agree")
    tick(made, CLOSED)
    return made


def case_in(world: School) -> int:
    return review_of(world).instance_id


def sign(world: School) -> None:
    act(world, case_in(world), "legal", "sign", CLOSED)
    tick(world, CLOSED)


def told(world: School, name: str) -> list[str]:
    world.session.rollback()
    query = select(Notification.text).where(Notification.person_id == world.people[name]).order_by(Notification.id)
    return list(world.session.scalars(query))


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


def test_an_application_that_is_cancelled_before_the_signature_leaves_the_list(world: School) -> None:
    application = world.session.scalars(select(RankApplication)).one()
    with clock.frozen(CLOSED):
        interventions.cancel(world.session, world.actor("admin"), application.instance_id, "本人已经离职")
    sign(world)
    assert review_of(world).stage == RankReviewStage.NO_APPLICANTS
    assert [one for one in told(world, "clerk") if "没有名单上报" in one]


def test_what_is_filed_is_not_cancelled_alone(world: School) -> None:
    sign(world)
    application = world.session.scalars(select(RankApplication)).one()
    with pytest.raises(Conflict, match="已经列在上报的名单里"):
        interventions.cancel(world.session, world.actor("admin"), application.instance_id, "本人已经离职")
    assert case_of(world, application.instance_id).status == InstanceStatus.RUNNING
