"""Studios change by a case: who leaves and joins, on which day, by which rules, and whose the tasks become."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.money import Studio
from app.db.people import Position
from app.db.processes import ProcessInstance
from app.db.work import Notification
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from app.domain.vocabulary import InstanceStatus, Programme, Role, StudioLevel
from app.services import journal
from app.services.filling import option_lists
from app.services.reading.cases import case_view
from app.services.rulebook import rules
from app.services.starting import starts
from app.services.studios import staffing, studios
from app.services.studios.studios import StudioDraft
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import open_item
from tests.integration.prepared import database, grant, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def world(school: School) -> School:
    """Return the world with a school's studio: soft numbers, no bureau."""
    with writing(school.session):
        studio = school.session.get_one(Studio, school.studio)
        studio.level, studio.programme = StudioLevel.SCHOOL, Programme.SCHOOL_STUDIO
    admin, place = school.actor("admin"), school.organizations["school"]
    rules.adopt_pack(school.session, admin, place, Programme.SCHOOL_STUDIO, "s0", date(2019, 1, 1))
    return school


def later(days: int = 30) -> date:
    return clock.today() + timedelta(days=days)


def asked(world: School, kind: str, **values: Any) -> dict[str, Any]:
    given = {"studio": world.studio, "kind": kind, "from_on": later().isoformat(), "reason": "支教一年", "agreed": True}
    return {name: value for name, value in (given | values).items() if name != "agreed" or kind != "end"}


def propose(world: School, kind: str, by: str = "host", **values: Any) -> int:
    place = world.organizations["school"]
    return starts.start(world.session, world.actor(by), "studio_change", place, asked(world, kind, **values)).instance


def agree(world: School, instance: int, *people: str) -> ProcessInstance:
    for name in people or ("deputy", "legal"):
        world.act(instance, name, "agree")
    world.session.expire_all()
    return world.session.get_one(ProcessInstance, instance)


def posts(world: School) -> dict[str, tuple[str, date, date | None]]:
    """Return each person's post in the studio with its dates."""
    world.session.expire_all()
    rows = staffing.posts_of(world.session, world.studio)
    return {post.person.username: (str(post.role), post.from_on, post.until_on) for post in rows}


def test_a_new_host_begins_on_the_day_after_the_old_ones_last(world: School) -> None:
    case = agree(world, propose(world, "host", new_host="李若涵", host_stays=False))
    assert (case.outcome, case.title) == ("changed", "周敏名班主任工作室：主持人由周敏换成李若涵")
    studio = world.session.get_one(Studio, world.studio)
    held = [(post.person.username, post.role, post.from_on) for post in staffing.posts_of(world.session, studio.id)]
    assert ("member", Role.STUDIO_HOST, later()) in held
    ends = select(Position.until_on).where(Position.studio_id == studio.id, Position.from_on == studio.from_on)
    assert set(world.session.scalars(ends)) == {later() - timedelta(days=1)}
    assert world.actor("host").holds(Role.STUDIO_HOST, studio.organization_id, studio.id)
    with clock.frozen(clock.now() + timedelta(days=30)):
        assert world.actor("member").holds(Role.STUDIO_HOST, studio.organization_id, studio.id)
        assert not world.actor("host").holds(Role.STUDIO_HOST, studio.organization_id, studio.id)


def test_the_old_host_may_stay_as_a_member(world: School) -> None:
    agree(world, propose(world, "host", new_host="何静", host_stays=True, from_on=clock.today().isoformat()))
    found = {name: role for name, (role, _from, _until) in posts(world).items()}
    assert found == {"teacher": "studio_host", "host": "studio_member", "member": "studio_member"}


def test_members_leave_and_join_by_name_and_username(world: School) -> None:
    joining = "何静\nother_host\n许文彬 deputy"
    case = agree(world, propose(world, "members", leaving=[world.people["member"]], joining=joining))
    assert case.title.endswith("：李若涵离开，许文彬、何静、罗佳加入")
    found = posts(world)
    assert found["member"][2] == later() - timedelta(days=1)
    assert {name for name, (_role, from_on, _until) in found.items() if from_on == later()} == {
        "teacher",
        "other_host",
        "deputy",
    }


def test_a_mentor_comes_and_goes(world: School) -> None:
    agree(world, propose(world, "mentor", new_mentor="何静", from_on=clock.today().isoformat()))
    assert posts(world)["teacher"][0] == "studio_mentor"
    case = agree(world, propose(world, "mentor", from_on=later(3).isoformat()))
    assert case.title.endswith("：不再聘何静为导师")
    assert posts(world)["teacher"][2] == later(2)


def test_a_studio_ends_once_nothing_of_it_is_undone(world: School) -> None:
    expense = world.start_expense()
    with pytest.raises(Refused) as refused:
        propose(world, "end")
    assert "1 件没有办完" in str(refused.value.errors["kind"][0])
    world.act(expense, "host", "sign")
    world.act(expense, "legal", "refuse")
    # The budget is this year's, and later may be the next.
    last = min(later(), clock.today().replace(month=12, day=31))
    case = agree(world, propose(world, "end", by="host", from_on=last.isoformat()))
    assert world.session.get_one(Studio, world.studio).ended_on == last
    assert any("没有用" in check["text"] for check in case.values["check_change"]["checks"])
    with clock.frozen(clock.now() + timedelta(days=30)):
        assert staffing.posts_of(world.session, world.studio) == []
        lists = option_lists.options_for(
            world.session, world.actor("host"), case.organization_id, ["studios_to_change"]
        )
        assert lists["studios_to_change"] == []


POOR: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("host", {"new_host": "没有这人"}, "new_host"),
    ("host", {"new_host": "周敏"}, "new_host"),
    ("host", {"new_host": "李若涵\n何静"}, "new_host"),
    ("host", {"new_host": "李若涵", "from_on": "2020-01-01"}, "from_on"),
    ("host", {"new_host": "李若涵", "from_on": "2999-01-01"}, "from_on"),
    ("members", {}, "joining"),
    ("members", {"joining": "周敏"}, "joining"),
    ("members", {"joining": "李若涵"}, "joining"),
    ("members", {"joining": "罗佳"}, "joining"),
    ("members", {"leaving": [999_999]}, "leaving"),
    ("mentor", {}, "new_mentor"),
    ("mentor", {"new_mentor": "何静\n刘芸"}, "new_mentor"),
    ("mentor", {"new_mentor": "周敏"}, "new_mentor"),
    ("members", {"joining": "何静", "agreed": False}, "agreed"),
)


def test_poor_changes_are_refused_by_field(world: School) -> None:
    for kind, values, field in POOR:
        with pytest.raises(Invalid) as refused:
            propose(world, kind, **values)
        assert list(refused.value.errors) == [field]


def test_one_change_of_a_studio_at_a_time(world: School) -> None:
    first = propose(world, "mentor", new_mentor="何静")
    with pytest.raises(Refused) as refused:
        propose(world, "host", new_host="李若涵")
    assert "在办" in str(refused.value.errors["studio"][0])
    agree(world, first)
    with pytest.raises(Refused) as refused:
        propose(world, "host", new_host="李若涵", from_on=later(2).isoformat())
    assert "已经定下" in str(refused.value.errors["from_on"][0])


def test_a_city_studio_keeps_its_hard_numbers_and_asks_the_bureau(school: School) -> None:
    with pytest.raises(Refused) as refused:
        propose(school, "members", leaving=[school.people["member"]], joining="")
    assert refused.value.parameter == "roster.min"
    assert refused.value.clause is not None
    district = school.organizations["district"]
    with writing(school.session):
        person = school.people["district_finance"]
        since = clock.today() - timedelta(days=9)
        school.session.add(
            Position(person_id=person, organization_id=district, role=Role.BUREAU_REVIEWER, from_on=since)
        )
    # It has fewer than the rules want: more are welcome all the same.
    case = agree(school, propose(school, "members", joining="何静"))
    assert (case.status, open_item(school, case.id).organization_id) == (InstanceStatus.RUNNING, district)
    assert agree(school, case.id, "district_finance").outcome == "changed"


def test_a_studio_that_changed_meanwhile_is_not_changed_as_agreed(world: School) -> None:
    instance = propose(world, "host", new_host="何静", host_stays=True)
    world.act(instance, "deputy", "agree")
    studio = world.session.get_one(Studio, world.studio)
    draft = StudioDraft(studio.name, "school", studio.from_on, studio.until_on, "周敏", "刘芸")
    studios.change_studio(world.session, world.actor("admin"), studio.id, draft)
    with pytest.raises(Conflict, match="刚才有变动"):
        world.act(instance, "legal", "agree")
    world.act(instance, "legal", "return")
    world.act(instance, "host", "submit", asked(world, "host", new_host="何静", host_stays=True))
    assert agree(world, instance).outcome == "changed"


def test_nobody_agrees_to_an_own_post(world: School) -> None:
    instance = propose(world, "host", new_host="陈国栋")
    world.act(instance, "deputy", "agree")
    with pytest.raises(Forbidden, match="牵涉您本人"):
        world.act(instance, "legal", "agree")


def test_what_is_agreed_late_holds_from_that_day(world: School) -> None:
    instance = propose(world, "host", new_host="何静", host_stays=False, from_on=later(1).isoformat())
    with clock.frozen(clock.now() + timedelta(days=5)):
        agree(world, instance)
        assert posts(world)["teacher"][1] == clock.today()


def test_tasks_follow_the_host(world: School) -> None:
    returned, waiting = world.start_expense(), world.start_expense(number="26440826000103847563")
    world.act(returned, "host", "return")
    agree(world, propose(world, "host", new_host="何静", from_on=clock.today().isoformat()))
    ticks.catch_up(world.session)
    assert open_item(world, returned).assignee_id == world.people["teacher"]
    last = journal.case_entries(world.session, returned)[-1]
    assert (last.action, last.actor_id, last.details["to"]) == ("transfer", None, world.people["teacher"])
    drafted = world.session.get_one(ProcessInstance, returned).values["submit_draft"]
    world.act(returned, "teacher", "submit", drafted)
    for instance in (returned, waiting):
        world.act(instance, "teacher", "sign")
    assert list(journal.verify(world.session)) == []


def test_tasks_follow_the_host_on_the_day_it_comes_true(world: School) -> None:
    returned = world.start_expense()
    world.act(returned, "host", "return")
    agree(world, propose(world, "host", new_host="何静"))
    ticks.tick(world.session)
    assert open_item(world, returned).assignee_id == world.people["host"]
    with clock.frozen(clock.now() + timedelta(days=30)):
        ticks.tick(world.session)
        assert open_item(world, returned).assignee_id == world.people["teacher"]


def test_whom_it_concerns_is_told_and_sees_the_case(world: School) -> None:
    grant(world, "finance", Role.MORAL_EDUCATION_OFFICE)
    case = agree(world, propose(world, "host", new_host="李若涵"))
    ticks.catch_up(world.session)
    told = select(Notification.person_id).where(Notification.text.contains("您的职务有变动"))
    assert set(world.session.scalars(told)) == {world.people["host"], world.people["member"]}
    for name in ("member", "finance"):
        assert case_view(world.session, world.actor(name), case.id).case.id == case.id


def test_hosts_propose_for_their_own_studio_and_the_office_for_all(world: School) -> None:
    grant(world, "finance", Role.MORAL_EDUCATION_OFFICE)
    place = world.organizations["school"]
    for name, expected in (("host", [world.studio]), ("finance", [world.studio]), ("teacher", [])):
        lists = option_lists.options_for(
            world.session, world.actor(name), place, ["studios_to_change", "studio_members"]
        )
        assert [option.value for option in lists["studios_to_change"]] == expected
        assert [option.label for option in lists["studio_members"]] == (["李若涵"] if expected else [])
    assert propose(world, "mentor", by="finance", new_mentor="何静")
    for name, error in (("teacher", Forbidden), ("member", Forbidden), ("other_host", NotFound)):
        with pytest.raises(error):
            propose(world, "mentor", by=name, new_mentor="何静")
