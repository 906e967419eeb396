"""Posts are handed over by a case: the principal in August by the bureau, others by the principal."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.people import Position
from app.db.processes import ProcessInstance
from app.db.work import Notification
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.vocabulary import Role
from app.services import journal
from app.services.filling import option_lists
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import open_item
from tests.integration.prepared import database, grant, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
AUGUST = 30


@pytest.fixture
def world(school: School) -> School:
    """Return the world with somebody in the district who confirms."""
    with writing(school.session):
        school.session.add(
            Position(
                person_id=school.people["district_finance"],
                organization_id=school.organizations["district"],
                role=Role.BUREAU_REVIEWER,
                from_on=clock.today() - timedelta(days=9),
            )
        )
    return school


def later(days: int = AUGUST) -> date:
    return clock.today() + timedelta(days=days)


def asked(world: School, **changes: Any) -> dict[str, Any]:
    given = {
        "leaver": world.people["legal"],
        "posts": ["principal", "legal_representative"],
        "successor": "许文彬",
        "from_on": later().isoformat(),
        "leaves_school": False,
        "document": world.upload("admin"),
    }
    return given | changes


def register(world: School, by: str = "admin", **changes: Any) -> int:
    place = world.organizations["school"]
    return starts.start(world.session, world.actor(by), "post_change", place, asked(world, **changes)).instance


def confirmed(world: School, instance: int, by: str) -> ProcessInstance:
    world.act(instance, by, "agree")
    world.session.expire_all()
    return world.session.get_one(ProcessInstance, instance)


def test_a_principal_is_replaced_in_august_and_signatures_follow(world: School) -> None:
    school = world.organizations["school"]
    waiting = world.start_expense()
    case = confirmed(world, register(world), "district_finance")
    assert case.title == "校长、法定代表人由陈国栋换成许文彬"
    assert world.actor("legal").holds(Role.LEGAL_REPRESENTATIVE, school)
    with clock.frozen(clock.now() + timedelta(days=AUGUST)):
        ticks.tick(world.session)
        assert not world.actor("legal").holds(Role.PRINCIPAL, school)
        assert world.actor("deputy").holds(Role.LEGAL_REPRESENTATIVE, school)
        world.act(waiting, "host", "sign")
        with pytest.raises((Forbidden, NotFound)):
            world.act(waiting, "legal", "sign")
        world.act(waiting, "deputy", "sign")
        assert open_item(world, waiting).element == "finance_book"
    assert list(journal.verify(world.session)) == []


def test_who_leaves_the_school_leaves_all_its_posts(world: School) -> None:
    grant(world, "finance", Role.TEACHER)
    leaver, today = world.people["finance"], clock.today().isoformat()
    instance = register(
        world, leaver=leaver, posts=["finance_officer"], successor="何静", from_on=today, leaves_school=True
    )
    confirmed(world, instance, "legal")
    assert not world.actor("finance").belongs_to(world.organizations["school"])
    assert world.actor("teacher").holds(Role.FINANCE_OFFICER, world.organizations["school"])


def test_who_held_the_post_already_keeps_it_once(world: School) -> None:
    grant(world, "deputy", Role.LEGAL_REPRESENTATIVE)
    confirmed(world, register(world, from_on=clock.today().isoformat()), "district_finance")
    held = select(Position.id).where(
        Position.person_id == world.people["deputy"], Position.role == Role.LEGAL_REPRESENTATIVE
    )
    assert len(world.session.scalars(held).all()) == 1


def test_who_held_the_post_for_a_time_holds_it_from_then_on(world: School) -> None:
    grant(world, "deputy", Role.LEGAL_REPRESENTATIVE)
    acting = select(Position).where(
        Position.person_id == world.people["deputy"], Position.role == Role.LEGAL_REPRESENTATIVE
    )
    with writing(world.session):
        world.session.scalars(acting).one().until_on = clock.today() + timedelta(days=5)
    confirmed(world, register(world, from_on=clock.today().isoformat()), "district_finance")
    assert world.session.scalars(acting).one().until_on is None


POOR: tuple[tuple[dict[str, Any], str], ...] = (
    ({"leaver": 999_999}, "leaver"),
    ({"posts": ["finance_officer"]}, "posts"),
    ({"posts": []}, "posts"),
    ({"successor": "没有这人"}, "successor"),
    ({"successor": "陈国栋"}, "successor"),
    ({"successor": "韩雪"}, "successor"),
    ({"from_on": "2020-01-01"}, "from_on"),
    ({"from_on": "2999-01-01"}, "from_on"),
    ({"document": None}, "document"),
)


def test_poor_hand_overs_are_refused_by_field(world: School) -> None:
    for changes, field in POOR:
        with pytest.raises(Invalid) as refused:
            register(world, **changes)
        assert list(refused.value.errors) == [field], changes


def test_one_hand_over_of_a_person_at_a_time(world: School) -> None:
    register(world)
    with pytest.raises(Refused) as refused:
        register(world, successor="何静")
    assert "在办" in str(refused.value.errors["leaver"][0])


def test_a_host_first_gives_up_the_studio(world: School) -> None:
    grant(world, "host", Role.DEPUTY_PRINCIPAL)
    with pytest.raises(Refused) as refused:
        register(world, leaver=world.people["host"], posts=["deputy_principal"], successor="何静", leaves_school=True)
    assert list(refused.value.errors) == ["leaves_school"]


def test_nobody_confirms_an_own_post(world: School) -> None:
    grant(world, "legal", Role.DEPUTY_PRINCIPAL)
    instance = register(world, posts=["deputy_principal"], successor="何静")
    with pytest.raises(Forbidden, match="牵涉您本人"):
        world.act(instance, "legal", "agree")
    world.act(instance, "legal", "return")
    assert open_item(world, instance).assignee_id == world.people["admin"]


def test_a_signer_who_hosts_a_studio_is_pointed_at_and_both_are_told(world: School) -> None:
    case = confirmed(world, register(world, successor="周敏"), "district_finance")
    doubts = [check["text"] for check in case.values["check_change"]["checks"] if not check["is_ok"]]
    assert any("不能签两处" in doubt for doubt in doubts)
    ticks.catch_up(world.session)
    told = select(Notification.person_id).where(Notification.text.contains("您的职务有变动"))
    assert set(world.session.scalars(told)) == {world.people["legal"], world.people["host"]}


def test_only_the_schools_administrator_registers(world: School) -> None:
    for name, error in (("legal", Forbidden), ("host", Forbidden), ("other_admin", NotFound)):
        with pytest.raises(error):
            register(world, by=name)
    place = world.organizations["school"]
    lists = option_lists.options_for(world.session, world.actor("admin"), place, ["post_holders"])
    assert ("陈国栋", "校长、法定代表人") in [(one.label, one.hint) for one in lists["post_holders"]]
