"""The annual rank review of a school: begun by itself, applied in, verified, voted on, determined, listed and signed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.db.filings import FilingBatch
from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import Notification
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.errors import Conflict, NotFound, Refused, Stale
from app.domain.filings import Standing
from app.domain.policy import Action
from app.domain.ranks import RankApplicationResult, RankApplicationStatus, RankReviewStage
from app.domain.vocabulary import InstanceStatus, Role
from app.services.accounts.organizations import in_scope
from app.services.acts import interventions
from app.services.filings import progress
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import (
    CLOSED,
    FIRST,
    PROCESS,
    SUMMER,
    act,
    add_ranks,
    answer,
    application_of,
    apply,
    case_of,
    judged,
    leave,
    open_review,
    place_of,
    post,
    review_of,
    settle_filing,
    tick,
    told,
    values,
    verify,
    vote,
)
from tests.integration.rank_world import rank
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
RULE = "rank.notice_working_days"


@pytest.fixture
def world(school: School) -> School:
    return add_ranks(school)


def test_it_begins_by_itself_once_and_calls_the_homeroom_teachers(world: School) -> None:
    held = open_review(world)
    tick(world, FIRST + timedelta(days=1))
    assert world.session.scalars(select(RankReview.school_year)).all() == [2026]
    assert (held.stage, held.dates["apply_until"], held.dates["file_by"]) == (
        RankReviewStage.APPLYING,
        "2026-09-10",
        "2026-09-30",
    )
    assert [one for one in told(world, "teacher") if "职级评审开始申报" in one]
    assert not [one for one in told(world, "finance") if "开始申报" in one]
    begun = Notification.person_id == world.people["office"], Notification.text.contains("请把评审组的成员核对好")
    assert world.session.scalars(select(Notification.link).where(*begun)).all() == [f"/rank-reviews/{held.id}"]


def test_after_a_downtime_it_begins_late_with_a_window_of_its_own(world: School) -> None:
    held = open_review(world, datetime(2026, 9, 15, 9, tzinfo=SHANGHAI))
    assert held.dates["apply_from"] == "2026-09-15"


def test_a_rank_is_verified_voted_on_determined_and_signed(world: School) -> None:
    open_review(world)
    case = judged(world)
    settled = application_of(world, case)
    assert (settled.status, settled.result, settled.seen_by_id) == (
        RankApplicationStatus.SETTLED,
        RankApplicationResult.DETERMINED,
        world.people["office"],
    )
    assert settled.explanation["conditions"]
    tick(world, CLOSED)
    assert len([one for one in told(world, "teacher") if "学校已经认定" in one]) == 1
    held = review_of(world)
    assert held.stage == RankReviewStage.NOTICING
    act(world, held.instance_id, "office", "submit", CLOSED)
    act(world, held.instance_id, "legal", "accept", CLOSED)
    tick(world, datetime(2026, 9, 22, 8, tzinfo=SHANGHAI))
    act(world, held.instance_id, "legal", "sign", datetime(2026, 9, 22, 9, tzinfo=SHANGHAI))
    final = review_of(world)
    assert (final.stage, case_of(world, final.instance_id).outcome) == (RankReviewStage.FILED, None)
    filed = world.session.scalars(select(FilingBatch)).one()
    assert (filed.review_id, filed.manifest_hash) == (final.id, final.signed_hash)
    assert [row.application_id for row in filed.rows] == [settled.id]
    settle_filing(world, filed)
    assert (review_of(world).stage, case_of(world, final.instance_id).outcome) == (
        RankReviewStage.EFFECTIVE,
        "effective",
    )
    assert (case_of(world, case).outcome, application_of(world, case).result) == (
        "effective",
        RankApplicationResult.EFFECTIVE,
    )


def test_the_applicant_on_the_panel_neither_votes_nor_sees_the_vote(world: School) -> None:
    with writing(world.session):
        world.session.add(post(world, "host", "school", Role.REVIEW_PANEL_MEMBER))
    open_review(world)
    case = apply(world, "host")
    verify(world, case)
    with pytest.raises(Exception, match="No row"):
        place_of(world, case, "host")
    vote(world, case)
    counts = application_of(world, case).counts
    assert counts is not None
    assert counts["vote"]["recused"] == 1


def test_what_the_panel_refused_cannot_be_determined_and_may_be_looked_at_once_more(world: School) -> None:
    open_review(world)
    case = apply(world)
    verify(world, case)
    vote(world, case, ("agree", "disagree", "disagree"))
    with pytest.raises(Refused) as refused:
        act(world, case, "legal", "agree")
    assert refused.value.parameter == "rank.pass_ratio"
    act(world, case, "legal", "refuse")
    act(world, case, "teacher", "disagree", comment="请再看一次我的班级工作")
    act(world, case, "legal", "submit")
    vote(world, case, ("agree", "disagree", "disagree"))
    act(world, case, "legal", "refuse")
    final = application_of(world, case)
    assert (case_of(world, case).outcome, final.result) == ("refused", RankApplicationResult.REFUSED)
    assert final.second_looked_at is not None


def test_without_applicants_nothing_is_filed_and_the_district_hears_of_it(world: School) -> None:
    open_review(world)
    tick(world, CLOSED)
    held = review_of(world)
    assert (held.stage, case_of(world, held.instance_id).outcome) == (RankReviewStage.NO_APPLICANTS, "no_applicants")
    assert [one for one in told(world, "clerk") if "没有名单上报" in one]


def test_nobody_applies_twice_too_late_or_for_a_rank_out_of_reach(world: School) -> None:
    review_id = open_review(world).id
    place = world.organizations["school"]

    def refusal(at: datetime = FIRST, **changes: object) -> Mapping[str, object]:
        with clock.frozen(at), pytest.raises(Refused) as refused:
            starts.start(world.session, world.actor("teacher"), PROCESS, place, values(review_id, **changes))
        return refused.value.errors

    rank(world, world.people["teacher"], "junior_2")
    assert "rank" in refusal()
    assert "rank" in refusal(rank="intermediate_2")
    apply(world, rank="junior_1")
    assert "review" in refusal(rank="junior_1")
    with clock.frozen(CLOSED), pytest.raises(Conflict, match="截止"):
        interventions.withdraw(world.session, world.actor("teacher"), _case(world), "")


def test_an_application_is_withdrawn_while_the_window_is_open_and_made_anew(world: School) -> None:
    open_review(world)
    case = apply(world)
    verify(world, case)
    with clock.frozen(FIRST):
        interventions.withdraw(world.session, world.actor("teacher"), case, "下一年再报")
    assert application_of(world, case).status == RankApplicationStatus.WITHDRAWN
    assert apply(world) != case


def test_a_review_waits_for_the_last_conclusion(world: School) -> None:
    open_review(world)
    late = CLOSED - timedelta(days=2)
    case = apply(world, at=late)
    verify(world, case, late)
    tick(world, CLOSED)
    assert review_of(world).stage == RankReviewStage.REVIEWING
    vote(world, case, ("disagree",) * 3, CLOSED)
    act(world, case, "legal", "refuse", CLOSED)
    act(world, case, "teacher", "accept", CLOSED)
    tick(world, CLOSED)
    assert review_of(world).stage == RankReviewStage.NO_APPLICANTS


def test_who_changes_school_is_judged_where_it_was_applied_for(world: School) -> None:
    open_review(world)
    case = apply(world)
    verify(world, case)
    vote(world, case)
    leave(world, "teacher", "sibling")
    act(world, case, "legal", "agree")
    assert application_of(world, case).result == RankApplicationResult.DETERMINED
    assert [one for one in told(world, "teacher") if "由原学校办到底" in one]
    assert [one for one in told(world, "office") if "已经调离" in one]
    assert [one for one in told(world, "other_office") if "已经调离" in one]


def test_where_a_review_is_ended_its_applications_end_with_it(world: School) -> None:
    held = open_review(world)
    case = apply(world)
    verify(world, case)
    with clock.frozen(FIRST):
        interventions.cancel(world.session, world.actor("admin"), held.instance_id, "学校并入育新学校")
    tick(world, FIRST)
    assert review_of(world).stage == RankReviewStage.CLOSED
    assert case_of(world, case).status == InstanceStatus.CANCELLED
    assert application_of(world, case).status == RankApplicationStatus.WITHDRAWN
    assert [one for one in told(world, "teacher") if "已经终止" in one]
    assert [one for one in told(world, "clerk") if "不再上报名单，不算未报" in one]
    bureau = in_scope(world.actor("clerk"), Action.SEE_FILINGS)
    standings = progress.standings(world.session, bureau, 2026)
    assert [one.standing for one in standings if one.id == held.organization_id] == [Standing.CLOSED]


def test_a_principal_who_is_replaced_signs_no_more_and_the_new_one_does(world: School) -> None:
    admin, place = world.actor("admin"), world.organizations["school"]
    with clock.frozen(SUMMER):
        rules.change_rule(world.session, admin, place, "rank", RULE, 0, from_on=SUMMER.date(), reason="本校不公示")
    open_review(world)
    judged(world)
    tick(world, CLOSED)
    held = review_of(world)
    leave(world, "legal", None)
    with writing(world.session):
        world.session.add(post(world, "deputy", "school", Role.PRINCIPAL))
    with pytest.raises(NotFound):
        act(world, held.instance_id, "legal", "sign", CLOSED)
    tick(world, datetime(2026, 9, 16, 9, 1, tzinfo=SHANGHAI))
    assert [len([one for one in told(world, name) if "名单还没有签署" in one]) for name in ("deputy", "legal")] == [
        1,
        0,
    ]
    act(world, held.instance_id, "deputy", "sign", CLOSED)
    assert review_of(world).stage == RankReviewStage.FILED


def test_a_member_who_answers_twice_changes_nothing(world: School) -> None:
    open_review(world)
    case = apply(world)
    verify(world, case)
    place = place_of(world, case, "deputy")
    with clock.frozen(FIRST):
        answer(world, place, "deputy", "agree")
        with pytest.raises(Stale):
            answer(world, place, "deputy", "disagree")


def _case(world: School) -> int:
    world.session.rollback()
    return world.session.scalars(select(RankApplication.instance_id)).one()
