"""Studios: founding, the roster rules with their clauses, changing people, ending."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.money import Studio
from app.domain import clock
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.vocabulary import Programme, Role
from app.services.accounts.people import PersonDraft, add_person
from app.services.accounts.terms import Term
from app.services.rulebook import rules
from app.services.studios import staffing, studios
from app.services.studios.studios import StudioDraft
from tests.integration.conftest import Site
from tests.integration.school import School


def draft(**changes: Any) -> StudioDraft:
    today = clock.today()
    given = {
        "name": "何静名班主任工作室",
        "level": "school",
        "from_on": today,
        "until_on": today + timedelta(days=700),
        "host": "何静",
        "members": "李若涵\nfinance\n许文彬 deputy",
        "mentor": "",
    }
    return StudioDraft(**{**given, **changes})


def found(world: School, **changes: Any) -> tuple[Studio, list[Any]]:
    return studios.create_studio(world.session, world.actor("admin"), world.organizations["school"], draft(**changes))


def test_a_studio_names_its_people_as_dated_positions(world: School) -> None:
    studio, _findings = found(world)
    assert studio.programme == Programme.SCHOOL_STUDIO
    assert world.actor("teacher").holds(Role.STUDIO_HOST, world.organizations["school"], studio.id)
    posts = staffing.posts_of(world.session, studio.id)
    assert [post.role for post in posts].count(Role.STUDIO_MEMBER) == 3
    assert {post.until_on for post in posts} == {studio.until_on}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "周敏名班主任工作室"}, "name"),
        ({"level": "world"}, "level"),
        ({"until_on": None}, "until_on"),
        ({"until_on": clock.today() - timedelta(days=1)}, "until_on"),
        ({"host": "没有这人"}, "host"),
        ({"host": ""}, "host"),
        ({"members": "何静"}, "members"),
        ({"members": "罗佳"}, "members"),
    ],
)
def test_poor_studios_are_refused_by_field(world: School, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        found(world, **changes)
    assert list(refused.value.errors) == [field]


def test_people_of_other_schools_are_named_by_username(world: School) -> None:
    studio, _findings = found(world, members="other_host")
    assert world.actor("other_host").holds(Role.STUDIO_MEMBER, world.organizations["school"], studio.id)


def test_a_soft_rule_warns_and_a_hard_one_refuses_with_its_clause(world: School) -> None:
    school, admin = world.organizations["school"], world.actor("admin")
    rules.adopt_pack(world.session, admin, school, "school_studio", "s0", clock.today())
    _studio, findings = found(world, members="李若涵")
    assert [finding.parameter for finding in findings] == ["roster.min"]
    assert findings[0].clause is not None
    with pytest.raises(Refused) as refused:  # the city adopted S1, whose numbers are not soft
        found(world, name="市级", level="city", members="李若涵", host="许文彬")
    assert refused.value.parameter == "roster.min"
    assert refused.value.clause is not None
    assert "成员至少 6 人" in str(refused.value.errors["members"][0])


def test_who_leaves_a_studio_leaves_at_once_and_who_joins_joins_today(world: School) -> None:
    studio, _findings = found(world)
    with clock.frozen(clock.now() + timedelta(days=30)):
        admin = world.actor("admin")
        studios.change_studio(world.session, admin, studio.id, draft(members="李若涵\n江帆 other_finance"))
        posts = staffing.posts_of(world.session, studio.id)
        members = {post.person.username: post for post in posts if post.role == Role.STUDIO_MEMBER}
        assert set(members) == {"member", "other_finance"}
        assert members["other_finance"].from_on == clock.today()
        assert not world.actor("finance").holds(Role.STUDIO_MEMBER, studio.organization_id, studio.id)


def test_ending_a_studio_ends_its_posts(world: School) -> None:
    studios.end_studio(world.session, world.actor("admin"), world.studio)
    assert staffing.posts_of(world.session, world.studio) == []
    assert world.session.get_one(Studio, world.studio).ended_on == clock.today()


def test_only_administrators_in_scope_found_and_change(world: School) -> None:
    school = world.organizations["school"]
    for name, error in (("teacher", Forbidden), ("host", Forbidden), ("other_admin", NotFound)):
        with pytest.raises(error):
            studios.create_studio(world.session, world.actor(name), school, draft())
        with pytest.raises(error):
            studios.get_studio(world.session, world.actor(name), world.studio)
    assert studios.create_studio(world.session, world.actor("district_admin"), school, draft())
    assert len(studios.studios_for(world.session, world.actor("district_admin"))) == 3
    assert len(studios.studios_for(world.session, world.actor("other_admin"))) == 1


def test_an_administrator_does_not_make_themselves_host(world: School) -> None:
    with pytest.raises(Forbidden):
        found(world, host="韩雪")


def test_two_of_one_name_must_be_told_apart(world: School) -> None:
    same, school = PersonDraft("何静", "13800000001"), world.organizations["school"]
    add_person(world.session, world.actor("admin"), school, same, Role.TEACHER, Term(clock.today()))
    with pytest.raises(Invalid, match="有内容需要改"):
        found(world)
    assert found(world, host="何静 13800000001")


def test_the_pages_found_change_and_end(site: Site) -> None:
    assert site.world is not None
    browser = site.browser("admin")
    assert "周敏名班主任工作室" in browser.get("/studios").text
    browser.get("/studios/new")
    form = {
        "organization": site.world.organizations["school"],
        "name": "何静工作室",
        "level": "school",
        "from_on": "2026-09-01",
        "until_on": "2028-08-31",
        "host": "没有这人",
        "members": "李若涵",
    }
    wrong = browser.post("/studios/new", form)
    assert wrong.status_code == 422
    assert "没有找到“没有这人”" in wrong.text
    assert browser.post("/studios/new", form | {"host": "何静"}).status_code == 302
    studio = site.session.scalars(select(Studio).where(Studio.name == "何静工作室")).one()
    page = browser.get(f"/studios/{studio.id}").text
    assert "李若涵 member" in page
    city = browser.post(f"/studios/{studio.id}", form | {"host": "何静", "level": "city"})
    assert city.status_code == 422
    assert "《" in city.text
    assert browser.post(f"/studios/{studio.id}", form | {"host": "何静", "members": ""}).status_code == 302
    assert browser.get(f"/studios/{studio.id}/end").status_code == 200
    assert browser.post(f"/studios/{studio.id}/end").status_code == 302
    assert site.browser("other_admin").get(f"/studios/{studio.id}").status_code == 404
