"""What pages do with addresses and fields that no page of ours sends: an answer, never a fault of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.integration.money_world import World
from tests.integration.page_world import ADMINISTRATOR, Site, served

FINANCE = "刘芸"
BEYOND = ("9" * 15, "9" * 16, "9" * 20, "9" * 5000)
NUMBERED = (
    "/cases/{}",
    "/cases/{}/diagram",
    "/cases/{}/changes/1",
    "/cases/{}/voucher.pdf",
    "/tasks/{}",
    "/people/{}",
    "/budgets/{}",
    "/studios/{}",
    "/authorizations/{}/scan",
)
FILTERED = (
    "/ledger?year={}",
    "/ledger?organization={}",
    "/rules?organization={}",
    "/people?page={}",
    "/people?organization={}",
    "/budgets/1?year={}",
    "/organizations/new?parent={}",
    "/notifications?before={}",
    "/start/expense_approval?organization={}",
)
NUL = ("/?q=%00", "/people?q=%00", "/start/%00", "/attachments/%00", "/cases/1%00", "/ledger?category=%00")


@pytest.fixture
def site(database: Engine, furnished_world: World, tmp_path: Path) -> Iterator[Site]:
    yield from served(database, furnished_world, tmp_path)


def statuses(site: Site, addresses: list[str]) -> dict[str, int]:
    browser = site.of(ADMINISTRATOR)
    return {address[:60]: browser.client.get(address).status_code for address in addresses}


def test_the_number_of_nothing_is_not_found(site):
    found = statuses(site, [path.format(number) for path in NUMBERED for number in BEYOND])
    assert set(found.values()) == {404}, found


def test_a_filter_beyond_all_numbers_is_no_fault(site):
    found = statuses(site, [path.format(number) for path in FILTERED for number in BEYOND])
    assert max(found.values()) < 500, found


def test_a_year_is_one_of_a_calendar(site):
    browser = site.of(FINANCE)
    for year in ("0", "2147483648", "9" * 15):
        assert browser.client.get(f"/budgets/1/{year}").status_code == 404
        for page in ("/budgets", "/ledger", "/ledger.xlsx"):
            assert browser.client.get(f"{page}?year={year}").status_code == 200, page


def test_what_a_database_cannot_keep_is_refused(site):
    found = statuses(site, list(NUL))
    assert set(found.values()) <= {400, 404}, found
    host = site.of("周敏")
    kept = host.post(host.start_path(), {"purpose": "用\x00途", "_save": "1"})
    assert kept.status_code == 400


def test_a_row_of_any_number_is_redrawn(site):
    host = site.of("周敏")
    for number in ("9" * 5, "9" * 5000, "-1", "٣", "x"):
        answer = host.post(host.start_path(), {f"items.{number}.name": "书", "_add": "items"})
        assert answer.status_code == 200, number[:10]
