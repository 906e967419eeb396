"""The panel and the school judge an application in earnest: exceptions, votes without a quorum, recusals, second looks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.people import Person
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.entry_checks import Particulars
from app.domain.errors import Conflict, Invalid, Refused
from app.domain.ranks import RankApplicationKind, RankApplicationResult
from app.domain.vocabulary import Role
from app.services import visibility
from app.services.acts import interventions, return_offers
from app.services.acts.returns import Mode, Return
from app.services.collective import collective_responses
from app.services.dossiers.scope import visible_people
from app.services.rulebook import rules
from app.services.transactions import writing
from tests.integration.file_world import SERVICE, keep
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import (
    CLOSED,
    FIRST,
    LONG_AGO,
    PANEL,
    SUMMER,
    act,
    add_ranks,
    answer,
    application_of,
    apply,
    case_of,
    heard,
    leave,
    open_review,
    place_of,
    post,
    tick,
    verify,
    vote,
)
from tests.integration.rank_world import rank
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AGAINST = ("agree", "disagree", "disagree")
EXCEPTION: dict[str, Any] = {
    "rank": "intermediate_2",
    "is_exceptional": True,
    "justification": "全国优秀班主任，所带班级连续三年为市级先进。",
}


@pytest.fixture
def world(school: School) -> School:
    open_review(add_ranks(school))
    return school


def waits(world: School, case: int) -> str:
    """Return the element of the open task of a case."""
    return world.open_item(case).element.rpartition("/")[2]


def exceptional(world: School, name: str = "teacher") -> int:
    """Apply for an exception, and let the office accept it."""
    rank(world, world.people[name], "junior_2")
    case = apply(world, name, **EXCEPTION)
    verify(world, case)
    return case


def refused(world: School, case: int, verdicts: Sequence[str] = AGAINST) -> None:
    """Let the panel and then the school refuse."""
    vote(world, case, verdicts)
    act(world, case, "legal", "refuse")


def look_again(world: School, case: int, name: str = "teacher") -> None:
    """Let an applicant object to a refusal, and the leader call the panel."""
    act(world, case, name, "disagree", comment="请再看一次我的班级工作")
    assert waits(world, case) == "call_panel"
    act(world, case, "legal", "submit")


def test_after_the_vote_nobody_withdraws_for_another(world: School) -> None:
    case = apply(world)
    verify(world, case)
    refused(world, case)
    with clock.frozen(FIRST), pytest.raises(Conflict, match="申请复核"):
        interventions.withdraw(world.session, world.actor("teacher"), case, "再报一次")
    assert waits(world, case) == "ask_second_look"
    with clock.frozen(FIRST):
        interventions.cancel(world.session, world.actor("admin"), case, "填错了")
        with pytest.raises(Refused) as again:
            apply(world)
    assert "已经表决过" in str(again.value.errors["review"])


def test_who_left_the_school_sees_nothing_of_whom_the_panel_judges(world: School) -> None:
    case = apply(world)
    verify(world, case)

    def sees() -> tuple[bool, bool]:
        member = world.actor("director")
        applicant = Person.id == world.people["teacher"], visible_people(world.session, member)
        reads = world.session.scalar(select(Person).where(*applicant)) is not None
        return visibility.may_see_id(world.session, member, case), reads

    with clock.frozen(FIRST):
        assert sees() == (True, True)
        leave(world, "director", None)
        assert sees() == (False, False)


def test_originals_are_seen_within_the_year(world: School) -> None:
    case = apply(world)
    for wrong in ("1800-01-01", "2026-09-02"):
        with pytest.raises(Refused) as caught:
            act(world, case, "office", "accept", values={"seen_on": wrong, "is_original": True})
        assert list(caught.value.errors) == ["seen_on"]


def test_an_exception_is_justified_allowed_by_a_vote_of_its_own_then_voted_on_and_determined(world: School) -> None:
    rank(world, world.people["teacher"], "junior_2")
    with pytest.raises(Invalid) as bare:
        apply(world, rank="intermediate_2", is_exceptional=True)
    assert list(bare.value.errors) == ["justification"]
    with pytest.raises(Refused) as against:
        apply(world, rank="intermediate_2")
    assert "可以申报破格" in str(against.value.errors["rank"])
    case = apply(world, **EXCEPTION)
    held = application_of(world, case)
    assert (held.kind, held.explanation["reach"]["allowed"]) == (RankApplicationKind.EXCEPTIONAL, [])
    verify(world, case)
    assert place_of(world, case, "deputy").element.endswith("/vote_exception")
    vote(world, case)
    assert place_of(world, case, "deputy").element.endswith("/vote_application")
    vote(world, case)
    act(world, case, "legal", "agree")
    held = application_of(world, case)
    assert held.result == RankApplicationResult.DETERMINED
    assert held.counts is not None
    assert [held.counts[one]["counts"] for one in ("exception", "vote")] == [{"agree": 3}] * 2


def test_a_refused_exception_is_not_voted_on_nor_determined_until_a_second_look_allows_it(world: School) -> None:
    case = exceptional(world)
    vote(world, case, AGAINST)
    assert waits(world, case) == "determine_rank"
    with pytest.raises(Refused) as refusal:
        act(world, case, "legal", "agree")
    assert refusal.value.parameter == "rank.pass_ratio"
    act(world, case, "legal", "refuse")
    look_again(world, case)
    vote(world, case)
    vote(world, case)
    act(world, case, "legal", "agree")
    held = application_of(world, case)
    assert (held.result, held.second_looked_at is not None) == (RankApplicationResult.DETERMINED, True)


def test_what_a_first_vote_came_to_does_not_count_where_the_second_look_refuses_the_exception(world: School) -> None:
    case = exceptional(world)
    vote(world, case)
    vote(world, case, AGAINST)
    act(world, case, "legal", "refuse")
    look_again(world, case)
    vote(world, case, AGAINST)
    held = application_of(world, case)
    assert held.counts is not None
    assert held.counts["exception"]["counts"] == {"agree": 1, "disagree": 2}
    assert "vote" not in held.counts
    act(world, case, "legal", "refuse")
    assert case_of(world, case).outcome == "refused"


def test_where_the_rule_knows_no_exception_nobody_applies_for_one(school: School) -> None:
    world, admin, place = add_ranks(school), school.actor("admin"), school.organizations["school"]
    with clock.frozen(SUMMER):
        rules.change_rule(
            world.session,
            admin,
            place,
            "rank",
            "rank.exceptional",
            value=False,
            from_on=SUMMER.date(),
            reason="本校不设破格",
        )
    open_review(world)
    rank(world, world.people["teacher"], "junior_2")
    with pytest.raises(Refused) as refusal:
        apply(world, **EXCEPTION)
    assert set(refusal.value.errors) == {"is_exceptional"}
    with pytest.raises(Refused) as refusal:
        apply(world, rank="intermediate_2")
    assert "破格" not in str(refusal.value.errors["rank"])


def test_what_the_table_allows_is_no_exception(world: School) -> None:
    keep(world, "teacher", SERVICE, Particulars(EntryKind.TITLE, LONG_AGO, category="junior"))
    with pytest.raises(Refused) as refusal:
        apply(world, **{**EXCEPTION, "rank": "junior_2"})
    assert set(refusal.value.errors) == {"is_exceptional"}


def test_a_second_look_leads_to_the_rank_and_then_to_no_third(world: School) -> None:
    first, second = apply(world), apply(world, "host")
    for case, name in ((first, "teacher"), (second, "host")):
        verify(world, case)
        refused(world, case)
        tick(world, FIRST)
        assert heard(world, name, "理由：“请核对”") == 1
        look_again(world, case, name)
    vote(world, first)
    act(world, first, "legal", "agree")
    assert application_of(world, first).result == RankApplicationResult.DETERMINED
    tick(world, FIRST)
    assert heard(world, "teacher", "学校已经认定：何静 申报初级二档") == 1
    refused(world, second)
    tick(world, FIRST)
    assert (case_of(world, second).outcome, heard(world, "host", "学校的理由：“请核对”。评审到此为止")) == (
        "refused",
        1,
    )


def test_no_return_gives_an_applicant_more_looks_than_the_rule(world: School) -> None:
    case = apply(world)
    verify(world, case)
    refused(world, case)
    back = Return("judge_application/vote_application", "请再看一次", Mode.AGAIN)
    with clock.frozen(FIRST):
        item = world.open_item(case).id
        with pytest.raises(Conflict, match="只请您答复"):
            interventions.return_to(world.session, world.actor("teacher"), item, back)
        with pytest.raises(Conflict):
            return_offers.offers_at(world.session, world.actor("teacher"), item)
    assert waits(world, case) == "ask_second_look"


def test_who_lets_the_second_look_lapse_is_told_so(world: School) -> None:
    case = apply(world)
    verify(world, case)
    refused(world, case)
    tick(world, FIRST + timedelta(days=3, hours=23))
    assert (case_of(world, case).outcome, application_of(world, case).second_looked_at) == ("refused", None)
    assert heard(world, "teacher", "学校的理由：“请核对”。到期没有收到您要不要复核的答复，按接受结论办。") == 1


def test_without_a_quorum_the_panel_is_called_again_and_who_steps_aside_does_not_count(world: School) -> None:
    case = apply(world)
    verify(world, case)
    with clock.frozen(FIRST):
        answer(world, place_of(world, case, "deputy"), "deputy", "agree")
    late = datetime.combine(FIRST.date() + timedelta(days=8), FIRST.timetz())
    tick(world, late)
    assert waits(world, case) == "call_panel"
    counts = application_of(world, case).counts
    assert counts is not None
    assert counts["result"] == "no_quorum"
    with writing(world.session):
        world.session.add(post(world, "host", "school", Role.REVIEW_PANEL_MEMBER))
    act(world, case, "legal", "submit", late)
    places = {name: place_of(world, case, name) for name in (*PANEL, "host")}
    with clock.frozen(late):
        aside = places["finance"]
        with pytest.raises(Invalid):
            collective_responses.recuse(world.session, world.actor("finance"), aside.id, None, aside.revision)
        collective_responses.recuse(world.session, world.actor("finance"), aside.id, "我们是亲属", aside.revision)
        answer(world, places["deputy"], "deputy", "agree")
        answer(world, places["director"], "director", "agree")
        answer(world, places["host"], "host", "abstain")
    tick(world, CLOSED)
    assert waits(world, case) == "determine_rank"
    counts = application_of(world, case).counts
    assert counts is not None
    assert (counts["vote"]["roll"], counts["vote"]["recused"], counts["result"]) == (4, 1, "passed")
    act(world, case, "legal", "agree", CLOSED)
    assert application_of(world, case).result == RankApplicationResult.DETERMINED
