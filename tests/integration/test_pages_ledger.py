"""The ledger pages: totals that open their entries, the spreadsheet, scope."""

import re
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.db.money import LedgerEntry
from app.domain import clock
from app.services import pages
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.conftest import Site

TABLET = {"fixed_assets": True, "asset_place": "德育楼 302 室", "purpose": "录播用平板电脑", "category": "equipment"}


@pytest.fixture
def booked(site: Site) -> Site:
    """Two expenses are booked, one of them a fixed asset."""
    world = site.world
    assert world is not None
    world.confirm_budget()
    asset = TABLET | {"number": "26440826000103847563", "amount": 126_000, "budget_line": world.line("equipment")}
    for instance in (world.start_expense(), world.start_expense(**asset)):
        world.act(instance, "host", "sign")
        world.act(instance, "legal", "sign")
        world.book(instance)
    return site


@pytest.mark.parametrize("name", ["host", "finance", "legal", "district_finance", "city_auditor"])
def test_totals_and_entries(booked: Site, name: str):
    page = booked.browser(name).get("/ledger").text
    for words in ("共 2 笔 · 合计 5,748.00 元", "2,244.00", "630.00", "记-0318", "录播用平板电脑", "BX-SF01-"):
        assert words in page


def test_each_total_opens_its_entries(booked: Site):
    browser = booked.browser("finance")
    page = browser.get("/ledger").text
    address = re.search(r'href="([^"]*category=training&amp;source=city[^"]*)">2,244.00', page)
    assert address
    narrowed = browser.get(unescape(address[1])).text
    assert "共 1 笔 · 合计 2,244.00 元" in narrowed
    assert "其中市级资助 2,244.00" in narrowed
    assert "录播用平板电脑" not in narrowed


def test_the_spreadsheet_has_the_same_filters(booked: Site):
    answer = booked.browser("finance").get("/ledger.xlsx?category=training")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    rows = list(load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert [row[7] for row in rows[1:]] == [4488]


def test_a_refund_is_negative_and_says_so(booked: Site):
    world = booked.world
    assert world is not None
    entry = booked.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).first()
    assert entry is not None
    with writing(booked.session):
        booked.session.add(_refund_of(booked, entry))
    page = booked.browser("host").get("/ledger").text
    assert "-488.00" in page
    assert "退款" in page
    assert "合计 5,260.00 元" in page


def _refund_of(site: Site, entry: LedgerEntry) -> LedgerEntry:
    assert site.world is not None
    world = site.world
    values = world.expense_values(number="26440826000103847564", amount=100)
    case = starts.start(site.session, world.actor("host"), "expense_approval", world.organizations["school"], values)
    kept = ("organization_id", "studio_id", "line_id", "year", "category", "payment_method", "booked_by_id")
    return LedgerEntry(
        kind="refund",
        amount=-48_800,
        reverses_id=entry.id,
        instance_id=case.instance,
        summary="退回多付的印制费",
        voucher_number="记-0320",
        paid_on=clock.today(),
        **{name: getattr(entry, name) for name in kept},
    )


def test_pages_follow_each_other(booked: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.services.money.ledger.PAGE", 1)
    browser = booked.browser("finance")
    first = browser.get("/ledger").text
    assert "本页 1 笔，共 2 笔" in first
    following = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert following
    second = browser.get(unescape(following[1])).text
    assert "回到第一页" in second
    assert "跨校主题班会观摩活动" in second
    assert browser.get(f"/ledger?cursor={pages.encode(['x', 1])}").status_code == 422


def test_neighbours_see_an_empty_ledger_and_no_way_around(booked: Site):
    world = booked.world
    assert world is not None
    browser = booked.browser("other_finance")
    assert "还没有入账" in browser.get("/ledger").text
    for query in (f"studio={world.studio}", f"organization={world.organizations['school']}"):
        assert browser.get(f"/ledger?{query}").status_code == 404
        assert browser.get(f"/ledger.xlsx?{query}").status_code == 404
    assert browser.get(f"/ledger/assets?studio={world.studio}").status_code == 404
    assert "录播用平板电脑" not in browser.get("/ledger/assets").text


def test_bureaus_narrow_to_an_organisation(booked: Site):
    world = booked.world
    assert world is not None
    browser = booked.browser("district_finance")
    assert "共 2 笔" in browser.get(f"/ledger?organization={world.organizations['school']}").text
    assert "没有符合的入账" in browser.get(f"/ledger?organization={world.organizations['sibling']}").text
    assert browser.get(f"/ledger?organization={world.organizations['city']}").status_code == 404


@pytest.mark.parametrize("name", ["teacher", "deputy"])
def test_without_an_office_the_ledger_is_closed(booked: Site, name: str):
    browser = booked.browser(name)
    for path in ("/ledger", "/ledger.xlsx", "/ledger/assets"):
        assert browser.get(path).status_code == 403, path


def test_fixed_assets_name_their_place(booked: Site):
    page = booked.browser("city_auditor").get("/ledger/assets").text
    assert "德育楼 302 室" in page
    assert "1,260.00" in page
