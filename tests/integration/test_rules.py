"""Rules through the services: adopting, inheriting, changing, pinning, listing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.journal import JournalEntry
from app.db.people import Organization, Person, Position
from app.db.rules import RuleValue
from app.domain import clock
from app.domain.canonical import canonical
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from app.domain.identity import Actor
from app.domain.rules import Clause
from app.domain.vocabulary import Affiliation, OrganizationKind, Programme, Role
from app.services.accounts.actors import load_actor
from app.services.rulebook import rules
from app.services.rulebook.rule_listing import Filter, rule_listing, rule_row

TODAY = date(2026, 9, 1)
LATER = TODAY + timedelta(days=30)
CITY, SCHOOL, SIBLING = 1, 3, 4


@pytest.fixture(autouse=True)
def _at_noon():
    with clock.frozen(datetime(2026, 9, 1, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def people(session: Session) -> dict[str, Actor]:
    organizations = [
        Organization(id=CITY, code="YL", name="云澜市教育局", kind=OrganizationKind.CITY, path="/1/"),
        Organization(
            id=2, code="XZ", name="西泽区教育局", kind=OrganizationKind.DISTRICT, parent_id=CITY, path="/1/2/"
        ),
        _school(SCHOOL, "SF01", "第三中学"),
        _school(SIBLING, "SF02", "第四中学"),
    ]
    for organization in organizations:
        session.add(organization)
        session.flush()
    holders = {
        "city": (CITY, Role.BUREAU_ADMIN),
        "admin": (SCHOOL, Role.PROCESS_ADMIN),
        "teacher": (SCHOOL, Role.TEACHER),
    }
    people = {name: _person(session, name, *held) for name, held in holders.items()}
    session.commit()
    return {name: load_actor(session, person.id) for name, person in people.items()}


def _school(id_: int, code: str, name: str) -> Organization:
    kind, path = OrganizationKind.SCHOOL, f"/1/2/{id_}/"
    return Organization(
        id=id_, code=code, name=name, kind=kind, affiliation=Affiliation.DISTRICT, parent_id=2, path=path
    )


def _person(session: Session, name: str, organization_id: int, role: Role) -> Person:
    person = Person(username=name, name=name, password_hash="x")
    session.add(person)
    session.flush()
    session.add(Position(person_id=person.id, organization_id=organization_id, role=role, from_on=date(2020, 1, 1)))
    return person


@pytest.fixture
def adopted(session: Session, people: dict[str, Actor]) -> dict[str, Actor]:
    rules.adopt_pack(session, people["city"], CITY, Programme.CITY_STUDIO, "s1", date(2026, 1, 1))
    rules.adopt_pack(session, people["admin"], SCHOOL, Programme.SCHOOL_STUDIO, "s0", date(2026, 1, 1))
    return people


def set_days(session: Session, actor: Actor, value: object, *, where: int = SCHOOL, from_on: date = TODAY):
    return rules.change_rule(
        session, actor, where, Programme.CITY_STUDIO, "notice.working_days", value, from_on=from_on, reason="人多"
    )


def days(session: Session, where: int = SCHOOL, on: date | None = None) -> object:
    return rules.effective_rules(session, where, Programme.CITY_STUDIO, on)["notice.working_days"].value


def test_a_pack_of_the_city_holds_in_every_school(session, adopted):
    rule = rules.effective_rules(session, SIBLING, Programme.CITY_STUDIO)["funding.city_district"]
    assert (rule.value, rule.issuer.name) == (4_000_000, "云澜市教育局")
    assert rules.effective_rules(session, SIBLING, Programme.SCHOOL_STUDIO) == {}


def test_a_school_raises_a_floor_for_itself_alone(session, adopted):
    assert set_days(session, adopted["admin"], 7).value == 7
    assert (days(session), days(session, SIBLING), days(session, CITY)) == (7, 5, 5)
    kept = session.scalars(select(RuleValue)).one()
    assert (kept.value, kept.reason, kept.from_on) == (7, "人多", TODAY)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "change_rule")).one()
    assert entry.details["parameter"] == "notice.working_days"


def test_a_value_beyond_the_lock_is_refused_and_not_kept(session, adopted):
    with pytest.raises(Refused) as caught:
        set_days(session, adopted["admin"], 3)
    expected = "公示天数不能改成 3 个工作日。市教育局规定不少于 5 个工作日，本校只能提高。"
    assert str(caught.value.errors["value"][0]) == expected
    assert session.scalars(select(RuleValue)).all() == []
    assert days(session) == 5


def test_the_city_may_raise_a_floor_over_its_schools(session, adopted):
    set_days(session, adopted["admin"], 6)
    set_days(session, adopted["city"], 8, where=CITY)
    assert days(session) == 8
    with pytest.raises(Refused):
        set_days(session, adopted["admin"], 7)


def test_a_case_keeps_what_held_when_it_started(session, adopted):
    pinned = rules.pinned_rules(session, SCHOOL, Programme.CITY_STUDIO, TODAY)
    set_days(session, adopted["admin"], 9)
    assert pinned["notice.working_days"]["value"] == 5
    assert rules.pinned_rules(session, SCHOOL, Programme.CITY_STUDIO, TODAY)["notice.working_days"]["value"] == 9
    signatures = pinned["expense.two_signatures"]
    assert (signatures["issuer"], signatures["lock"]) == ("市教育局", "fixed")
    assert Clause(**signatures["clause"]).citation == "《经费管理办法》第四条"
    assert canonical(pinned)


def test_a_change_waits_for_its_date(session, adopted):
    set_days(session, adopted["admin"], 7, from_on=LATER)
    assert (days(session), days(session, on=LATER)) == (5, 7)
    row = rule_row(session, adopted["teacher"], SCHOOL, Programme.CITY_STUDIO, "notice.working_days")
    (item,) = row.pending
    assert (item.from_on, item.rule.text) == (LATER, "7 个工作日")
    assert item.rule.change is not None
    assert (item.rule.change.changed_by, item.rule.change.reason) == ("admin", "人多")


@pytest.mark.parametrize(
    ("from_on", "reason", "fields"),
    [(TODAY - timedelta(days=1), " ", {"from", "reason"}), (TODAY, "长" * 501, {"reason"})],
)
def test_a_change_needs_a_reason_and_a_date_to_come(session, adopted, from_on, reason, fields):
    with pytest.raises(Invalid) as caught:
        rules.change_rule(
            session, adopted["admin"], SCHOOL, "city_studio", "notice.working_days", 7, from_on=from_on, reason=reason
        )
    assert set(caught.value.errors) == fields


@pytest.mark.parametrize(
    ("who", "where", "error"),
    [
        ("teacher", SCHOOL, Forbidden),
        ("admin", SIBLING, NotFound),
        ("admin", CITY, NotFound),
        ("city", SCHOOL, Forbidden),
        ("city", 99, NotFound),
    ],
)
def test_only_the_administrator_of_the_organisation_changes_its_rules(session, adopted, who, where, error):
    with pytest.raises(error):
        set_days(session, adopted[who], 7, where=where)


def test_an_unknown_rule_or_programme_is_not_changed(session, adopted):
    arguments: dict[str, Any] = {"from_on": TODAY, "reason": "试"}
    with pytest.raises(NotFound):
        rules.change_rule(session, adopted["admin"], SCHOOL, "rank", "rank.quorum", "1/2", **arguments)
    with pytest.raises(NotFound):
        rules.change_rule_everywhere(session, adopted["admin"], SCHOOL, "rank.quorum", "1/2", **arguments)
    with pytest.raises(Invalid):
        rules.change_rule(session, adopted["admin"], SCHOOL, "cars", "x", 1, **arguments)


def test_a_value_may_be_set_in_every_programme_or_in_none(session, adopted):
    arguments: dict[str, Any] = {"from_on": TODAY, "reason": "试"}
    changed = rules.change_rule_everywhere(
        session, adopted["admin"], SCHOOL, "expense.sign_working_days", 4, **arguments
    )
    assert [rule.value for rule in changed] == [4, 4]
    with pytest.raises(Refused):
        rules.change_rule_everywhere(session, adopted["admin"], SCHOOL, "roster.max", 9, **arguments)
    assert rules.effective_rules(session, SCHOOL, "school_studio")["roster.max"].value == 5


def test_adoption_is_checked(session, adopted):
    with pytest.raises(Invalid):
        rules.adopt_pack(session, adopted["city"], CITY, "rank", "s1", TODAY)
    with pytest.raises(NotFound):
        rules.adopt_pack(session, adopted["city"], CITY, "rank", "s9", TODAY)
    with pytest.raises(Conflict):
        rules.adopt_pack(session, adopted["city"], CITY, "city_studio", "s1", date(2026, 1, 1))
    with pytest.raises(Invalid):
        rules.adopt_pack(session, adopted["city"], CITY, "city_studio", "s1", date(2026, 2, 1))
    with pytest.raises(Forbidden):
        rules.adopt_pack(session, adopted["teacher"], SCHOOL, "rank", "s4", TODAY)
    rules.adopt_pack(session, adopted["city"], CITY, "rank", "s4", date(2025, 9, 1))
    assert rules.effective_rules(session, SCHOOL, "rank")["rank.quorum"].text == "不低于评审组的三分之二"


def test_the_page_lists_rules_in_groups_with_filters(session, adopted):
    set_days(session, adopted["admin"], 7)
    listing = rule_listing(session, adopted["admin"], SCHOOL)
    assert list(listing.groups)[:2] == ["经费", "主持人评选"]
    assert listing.can_change
    assert listing.counts[Filter.ALL] == sum(map(len, listing.groups.values())) == 86 + 94
    assert listing.counts[Filter.OWN] == 86 + 1
    assert listing.counts[Filter.PENDING] == 0
    row = rule_row(session, adopted["admin"], SCHOOL, Programme.CITY_STUDIO, "notice.working_days")
    assert (row.issuer, row.is_own, row.lock_title, row.is_typed) == ("本校", True, "只能提高", True)


def test_the_page_can_be_searched(session, adopted):
    teacher = adopted["teacher"]
    found = rule_listing(session, teacher, SCHOOL, Programme.CITY_STUDIO, search="双方签字后，")
    (row,) = (row for rows in found.groups.values() for row in rows)
    assert (row.rule.key, row.issuer, row.is_changeable) == ("expense.two_signatures", "市教育局", False)
    assert not found.can_change
    own = rule_listing(session, teacher, SCHOOL, Programme.CITY_STUDIO, show=Filter.OWN)
    assert own.groups == {}


def test_who_may_not_see_an_organisation_sees_no_rules(session, adopted):
    for where in (SIBLING, 99):
        with pytest.raises(NotFound):
            rule_listing(session, adopted["admin"], where)
    with pytest.raises(NotFound):
        rule_row(session, adopted["admin"], SCHOOL, Programme.RANK, "rank.quorum")
