"""Schools are reminded of the day by which they file, whatever stage their reviews are in, and each day once."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, select

from app.db.rank_reviews import RankReview
from app.db.work import Notification
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.ranks import RankReviewStage
from app.services.rank_reviews import reminders
from app.services.rulebook import rules
from app.services.transactions import writing
from tests.integration.prepared import database, school
from tests.integration.rank_review_world import (
    SUMMER,
    act,
    add_ranks,
    apply,
    open_review,
    review_of,
    tick,
    told,
    verify,
    vote,
)
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
LAST = date(2026, 9, 30)
# What the reminders say.
FILING = "的名单要上报"
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(school: School) -> School:
    return add_ranks(school)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, 1, tzinfo=SHANGHAI)


def test_a_school_is_reminded_at_each_stage_of_what_is_missing_and_whoever_holds_it_up(world: School) -> None:
    open_review(world)
    waiting, voted = apply(world, "teacher"), apply(world, "host")
    verify(world, voted, at(9, 14))
    tick(world, at(9, 16))
    tick(world, at(9, 16, 10))
    (office,) = told(world, "office", FILING)
    assert "还有 10 个工作日到期（9月30日 周三）" in office
    assert "现在在“评审与认定”：1 份还没有核对，1 份还没有表决" in office
    assert "依据《职级方案》三（三）4" in office
    assert told(world, "legal", FILING) == [office]
    assert told(world, "deputy", FILING) == told(world, "teacher", FILING) == []
    verify(world, waiting, at(9, 16))
    for case in (waiting, voted):
        vote(world, case, at=at(9, 17))
    tick(world, at(9, 24))
    assert len(told(world, "office", FILING)) == 1
    assert "2 份还没有认定" in told(world, "legal", FILING)[1]


def test_a_downtime_over_several_days_is_made_up_for_by_one_reminder(world: School) -> None:
    open_review(world)
    apply(world)
    tick(world, at(10, 12))
    (late,) = told(world, "office", FILING)
    assert "已经超过期限 4 个工作日" in late
    assert told(world, "legal", FILING) == [late]
    tick(world, at(11, 30))
    assert len(told(world, "office", FILING)) == 1
    assert review_of(world).remind_at is None


@SQLITE
def test_who_has_filed_and_who_never_begins_hears_nothing_and_the_rule_says_which_days(world: School) -> None:
    place = world.organizations["school"]
    with clock.frozen(SUMMER):
        on, why = SUMMER.date(), "本校只在当天提醒"
        rules.change_rule(
            world.session, world.actor("admin"), place, "rank", "rank.remind_on", ["0"], from_on=on, reason=why
        )
    open_review(world)
    apply(world)
    tick(world, at(9, 16))
    assert told(world, "office", FILING) == []
    tick(world, at(9, 30))
    assert "今天 17:30 到期" in told(world, "office", FILING)[0]
    with writing(world.session):
        held = world.session.get_one(RankReview, review_of(world).id)
        held.stage, held.remind_at = RankReviewStage.FILED, clock.at(date(2026, 9, 1))
    tick(world, at(10, 12))
    assert len(told(world, "office", FILING)) == 1


@SQLITE
def test_the_principal_is_reminded_of_the_signature_once_and_only_so(world: School) -> None:
    place = world.organizations["school"]
    with clock.frozen(SUMMER):
        rule, on = "rank.notice_working_days", SUMMER.date()
        rules.change_rule(world.session, world.actor("admin"), place, "rank", rule, 0, from_on=on, reason="本校不公示")
    open_review(world)
    case = apply(world)
    verify(world, case)
    vote(world, case)
    act(world, case, "legal", "agree")
    tick(world, at(9, 14))
    tick(world, at(9, 16))
    assert review_of(world).stage == RankReviewStage.SIGNING
    assert "名单还没有签署" in told(world, "legal", FILING)[0]
    assert told(world, "office", FILING) == []
    world.session.rollback()
    overdue = Notification.kind == "overdue", Notification.person_id == world.people["legal"]
    assert len(world.session.scalars(select(Notification).where(*overdue)).all()) == 1


@SQLITE
def test_a_sweep_asks_as_much_for_many_schools_as_for_one(world: School) -> None:
    held = open_review(world)
    others = [apply(world, name) for name in ("teacher", "host")]
    asked: list[str] = []

    def note(*given: Any) -> None:
        # What is written is as much as there are people to tell.
        asked.extend([given[2]] if given[2].startswith("SELECT") else [])

    event.listen(world.session.get_bind(), "before_cursor_execute", note)
    with clock.frozen(at(9, 16)):
        assert reminders.remind(world.session) == 1
        once = len(asked)
        with writing(world.session):
            world.session.add_all(copied(held, case, year) for year, case in enumerate(others))
        asked.clear()
        assert reminders.remind(world.session) == 2
    assert len(asked) <= once <= 6


def copied(held: RankReview, case: int, year: int) -> RankReview:
    """Return a review of another year, due at the same time."""
    return RankReview(
        organization_id=held.organization_id,
        instance_id=case,
        school_year=year,
        stage=held.stage,
        dates=held.dates,
        remind_on=held.remind_on,
        remind_at=clock.at(LAST.replace(day=1)),
    )
