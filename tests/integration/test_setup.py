"""The first start: the code, the transaction, the double submission, and the way to the first import."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person
from app.db.rules import RulePackAdoption
from app.domain.errors import Conflict, Invalid, Throttled
from app.domain.vocabulary import Role
from app.services.accounts.organizations import NewOrganization
from app.services.accounts.people import PersonDraft
from app.services.accounts.setup import Installation, check_code, install, setup_code
from tests.integration.conftest import SECRET, Site

SCHOOL = NewOrganization("松风路小学", "SF01", "school", "district", "primary")
ADMIN = PersonDraft("韩雪", "13800000000")
PASSWORD = "松涛入梦来2026"
FORM = {
    "code": setup_code(SECRET),
    "kind": "school",
    "name": "松风路小学",
    "organization_code": "sf01",
    "affiliation": "district",
    "stage": "primary",
    "admin_name": "韩雪",
    "username": "13800000000",
    "password": PASSWORD,
    "repeated": PASSWORD,
    "pack_city_studio": "s1",
}


def wanted(**changes: Any) -> Installation:
    given = {"organization": SCHOOL, "admin": ADMIN, "password": PASSWORD, "packs": {"school_studio": "s0"}}
    return Installation(**{**given, **changes})


def test_set_up_creates_everything_at_once(session: Session) -> None:
    found = install(session, wanted())
    school = session.scalars(select(Organization)).one()
    assert found.actor.holds(Role.PROCESS_ADMIN, school.id)
    adoption = session.scalars(select(RulePackAdoption)).one()
    assert (adoption.pack, adoption.adopted_by_id) == ("s0", found.actor.person_id)


@pytest.mark.parametrize(("kind", "role"), [("district", Role.BUREAU_ADMIN), ("city", Role.BUREAU_ADMIN)])
def test_a_bureau_gets_its_own_administrator(session: Session, kind: str, role: Role) -> None:
    found = install(session, wanted(organization=NewOrganization("云澜市教育局", "YL", kind)))
    assert [held.role for held in found.actor.holdings] == [role]


def test_a_second_submission_finds_it_done(session: Session) -> None:
    install(session, wanted())
    with pytest.raises(Conflict):
        install(session, wanted())
    assert session.scalar(select(func.count()).select_from(Organization)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "short"}, "password"),
        ({"admin": PersonDraft("", "13800000000")}, "admin_name"),
        ({"organization": NewOrganization("松风路小学", "SF01", "school", "", "primary")}, "affiliation"),
        ({"packs": {"city_studio": "s0"}}, "pack"),
    ],
)
def test_a_fault_leaves_nothing_behind(session: Session, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        install(session, wanted(**changes))
    assert list(refused.value.errors) == [field]
    assert session.scalar(select(func.count()).select_from(Person)) == 0
    assert install(session, wanted()).actor.name == "韩雪"


def test_the_code_is_compared_and_throttled(session: Session) -> None:
    check_code(session, SECRET, setup_code(SECRET).lower().replace("-", " "), "192.0.2.1")
    for _ in range(20):
        with pytest.raises(Invalid):
            check_code(session, SECRET, "0000-0000-0000", "192.0.2.1")
    with pytest.raises(Throttled):
        check_code(session, SECRET, setup_code(SECRET), "192.0.2.1")


def test_every_page_leads_to_the_set_up_until_it_is_done(empty_site: Site) -> None:
    browser = empty_site.browser()
    for path in ("/", "/sign-in", "/people"):
        assert browser.get(path).location == "/setup"
    assert browser.get("/healthz").status_code == 200
    assert "设置码" in browser.get("/setup").text
    wrong = browser.post("/setup", FORM | {"code": "no", "password": "x"})
    assert wrong.status_code == 422
    assert 'value="松风路小学"' in wrong.text
    unequal = browser.post("/setup", FORM | {"repeated": "x"})
    assert "两次填的密码不一样" in unequal.text
    assert browser.post("/setup", FORM).location == "/people/import"
    assert browser.get("/people/import").status_code == 200
    other = empty_site.browser()
    assert other.get("/setup").location == "/sign-in"


def test_a_double_click_is_told_that_it_is_done(empty_site: Site) -> None:
    first, second = empty_site.browser(), empty_site.browser()
    first.get("/setup")
    second.get("/setup")
    assert first.post("/setup", FORM).location == "/people/import"
    assert second.post("/setup", FORM).location == "/sign-in"
    assert second.post("/setup", FORM | {"code": "no"}).location == "/sign-in"
