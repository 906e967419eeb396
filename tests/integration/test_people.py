"""People and positions: who may add, move, end and reset, and what the pages show."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.journal import JournalEntry
from app.db.people import Organization, Person, Position
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound, Unauthenticated
from app.domain.policy import Action
from app.domain.vocabulary import Role
from app.services.accounts import people, positions
from app.services.accounts.organizations import NewOrganization, create_organization, organizations_for
from app.services.accounts.people import PersonDraft
from app.services.accounts.sign_in import sign_in
from app.services.accounts.terms import Term
from tests.integration.conftest import Site
from tests.integration.school import School

DRAFT = PersonDraft("张晓明", "13800000001", "2019021")


def term() -> Term:
    return Term(clock.today())


def test_a_new_person_signs_in_with_the_one_time_password(world: School) -> None:
    school = world.organizations["school"]
    given = people.add_person(world.session, world.actor("admin"), school, DRAFT, Role.TEACHER, term())
    assert given.password is not None
    found = sign_in(world.session, "13800000001", given.password, "192.0.2.1")
    assert found.actor.must_change_password
    assert found.actor.holds(Role.TEACHER, school)
    entry = world.session.scalars(select(JournalEntry).where(JournalEntry.action == "add_person")).one()
    assert entry.actor_id == world.people["admin"]
    assert given.password not in str(entry.details)


def test_somebody_with_an_account_elsewhere_keeps_it(world: School) -> None:
    known = PersonDraft("罗佳", "other_host")
    school = world.organizations["school"]
    given = people.add_person(world.session, world.actor("admin"), school, known, Role.TEACHER, term())
    assert (given.person_id, given.password) == (world.people["other_host"], None)
    wrong = PersonDraft("别人", "other_host")
    with pytest.raises(Invalid) as refused:
        people.add_person(world.session, world.actor("admin"), school, wrong, Role.TEACHER, term())
    assert list(refused.value.errors) == ["username"]


def test_a_number_alone_brings_nobody_from_elsewhere(world: School) -> None:
    school, stranger = world.organizations["school"], world.people["other_host"]
    for person_id in (stranger, 999_999):
        with pytest.raises(NotFound):
            positions.add_position(world.session, world.actor("admin"), person_id, school, Role.TEACHER, term())


@pytest.mark.parametrize("name", ["legal", "teacher", "finance", "district_finance", "other_admin"])
def test_others_add_nobody(world: School, name: str) -> None:
    school = world.organizations["school"]
    with pytest.raises((Forbidden, NotFound)):
        people.add_person(world.session, world.actor(name), school, DRAFT, Role.TEACHER, term())
    assert world.session.scalar(select(Person.id).where(Person.username == DRAFT.username)) is None


def test_nobody_gives_themselves_a_position(world: School) -> None:
    school, admin = world.organizations["school"], world.actor("admin")
    with pytest.raises(Forbidden):
        positions.add_position(world.session, admin, admin.person_id, school, Role.PRINCIPAL, term())
    own = PersonDraft("韩雪", "admin")
    with pytest.raises(Forbidden):
        people.add_person(world.session, admin, school, own, Role.FINANCE_OFFICER, term())
    with pytest.raises(Forbidden):
        positions.end_position(world.session, admin, admin.holdings[0].position_id)


def test_a_position_ended_at_once_is_gone_at_once(world: School) -> None:
    held = world.actor("finance").holdings[0]
    positions.end_position(world.session, world.actor("admin"), held.position_id)
    assert world.actor("finance").holdings == ()


def test_a_position_that_began_today_can_be_ended_today(world: School) -> None:
    school, admin, teacher = world.organizations["school"], world.actor("admin"), world.people["teacher"]
    added = positions.add_position(world.session, admin, teacher, school, Role.YEAR_GROUP_HEAD, term())
    positions.end_position(world.session, admin, added.id)
    assert not world.actor("teacher").holds(Role.YEAR_GROUP_HEAD, school)


def test_a_last_day_still_counts(world: School) -> None:
    held = world.actor("finance").holdings[0]
    positions.end_position(world.session, world.actor("admin"), held.position_id, clock.today())
    assert world.actor("finance").holdings
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert world.actor("finance").holdings == ()


def test_the_same_position_is_not_given_twice(world: School) -> None:
    school, teacher = world.organizations["school"], world.people["teacher"]
    with pytest.raises(Invalid) as refused:
        positions.add_position(world.session, world.actor("admin"), teacher, school, Role.TEACHER, term())
    assert "role" in refused.value.errors


def test_a_studio_s_post_is_not_given_on_a_person_s_page(world: School) -> None:
    school, teacher = world.organizations["school"], world.people["teacher"]
    with pytest.raises(Invalid):
        positions.add_position(world.session, world.actor("admin"), teacher, school, Role.STUDIO_HOST, term())


def test_moving_needs_the_administration_of_both(world: School) -> None:
    held = world.actor("teacher").holdings[0]
    sibling = world.organizations["sibling"]
    with pytest.raises(NotFound):
        positions.move_position(world.session, world.actor("admin"), held.position_id, sibling, clock.today())
    people.add_person(
        world.session, world.actor("other_admin"), sibling, PersonDraft("韩雪", "admin"), Role.PROCESS_ADMIN, term()
    )
    positions.move_position(world.session, world.actor("admin"), held.position_id, sibling, clock.today())
    moved = world.actor("teacher").holdings
    assert [(place.role, place.organization_id) for place in moved] == [(Role.TEACHER, sibling)]


def test_who_leaves_loses_all_positions_and_the_account(world: School) -> None:
    school = world.organizations["school"]
    positions.leave(world.session, world.actor("admin"), world.people["host"], school)
    with pytest.raises(Unauthenticated):
        world.actor("host")
    rehired = PersonDraft("周敏", "host")
    people.add_person(world.session, world.actor("admin"), school, rehired, Role.TEACHER, term())
    assert [held.role for held in world.actor("host").holdings] == [Role.TEACHER]


def test_a_reset_ends_sessions_and_needs_the_whole_person(world: School) -> None:
    admin = world.actor("admin")
    given = people.reset_password(world.session, admin, world.people["teacher"])
    assert given.password is not None
    assert sign_in(world.session, "teacher", given.password, "192.0.2.1").epoch == 1
    with pytest.raises(NotFound):
        people.reset_password(world.session, admin, world.people["other_legal"])
    sibling = world.organizations["sibling"]
    both = PersonDraft("陈国栋", "legal")
    people.add_person(world.session, world.actor("other_admin"), sibling, both, Role.TEACHER, term())
    with pytest.raises(Forbidden):  # now also somebody's at another school
        people.reset_password(world.session, admin, world.people["legal"])
    with pytest.raises(Forbidden):
        people.edit_person(world.session, admin, world.people["legal"], PersonDraft("陈", "13900000000"))


def test_a_bureau_resets_the_administrators_below(world: School) -> None:
    assert people.reset_password(world.session, world.actor("district_admin"), world.people["admin"]).password
    with pytest.raises(NotFound):
        people.reset_password(world.session, world.actor("admin"), world.people["district_admin"])
    with pytest.raises(Forbidden):
        people.reset_password(world.session, world.actor("admin"), world.people["admin"])


def test_editing_keeps_usernames_unique(world: School) -> None:
    with pytest.raises(Invalid) as refused:
        people.edit_person(world.session, world.actor("admin"), world.people["teacher"], PersonDraft("", "host"))
    assert set(refused.value.errors) == {"name", "username"}
    people.edit_person(world.session, world.actor("admin"), world.people["teacher"], PersonDraft("何晶", "13700000000"))
    assert world.actor("teacher").name == "何晶"


def test_a_bureau_creates_organisations_and_their_first_administrator(world: School) -> None:
    city, district = world.actor("city_admin"), world.organizations["district"]
    new = NewOrganization("云麓小学", "yl02", "school", "district", "primary")
    school = create_organization(world.session, city, district, new)
    assert (school.code, school.path.startswith("/1/")) == ("YL02", True)
    given = people.add_person(world.session, city, school.id, DRAFT, Role.PROCESS_ADMIN, term())
    with pytest.raises(Forbidden):
        people.add_person(world.session, city, school.id, PersonDraft("李四", "lisi"), Role.TEACHER, term())
    assert people.get_person(world.session, city, given.person_id).name == "张晓明"
    assert school.id in {
        found.id for found in organizations_for(world.session, world.actor("district_admin"), Action.APPOINT_ADMIN)
    }


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewOrganization("", "X1", "school", "district", "primary"), "name"),
        (NewOrganization("云麓小学", "代码", "school", "district", "primary"), "organization_code"),
        (NewOrganization("云麓小学", "SF01", "school", "district", "primary"), "organization_code"),
        (NewOrganization("云麓小学", "X1", "city"), "kind"),
        (NewOrganization("云麓小学", "X1", "school", "direct", "primary"), "affiliation"),
        (NewOrganization("云麓小学", "X1", "school", "district", ""), "stage"),
    ],
)
def test_a_poor_organisation_is_refused_by_field(world: School, new: NewOrganization, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        create_organization(world.session, world.actor("district_admin"), world.organizations["district"], new)
    assert list(refused.value.errors) == [field]


def test_only_one_s_own_bureau_creates(world: School) -> None:
    new = NewOrganization("云麓小学", "X1", "school", "direct", "primary")
    with pytest.raises(NotFound):
        create_organization(world.session, world.actor("district_admin"), world.organizations["city"], new)
    with pytest.raises(Forbidden):
        create_organization(world.session, world.actor("admin"), world.organizations["school"], new)


def test_the_list_searches_and_shows_leavers(world: School) -> None:
    school = world.session.get_one(Organization, world.organizations["school"])
    admin = world.actor("admin")
    found = people.members(world.session, admin, school, "陈")
    assert [person.name for person in found.people] == ["陈国栋"]
    assert {held.role for held in found.positions[found.people[0].id]} == {Role.PRINCIPAL, Role.LEGAL_REPRESENTATIVE}
    positions.leave(world.session, admin, world.people["teacher"], school.id)
    assert "何静" in {person.name for person in people.members(world.session, admin, school, has_left=True).people}
    assert "何静" not in {person.name for person in people.members(world.session, admin, school).people}
    below = people.members(world.session, world.actor("district_admin"), school)
    assert [person.name for person in below.people] == ["韩雪"]


def test_the_pages_add_edit_end_and_reset(site: Site) -> None:
    assert site.world is not None
    browser = site.browser("admin")
    assert "陈国栋" in browser.get("/people").text
    browser.get("/people/new")
    school = site.world.organizations["school"]
    draft = {"organization": school, "name": "张晓明", "username": "1380", "role": "", "from_on": "", "until_on": "bad"}
    assert browser.post("/people/new", draft).status_code == 422
    kept = browser.post("/people/new", draft | {"until_on": "", "username": "!"})
    assert kept.text.count('class="sp-err"') == 2
    assert 'value="张晓明"' in kept.text
    done = browser.post("/people/new", draft | {"until_on": "", "role": "teacher"})
    assert "<code>" in done.text
    person = site.session.scalars(select(Person).where(Person.username == "1380")).one()
    browser.get(f"/people/{person.id}")
    edit = {"organization": school, "name": "张小明", "username": "1380", "staff_number": "9"}
    assert browser.post(f"/people/{person.id}", edit).status_code == 302
    assert (
        browser.post(f"/people/{person.id}/positions", {"organization": school, "role": "teacher"}).status_code == 422
    )
    position = site.session.scalars(select(Position).where(Position.person_id == person.id)).one()
    assert browser.get(f"/people/positions/{position.id}").status_code == 200
    assert "<code>" in browser.post(f"/people/{person.id}/password").text
    assert browser.get(f"/people/{person.id}/leave?organization={school}").status_code == 200
    assert browser.post(f"/people/{person.id}/leave", {"organization": school}).status_code == 302


@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/import", "/people/import/template.xlsx"])
def test_a_teacher_sees_no_people_pages(site: Site, path: str) -> None:
    assert site.browser("teacher").get(path).status_code == 403


def test_people_of_another_school_are_not_found(site: Site) -> None:
    assert site.world is not None
    browser = site.browser("admin")
    stranger = site.world.people["other_legal"]
    for path in (f"/people/{stranger}", f"/people/{stranger}/password", f"/people/{stranger}/leave"):
        assert browser.get(path).status_code == 404
    assert browser.get(f"/people?organization={site.world.organizations['sibling']}").status_code == 404
    assert browser.get(f"/people?organization={site.world.organizations['city']}").status_code == 404
