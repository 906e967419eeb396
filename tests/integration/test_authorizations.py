"""Signing authorisations: two people, never the deputy, in force only while confirmed and in their period."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.db.journal import JournalEntry
from app.db.people import SigningAuthorization
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.vocabulary import Role
from app.services import authorizations, candidates
from app.services.accounts import people
from app.services.accounts.people import PersonDraft
from app.services.accounts.terms import Term
from app.services.authorizations import AuthorizationDraft
from tests.integration.conftest import Site
from tests.integration.school import PDF, School


def enter(world: School, name: str = "admin", /, **changes: Any) -> SigningAuthorization:
    today = clock.today()
    given = {
        "role": "legal_representative",
        "principal_id": world.people["legal"],
        "deputy_id": world.people["deputy"],
        "from_on": today,
        "until_on": today + timedelta(days=30),
    }
    scan = changes.pop("scan", ("委托书.pdf", BytesIO(PDF)))
    draft = AuthorizationDraft(**{**given, **changes})
    school = world.organizations["school"]
    return authorizations.enter(world.session, world.actor(name), school, draft, scan=scan, folder=world.files)


def deputies(world: School) -> list[int]:
    return [found.deputy_id for found in candidates.deputies_of(world.session, world.actor("deputy"))]


def second_admin(world: School) -> None:
    second = PersonDraft("何静", "teacher")
    school = world.organizations["school"]
    people.add_person(world.session, world.actor("admin"), school, second, Role.PROCESS_ADMIN, Term(clock.today()))


def test_an_authorisation_holds_once_a_second_person_confirmed_it(world: School) -> None:
    entered = enter(world)
    assert deputies(world) == []
    with pytest.raises(Forbidden):  # who entered it
        authorizations.confirm(world.session, world.actor("admin"), entered.id)
    with pytest.raises(Forbidden):  # the deputy
        authorizations.confirm(world.session, world.actor("deputy"), entered.id)
    with pytest.raises(NotFound):
        authorizations.confirm(world.session, world.actor("finance"), entered.id)
    authorizations.confirm(world.session, world.actor("legal"), entered.id)
    assert deputies(world) == [world.people["deputy"]]
    with pytest.raises(Conflict):
        authorizations.confirm(world.session, world.actor("legal"), entered.id)
    acts = world.session.scalars(select(JournalEntry.action).where(JournalEntry.action.contains("authorization")))
    assert list(acts) == ["enter_authorization", "confirm_authorization"]


def test_another_administrator_confirms_unless_they_are_the_deputy(world: School) -> None:
    second_admin(world)
    entered = enter(world)
    authorizations.confirm(world.session, world.actor("teacher"), entered.id)
    own = enter(world, deputy_id=world.people["teacher"])
    with pytest.raises(Forbidden):
        authorizations.confirm(world.session, world.actor("teacher"), own.id)


def test_it_ends_with_its_period_and_by_revocation(world: School) -> None:
    entered = enter(world)
    authorizations.confirm(world.session, world.actor("legal"), entered.id)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert deputies(world) == []
    with pytest.raises(Forbidden):
        authorizations.revoke(world.session, world.actor("deputy"), entered.id)
    authorizations.revoke(world.session, world.actor("legal"), entered.id)
    assert deputies(world) == []
    with pytest.raises(Conflict):
        authorizations.revoke(world.session, world.actor("admin"), entered.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "finance_officer"}, "role"),
        ({"principal_id": None}, "principal"),
        ({"deputy_id": None}, "deputy"),
        ({"from_on": None}, "from_on"),
        ({"until_on": None}, "until_on"),
        ({"until_on": clock.today() - timedelta(days=1)}, "until_on"),
        ({"until_on": clock.today() + timedelta(days=400)}, "until_on"),
        ({"scan": None}, "scan"),
    ],
)
def test_poor_authorisations_are_refused_by_field(world: School, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter(world, **changes)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    ("key", "name", "field"),
    [
        ("principal_id", "teacher", "principal"),
        ("deputy_id", "legal", "deputy"),
        ("deputy_id", "admin", "deputy"),
        ("deputy_id", "other_legal", "deputy"),
    ],
)
def test_the_people_must_fit(world: School, key: str, name: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter(world, "admin", **{key: world.people[name]})
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    ("name", "error"), [("legal", Forbidden), ("district_admin", Forbidden), ("other_admin", NotFound)]
)
def test_only_the_school_s_administrator_enters(world: School, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        enter(world, name)


def test_the_pages_enter_confirm_show_and_revoke(site: Site) -> None:
    assert site.world is not None
    world, today = site.world, clock.today()
    browser = site.browser("admin")
    browser.get("/authorizations/new")
    form = {
        "organization": world.organizations["school"],
        "role": "legal_representative",
        "principal": world.people["legal"],
        "deputy": world.people["deputy"],
        "from_on": today.isoformat(),
        "until_on": today.isoformat(),
    }
    assert "请附上" in browser.post("/authorizations/new", form).text
    entered = browser.post("/authorizations/new", form | {"scan": (BytesIO(PDF), "委托书.pdf")})
    assert entered.status_code == 302
    kept = site.session.scalars(select(SigningAuthorization)).one()
    page = browser.get("/authorizations").text
    assert "许文彬代陈国栋（法定代表人）" in page
    assert "确认委托" not in page
    assert browser.get(f"/authorizations/{kept.id}/scan").data == PDF
    assert site.browser("finance").get(f"/authorizations/{kept.id}/scan").status_code == 404
    head = site.browser("legal")
    assert "确认委托" in head.get("/authorizations").text
    assert head.post(f"/authorizations/{kept.id}/confirm").status_code == 302
    assert "有效" in head.get("/authorizations").text
    assert head.post(f"/authorizations/{kept.id}/revoke").status_code == 302
    assert "已撤销" in head.get("/authorizations").text
