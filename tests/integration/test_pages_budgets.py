"""The budget pages: four figures apart, each person in the own scope."""

import pytest

from app.domain import clock
from tests.integration.conftest import Site


@pytest.fixture
def spent(site: Site) -> Site:
    """One expense is booked, another open."""
    world = site.world
    assert world is not None
    world.confirm_budget()
    booked = world.start_expense()
    world.act(booked, "host", "sign")
    world.act(booked, "legal", "sign")
    world.book(booked)
    world.start_expense(number="26440826000103847563", amount=300_000)
    return site


def address(site: Site) -> str:
    assert site.world is not None
    return f"/budgets/{site.world.studio}/{clock.today().year}"


def test_the_four_figures_stand_apart(spent: Site):
    page = spent.browser("host").get(address(spent)).text
    for words in ("60,000.00", "4,488.00", "3,000.00", "52,512.00", "22,512.00", "市级资助", "区级配套"):
        assert words in page
    assert "预算 30,000.00 元，已入账 4,488.00 元，在办占用 3,000.00 元，还可用 22,512.00 元" in page
    assert "category=training" in page
    assert "/start/annual_budget" in page
    assert "style=" not in page


def test_open_cases_are_linked(spent: Site):
    page = spent.browser("finance").get(address(spent)).text
    assert "跨校主题班会观摩活动" in page
    assert "/cases/" in page
    assert "/start/annual_budget" not in page


def test_a_member_sees_only_the_own_studio_and_no_ledger(spent: Site):
    world = spent.world
    assert world is not None
    browser = spent.browser("member")
    page = browser.get(address(spent)).text
    assert "还可用" in page
    assert "/ledger?" not in page
    assert browser.get(f"/budgets/{world.other_studio}/{clock.today().year}").status_code == 404
    assert browser.get("/ledger").location == "/budgets"


@pytest.mark.parametrize("name", ["other_host", "other_finance", "other_admin"])
def test_the_sibling_school_finds_nothing(spent: Site, name: str):
    browser = spent.browser(name)
    assert browser.get(address(spent)).status_code == 404
    assert "周敏名班主任工作室" not in browser.get("/budgets").text


@pytest.mark.parametrize("name", ["district_finance", "city_auditor"])
def test_bureaus_read_below(spent: Site, name: str):
    browser = spent.browser(name)
    assert "周敏名班主任工作室" in browser.get(f"/budgets?year={clock.today().year}").text
    assert browser.get(address(spent)).status_code == 200
    assert "周敏名班主任工作室" not in browser.get("/budgets?year=2001").text


def test_without_an_office_there_is_nothing_to_see(spent: Site):
    browser = spent.browser("teacher")
    assert browser.get("/budgets").status_code == 403
    assert 'href="/ledger"' not in browser.get("/profile").text


def test_pages_take_no_posts(spent: Site):
    assert spent.browser("city_auditor").post(address(spent)).status_code == 405
