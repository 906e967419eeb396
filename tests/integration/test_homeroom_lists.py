"""The list of homeroom teachers: planned a year on, confirmed once, changed in mid-year, read as of any day."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.db.people import Person, Position
from app.db.registers import DossierEntry, HomeroomList
from app.db.work import Notification
from app.domain import clock
from app.domain.dossiers import EntryKind, EntrySource, Level
from app.domain.entry_checks import Particulars
from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.homeroom_lists import ClassPosts, Post
from app.domain.vocabulary import Programme, Role
from app.services import journal
from app.services.accounts import positions
from app.services.dossiers.recording import Entry, record
from app.services.homeroom import confirmations, lists, plans, reminders
from app.services.homeroom.drafts import ListDraft
from app.services.homeroom.electorates import electorate
from app.services.rulebook import rules
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.crowd import at_once, refusals
from tests.integration.homeroom_world import AUGUST, NOVEMBER, SEPTEMBER_1, Homeroom, staffed
from tests.integration.school import School
from tests.integration.test_statements import statements

YEAR_2025 = date(2025, 9, 1)
LAST_OF_2025 = date(2026, 8, 31)


@pytest.fixture
def homeroom(world: School) -> Homeroom:
    return staffed(world)


def classes(homeroom: Homeroom, on: date) -> list[tuple[str, str]]:
    """Return the classes of a day with who leads them."""
    homeroom.session.rollback()
    found = lists.get_list(homeroom.session, homeroom.school.actor("teacher"), homeroom.place, on)
    return [(one.class_name, found.names[one.teacher_id] if one.teacher_id else "") for one in found.classes]


def last_year(homeroom: Homeroom) -> None:
    """Confirm the list of 2025, in its time."""
    with clock.frozen(AUGUST - timedelta(days=365)):
        homeroom.confirm("一（1）班 甲 丁", "二（1）班 乙", "六（1）班 丙", year=2025, from_on=YEAR_2025)


def test_a_list_begins_positions_and_services(homeroom: Homeroom) -> None:
    with clock.frozen(AUGUST):
        kept = homeroom.confirm("三(1)班 甲 乙", "一（1）班 丙")
    assert (kept.school_year, kept.revision) == (2026, 1)
    assert homeroom.held("甲") == [(SEPTEMBER_1, None)]
    assert homeroom.held("乙", Role.ASSISTANT_HOMEROOM_TEACHER) == [(SEPTEMBER_1, None)]
    assert homeroom.services("甲") == [("三（1）班", "full", SEPTEMBER_1, None)]
    assert homeroom.services("乙") == [("三（1）班", "assistant", SEPTEMBER_1, None)]
    assert classes(homeroom, SEPTEMBER_1) == [("一（1）班", "丙老师"), ("三（1）班", "甲老师")]
    assert classes(homeroom, LAST_OF_2025) == []
    assert list(journal.verify(homeroom.session)) == []


def test_a_new_year_is_planned_a_class_up(homeroom: Homeroom) -> None:
    last_year(homeroom)
    with clock.frozen(AUGUST):
        plan = plans.plan_for(homeroom.session, homeroom.school.actor("office"), homeroom.place)
    people = homeroom.people
    assert (plan.school_year, plan.revision, plan.from_on) == (2026, 0, SEPTEMBER_1)
    assert [(one.before, one.posts) for one in plan.classes] == [
        ("", ClassPosts("一（1）班", None)),
        ("一（1）班", ClassPosts("二（1）班", people["甲"], (people["丁"],))),
        ("二（1）班", ClassPosts("三（1）班", people["乙"])),
    ]


def test_who_has_left_the_school_is_left_out_of_the_plan(homeroom: Homeroom) -> None:
    last_year(homeroom)
    with writing(homeroom.session):
        for position in homeroom.session.scalars(select(Position).where(Position.person_id == homeroom.people["甲"])):
            position.until_on = date(2026, 3, 31)
    with clock.frozen(AUGUST):
        plan = plans.plan_for(homeroom.session, homeroom.school.actor("office"), homeroom.place)
        led = next(one for one in plan.classes if one.posts.class_name == "二（1）班")
        assert (led.posts.teacher_id, led.left) == (None, ("甲老师",))
        homeroom.confirm("二（1）班 丁", "三（1）班 乙", "一（1）班 丙")
    # The service ended with the position, not with the year.
    assert homeroom.services("甲") == [("一（1）班", "full", YEAR_2025, date(2026, 3, 31))]


def test_the_roll_over_ends_moves_and_begins(homeroom: Homeroom) -> None:
    last_year(homeroom)
    with clock.frozen(AUGUST):
        homeroom.confirm("二（1）班 甲", "三（1）班 乙", "一（1）班 丁")
    assert homeroom.held("甲") == [(YEAR_2025, None)]
    assert homeroom.services("甲") == [
        ("一（1）班", "full", YEAR_2025, LAST_OF_2025),
        ("二（1）班", "full", SEPTEMBER_1, None),
    ]
    assert homeroom.held("丙") == [(YEAR_2025, LAST_OF_2025)]
    assert homeroom.services("丙") == [("六（1）班", "full", YEAR_2025, LAST_OF_2025)]
    assert homeroom.held("丁", Role.ASSISTANT_HOMEROOM_TEACHER) == [(YEAR_2025, LAST_OF_2025)]
    assert homeroom.held("丁") == [(SEPTEMBER_1, None)]
    assert classes(homeroom, LAST_OF_2025) == [
        ("一（1）班", "甲老师"),
        ("二（1）班", "乙老师"),
        ("六（1）班", "丙老师"),
    ]
    assert classes(homeroom, SEPTEMBER_1)[0] == ("一（1）班", "丁老师")


def test_everybody_concerned_is_told(homeroom: Homeroom) -> None:
    last_year(homeroom)
    with clock.frozen(AUGUST):
        homeroom.confirm("二（1）班 甲", "三（1）班 乙", "一（1）班 丁")
        told = homeroom.session.execute(
            select(Notification.person_id, Notification.text).where(Notification.text.contains("2026—2027"))
        ).all()
    texts = {(row[0], row[1].split("：", 1)[1]) for row in told}
    assert texts == {
        (homeroom.people["甲"], "从 9月1日起，您任二（1）班班主任。"),
        (homeroom.people["乙"], "从 9月1日起，您任三（1）班班主任。"),
        (homeroom.people["丙"], "从 9月1日起，您不再担任班主任。"),
        (homeroom.people["丁"], "从 9月1日起，您任一（1）班班主任。"),
        (homeroom.people["丁"], "从 9月1日起，您不再担任班主任助理。"),
    }


def test_a_class_gets_another_homeroom_teacher_in_mid_year(homeroom: Homeroom) -> None:
    change = date(2026, 11, 30)
    with clock.frozen(AUGUST):
        homeroom.confirm("一（1）班 甲", "二（1）班 乙")
    with clock.frozen(NOVEMBER):
        plan = plans.plan_for(homeroom.session, homeroom.school.actor("office"), homeroom.place)
        assert (plan.school_year, plan.revision, plan.from_on) == (2026, 1, NOVEMBER.date())
        kept = homeroom.confirm("一（1）班 丙", "二（1）班 乙", revision=1, from_on=change, by="second")
        assert kept.revision == 2
        assert classes(homeroom, change - timedelta(days=1)) == [("一（1）班", "甲老师"), ("二（1）班", "乙老师")]
        assert classes(homeroom, change) == [("一（1）班", "丙老师"), ("二（1）班", "乙老师")]
        with pytest.raises(Invalid) as raised:
            homeroom.confirm("一（1）班 丁", revision=2, from_on=NOVEMBER.date())
        assert set(raised.value.errors) == {"from"}
    assert homeroom.held("甲") == [(SEPTEMBER_1, change - timedelta(days=1))]
    assert homeroom.services("甲") == [("一（1）班", "full", SEPTEMBER_1, change - timedelta(days=1))]
    assert homeroom.services("乙") == [("二（1）班", "full", SEPTEMBER_1, None)]
    assert homeroom.services("丙") == [("一（1）班", "full", change, None)]


def test_a_list_mended_from_its_first_day_strikes_out_what_never_was(homeroom: Homeroom) -> None:
    with clock.frozen(AUGUST):
        homeroom.confirm("一（1）班 甲", "二（1）班 乙")
        homeroom.confirm("一（1）班 丙", "二（1）班 乙", revision=1)
    assert (homeroom.held("甲"), homeroom.services("甲")) == ([], [])
    struck = select(func.count()).where(DossierEntry.person_id == homeroom.people["甲"])
    assert homeroom.session.scalar(struck) == 2
    assert homeroom.services("丙") == [("一（1）班", "full", SEPTEMBER_1, None)]


def test_power_that_was_used_is_not_denied_afterwards(homeroom: Homeroom) -> None:
    with clock.frozen(AUGUST):
        homeroom.confirm("一（1）班 甲")
    with clock.frozen(NOVEMBER):
        homeroom.confirm("一（1）班 乙", revision=1)
        assert homeroom.held("甲") == [(SEPTEMBER_1, clock.today() - timedelta(days=1))]
        assert homeroom.services("甲") == []


def test_verified_services_go_on_or_end(homeroom: Homeroom) -> None:
    """What was imported before the first list is continued where it fits, and ended where it does not."""
    with writing(homeroom.session), clock.frozen(AUGUST):
        for name, of in (("甲", "三（1）班"), ("乙", "五（1）班")):
            record(homeroom.session, service(homeroom, name, of, date(2024, 9, 1)))
    with clock.frozen(NOVEMBER):
        assert classes(homeroom, clock.today()) == [("三（1）班", "甲老师"), ("五（1）班", "乙老师")]
        plan = plans.plan_for(homeroom.session, homeroom.school.actor("office"), homeroom.place)
        assert [one.posts.class_name for one in plan.classes] == ["三（1）班", "五（1）班"]
        homeroom.confirm("三（1）班 甲", "五（1）班 丙")
    assert homeroom.services("甲") == [("三（1）班", "full", date(2024, 9, 1), None)]
    assert homeroom.services("乙") == [("五（1）班", "full", date(2024, 9, 1), LAST_OF_2025)]


def service(homeroom: Homeroom, name: str, class_name: str, since: date) -> Entry:
    told = Particulars(EntryKind.SERVICE, since, category="full", issuer="松风路小学", class_name=class_name)
    office = homeroom.school.people["office"]
    place = homeroom.place
    return Entry(homeroom.people[name], place, told, EntrySource.IMPORT, office, office, school_id=place)


def test_holders_of_the_position_are_planned_where_nothing_else_is_known(homeroom: Homeroom) -> None:
    with writing(homeroom.session):
        given = {"organization_id": homeroom.place, "role": Role.HOMEROOM_TEACHER, "from_on": SEPTEMBER_1}
        homeroom.session.add(Position(person_id=homeroom.people["甲"], **given))
    with clock.frozen(NOVEMBER):
        plan = plans.plan_for(homeroom.session, homeroom.school.actor("office"), homeroom.place)
        assert [one.posts for one in plan.classes] == [ClassPosts("", homeroom.people["甲"])]
        homeroom.confirm("四（1）班 甲")
    assert homeroom.held("甲") == [(SEPTEMBER_1, None)]


def test_the_electorate_is_the_list_without_who_left_the_post(homeroom: Homeroom) -> None:
    with clock.frozen(AUGUST):
        homeroom.confirm("一（1）班 甲 丁", "二（1）班 甲", "三（1）班 乙")
    with writing(homeroom.session):
        left = Position.person_id == homeroom.people["乙"], Position.role == Role.HOMEROOM_TEACHER
        homeroom.session.scalars(select(Position).where(*left)).one().until_on = date(2026, 10, 31)
    people = homeroom.people

    def voters(on: date, *, with_assistants: bool = False) -> list[tuple[int, Post]]:
        found = electorate(homeroom.session, homeroom.place, on, with_assistants=with_assistants)
        return [(line.person_id, line.post) for line in found]

    assert voters(date(2026, 10, 31)) == [(people["甲"], Post.FULL), (people["乙"], Post.FULL)]
    assert voters(date(2026, 11, 1)) == [(people["甲"], Post.FULL)]
    assert voters(date(2026, 11, 1), with_assistants=True) == [
        (people["甲"], Post.FULL),
        (people["丁"], Post.ASSISTANT),
    ]
    assert voters(LAST_OF_2025) == []


def sanctioned(homeroom: Homeroom, name: str, on: date) -> None:
    told = Particulars(EntryKind.SANCTION, on, "上课迟到", "demerit", Level.SCHOOL, "松风路小学")
    office = homeroom.school.people["office"]
    with writing(homeroom.session):
        entry = Entry(homeroom.people[name], homeroom.place, told, EntrySource.IMPORT, office, office)
        record(homeroom.session, entry)


def test_whoever_was_sanctioned_is_barred_by_the_rule_and_its_clause(homeroom: Homeroom) -> None:
    sanctioned(homeroom, "甲", date(2024, 3, 1))
    with clock.frozen(AUGUST):
        homeroom.confirm("一（1）班 甲")
        place, admin = homeroom.school.organizations["city"], homeroom.school.actor("city_admin")
        rules.adopt_pack(homeroom.session, admin, place, Programme.RANK, "s4", date(2026, 8, 1))
        with pytest.raises(Refused) as raised:
            homeroom.confirm("一（1）班 甲 乙", "二（1）班 甲", revision=1)
        assert set(raised.value.errors) == {"classes.0.homeroom_teacher", "classes.1.homeroom_teacher"}
        assert str(raised.value.errors["classes.0.homeroom_teacher"][0]) == (
            "甲老师受过处分，到 2027-02-28 为止不能任班主任，请换一位。"
        )
        assert raised.value.parameter == "sanction.bar_years"
        assert raised.value.clause is not None
        # What is decided of others does not wait.
        homeroom.confirm("一（1）班 甲", "二（1）班 乙", revision=1)
    with clock.frozen(AUGUST.replace(year=2027)):
        homeroom.confirm("二（1）班 甲", "三（1）班 乙", year=2027, from_on=date(2027, 9, 1))


WRONG: dict[str, tuple[tuple[str, ...], dict[str, Any], set[str]]] = {
    "no class": ((), {}, {"classes"}),
    "no name": (("\u200b 甲",), {}, {"classes.0.class_name"}),
    "twice": (("一(1)班 甲", "一（1）班 乙"), {}, {"classes.0.class_name", "classes.1.class_name"}),
    "too long": ((f"{'一' * 61} 甲",), {}, {"classes.0.class_name"}),
    "nobody": (("一（1）班 无",), {}, {"classes.0.homeroom_teacher"}),
    "a stranger": (("一（1）班 外",), {}, {"classes.0.homeroom_teacher"}),
    "a strange assistant": (("一（1）班 甲 外",), {}, {"classes.0.assistants"}),
    "assists oneself": (("一（1）班 甲 甲",), {}, {"classes.0.assistants"}),
    "assists twice": (("一（1）班 甲 乙 乙",), {}, {"classes.0.assistants"}),
    "another year": (("一（1）班 甲",), {"year": 2030}, {"school_year"}),
    "before the year": (("一（1）班 甲",), {"from_on": LAST_OF_2025}, {"from"}),
    "after the year": (("一（1）班 甲",), {"from_on": date(2027, 9, 1)}, {"from"}),
    "no day": (("一（1）班 甲",), {"from_on": None}, {"from"}),
    "oneself": (("一（1）班 office",), {}, {"classes"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_by_field(homeroom: Homeroom, name: str) -> None:
    rows, changes, fields = WRONG[name]
    homeroom.people["外"] = homeroom.school.people["other_host"]
    with clock.frozen(AUGUST), pytest.raises(Invalid) as raised:
        homeroom.confirm(*rows, **changes)
    assert set(raised.value.errors) == fields
    assert homeroom.session.scalar(select(func.count()).select_from(HomeroomList)) == 0


def test_whoever_may_not_confirm_is_refused(homeroom: Homeroom) -> None:
    with clock.frozen(AUGUST):
        for name in ("teacher", "deputy", "legal", "admin", "district_admin"):
            with pytest.raises(Forbidden):
                homeroom.confirm("一（1）班 甲", by=name)
        with pytest.raises(NotFound):
            homeroom.confirm("一（1）班 甲", by="other_admin")


def test_a_double_click_confirms_once(homeroom: Homeroom, database: Engine) -> None:
    with clock.frozen(AUGUST):
        actor, draft = homeroom.school.actor("office"), homeroom.draft("一（1）班 甲", "二（1）班 乙")
        homeroom.session.rollback()
        answers = at_once(
            database, *[lambda session: confirmations.confirm(session, actor, homeroom.place, draft).revision] * 3
        )
        assert answers == [1, 1, 1]
    assert homeroom.held("甲") == [(SEPTEMBER_1, None)]
    assert len(homeroom.services("甲")) == 1
    told = select(func.count()).select_from(Notification).where(Notification.text.contains("班主任名单"))
    assert homeroom.session.scalar(told) == 2


def test_of_two_different_lists_at_once_one_is_stale(homeroom: Homeroom, database: Engine) -> None:
    with clock.frozen(AUGUST):
        first, second = homeroom.school.actor("office"), homeroom.school.actor("second")
        one, other = homeroom.draft("一（1）班 甲"), homeroom.draft("一（1）班 乙")
        homeroom.session.rollback()
        answers = at_once(
            database,
            lambda session: confirmations.confirm(session, first, homeroom.place, one).revision,
            lambda session: confirmations.confirm(session, second, homeroom.place, other).revision,
        )
        assert refusals(answers) == [Stale]
        assert len(homeroom.services("甲")) + len(homeroom.services("乙")) == 1
        with pytest.raises(Stale):
            homeroom.confirm("一（1）班 丙", by="second")


def reminded(homeroom: Homeroom) -> set[str]:
    homeroom.session.rollback()
    query = select(Person.name).join(Notification, Notification.person_id == Person.id)
    return set(homeroom.session.scalars(query.where(Notification.text.startswith("请确认 2026—2027 学年的班主任名单"))))


def test_the_office_is_reminded_each_week_until_the_list_is_confirmed(homeroom: Homeroom, database: Engine) -> None:
    with clock.frozen(AUGUST - timedelta(days=5)):
        assert reminders.remind(homeroom.session) == 0
    with clock.frozen(AUGUST):
        homeroom.session.rollback()
        assert sorted(at_once(database, *[reminders.remind] * 3)) == [0, 0, 3]
        assert reminded(homeroom) == {"office老师", "second老师", "other_office老师"}
    with clock.frozen(AUGUST + timedelta(days=6)):
        assert ticks.tick(homeroom.session)["lists"] == 0
    with clock.frozen(AUGUST + timedelta(days=7)):
        assert ticks.tick(homeroom.session)["lists"] == 3
    with clock.frozen(AUGUST + timedelta(days=14)):
        homeroom.confirm("一（1）班 甲")
        assert ticks.tick(homeroom.session)["lists"] == 1


def test_a_list_of_many_classes_takes_few_statements(homeroom: Homeroom) -> None:
    with writing(homeroom.session):
        people = [Person(username=f"many-{each}", name=f"老师{each}", password_hash="-") for each in range(60)]
        homeroom.session.add_all(people)
        homeroom.session.flush()
        given = {"organization_id": homeroom.place, "role": Role.TEACHER, "from_on": YEAR_2025}
        homeroom.session.add_all([Position(person_id=one.id, **given) for one in people])
        classes_ = [ClassPosts(f"{one.id}班", one.id) for one in people]
    draft = ListDraft(2026, 0, SEPTEMBER_1, classes_)
    actor = homeroom.school.actor("office")
    with clock.frozen(AUGUST):
        with statements(homeroom.session) as sent:
            confirmations.confirm(homeroom.session, actor, homeroom.place, draft)
        # SQLite, which is asked over no network, gets rows whose numbers are wanted back one by one.
        assert len(sent) <= 40 or homeroom.session.get_bind().dialect.name == "sqlite"
        with statements(homeroom.session) as sent:
            assert len(lists.get_list(homeroom.session, actor, homeroom.place, SEPTEMBER_1).classes) == 60
        assert len(sent) <= 5
        with statements(homeroom.session) as sent:
            assert len(plans.plan_for(homeroom.session, actor, homeroom.place).classes) == 60
        assert len(sent) <= 8


def test_a_list_confirmed_while_an_administrator_ends_a_post(homeroom: Homeroom, database: Engine) -> None:
    with clock.frozen(AUGUST):
        homeroom.confirm("一（1）班 甲", "二（1）班 乙")
    with clock.frozen(NOVEMBER):
        office, admin = homeroom.school.actor("office"), homeroom.school.actor("admin")
        held = select(Position.id).where(Position.person_id == homeroom.people["甲"])
        held = held.where(Position.role == Role.HOMEROOM_TEACHER)
        position = homeroom.session.scalars(held).one()
        draft = homeroom.draft("一（1）班 丙", "二（1）班 乙", revision=1, from_on=NOVEMBER.date())
        homeroom.session.rollback()
        answers = at_once(
            database,
            lambda session: confirmations.confirm(session, office, homeroom.place, draft).revision,
            lambda session: positions.end_position(session, admin, position),
        )
        assert answers == [2, None]
        yesterday = NOVEMBER.date() - timedelta(days=1)
        assert homeroom.held("甲") == [(SEPTEMBER_1, yesterday)]
        assert homeroom.services("甲") == [("一（1）班", "full", SEPTEMBER_1, yesterday)]
        assert list(journal.verify(homeroom.session)) == []
