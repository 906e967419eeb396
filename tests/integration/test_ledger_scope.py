from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.db.money import Budget, LedgerEntry
from app.domain import clock
from app.domain.errors import Forbidden, NotFound
from app.domain.vocabulary import Category, FundingSource
from app.services.filling import option_lists
from app.services.money import assets, budgets, ledger
from app.services.money.ledger_views import Filters
from tests.integration.money_world import NOW, World, build
from tests.integration.test_reversal_booking import reverse


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    with clock.frozen(NOW):
        built = build(session)
        built.booked(number="1")
        line = built.lines["周敏工作室/books"]
        items = [{"name": "书", "quantity": 1, "amount": 100001}]
        invoices = [{"number": "2", "amount": 100001, "attachment": "invoice"}]
        built.booked(budget_line=line, category="books", items=items, invoices=invoices, purpose="=HYPERLINK(1)")
        yield built


@pytest.mark.parametrize(
    ("name", "seen"),
    [("周敏", 2), ("刘芸", 2), ("陈国栋", 2), ("方圆", 2), ("温和", 2), ("何静", 0), ("罗岚", 0), ("丁立", 0)],
)
def test_everybody_sees_the_own_scope(world, name, seen):
    found = ledger.ledger(world.session, world.actor(name), Filters())
    assert found.count == len(found.page.items) == seen
    assert found.amount == (548801 if seen else 0)


@pytest.mark.parametrize("name", ["高原", "许文彬", "苏晴"])
def test_whoever_holds_no_such_position_is_refused(world, name):
    with pytest.raises(Forbidden):
        ledger.ledger(world.session, world.actor(name), Filters())


def test_totals_by_category_source_and_studio(world):
    found = ledger.ledger(world.session, world.actor("刘芸"), Filters())
    assert [(total.title, total.amount, total.count) for total in found.by_category] == [
        ("图书资料", 100001, 1),
        ("课程资源与培训", 448800, 1),
    ]
    assert [(total.key, total.amount) for total in found.by_source] == [("city", 274401), ("district_match", 274400)]
    assert [(total.title, total.amount) for total in found.by_studio] == [("周敏工作室", 548801)]


def test_a_reversal_lowers_the_totals(world):
    entry = ledger.ledger(world.session, world.actor("刘芸"), Filters(category=Category.TRAINING)).page.items[0].entry
    reverse(world, entry.id, 448800)
    found = ledger.ledger(world.session, world.actor("刘芸"), Filters(category=Category.TRAINING))
    assert (found.amount, found.count) == (0, 2)


def test_filters_narrow_and_never_widen(world):
    organizations = world.organizations
    finance = world.actor("方圆")
    assert ledger.ledger(world.session, finance, Filters(organization_id=organizations["松风路小学"])).count == 2
    assert ledger.ledger(world.session, finance, Filters(organization_id=organizations["育新学校"])).count == 0
    assert ledger.ledger(world.session, finance, Filters(year=2025)).count == 0
    found = ledger.ledger(world.session, finance, Filters(source=FundingSource.CITY))
    assert (found.amount, len(found.by_source), found.by_studio[0].amount) == (274401, 1, 274401)
    with pytest.raises(NotFound):
        ledger.ledger(world.session, finance, Filters(organization_id=999))


def test_pages_follow_each_other(world):
    first = ledger.register(world.session, world.actor("刘芸"), Filters(), limit=1)
    second = ledger.register(world.session, world.actor("刘芸"), Filters(), limit=1, cursor=first.next)
    assert [first.items[0]["category"], second.items[0]["category"]] == ["books", "training"]
    assert second.next is None
    assert first.items[0]["sources"] == {"city": 50001, "district_match": 50000}


def test_the_spreadsheet_opens_and_runs_nothing(world):
    content = ledger.export_ledger(world.session, world.actor("刘芸"), Filters())
    rows = list(load_workbook(BytesIO(content))["台账"].iter_rows(values_only=True))
    assert rows[0][0] == "编号"
    assert [row[7] for row in rows[1:]] == [1000.01, 4488]
    assert rows[1][6] == "'=HYPERLINK(1)"
    assert len(rows) == 3


def test_a_budget_shows_available_reserved_and_booked_apart(world):
    world.expense(number="3")
    page = budgets.budgets(world.session, world.actor("苏晴"))
    view = page.items[0]
    assert (view.amount, view.booked, view.reserved, view.available) == (7000000, 548801, 448800, 6002399)
    assert [(grant.title, grant.amount, grant.paid) for grant in view.grants] == [
        ("市级资助", 3500000, 274401),
        ("区级配套", 3500000, 274400),
    ]
    assert budgets.register(world.session, world.actor("刘芸")).items[0]["available"] == 6002399


def test_a_budget_of_a_sibling_school_does_not_exist(world):
    budget_id = world.session.query(Budget.id).scalar()
    assert budgets.budget(world.session, world.actor("温和"), budget_id).year == 2026
    for name in ("罗岚", "丁立", "何静"):
        with pytest.raises(NotFound):
            budgets.budget(world.session, world.actor(name), budget_id)
    with pytest.raises(Forbidden):
        budgets.budgets(world.session, world.actor("高原"))


def test_options_are_the_actors_own(world):
    school = world.organizations["松风路小学"]
    keys = ("own_studios", "budget_lines", "booked_expenses")
    host = option_lists.options_for(world.session, world.actor("周敏"), school, keys)
    assert [option.label for option in host["own_studios"]] == ["周敏工作室"]
    assert host["budget_lines"][0].label == "课程资源与培训 · 2026 年 · 还可用 25,512.00 元"
    assert host["booked_expenses"] == []
    finance = option_lists.options_for(world.session, world.actor("刘芸"), school, keys)
    assert (finance["own_studios"], finance["budget_lines"]) == ([], [])
    assert [option.label for option in finance["booked_expenses"]] == [
        "记-0318 · =HYPERLINK · 1,000.01 元",
        "记-0318 · 跨校主题班会观摩活动 · 4,488.00 元",
    ]
    assert finance["booked_expenses"][0].hint == "还可冲销或退款 1,000.01 元"
    sibling = option_lists.options_for(world.session, world.actor("罗岚"), school, keys)
    assert all(not found for found in sibling.values())


def test_closed_lists_and_labels(world):
    school = world.organizations["松风路小学"]
    lists = option_lists.options_for(world.session, world.actor("周敏"), school, option_lists.LISTS)
    assert [option.value for option in lists["budget_years"]] == [2026, 2027]
    assert [option.label for option in lists["entry_kinds"]] == ["冲销", "退款"]
    assert len(lists["expense_categories"]) == 12
    entry = world.session.query(LedgerEntry).first()
    line = world.lines["周敏工作室/books"]
    assert option_lists.label_of(world.session, "own_studios", world.studios["周敏工作室"]) == "周敏工作室"
    assert option_lists.label_of(world.session, "budget_lines", line) == "图书资料 · 2026 年"
    assert option_lists.label_of(world.session, "booked_expenses", entry.id) == "记-0318 · 跨校主题班会观摩活动"
    assert option_lists.label_of(world.session, "payment_methods", "cash") == "现金"
    assert option_lists.label_of(world.session, "own_studios", 999) == "999"


def test_assets_are_read_in_the_own_scope(world):
    world.booked(number="9", fixed_assets=True, asset_place="教学楼 302 室")
    first = assets.assets(world.session, world.actor("周敏"), limit=1)
    second = assets.assets(world.session, world.actor("方圆"), limit=1, cursor=first.next)
    assert [first.items[0].name, second.items[0].name] == ["班会研究书籍", "研修资料印制"]
    assert (second.items[0].place, second.items[0].organization_name) == ("教学楼 302 室", "松风路小学")
    assert second.next is None
    assert assets.assets(world.session, world.actor("罗岚")).items == []
    assert assets.assets(world.session, world.actor("刘芸"), studio_id=world.studios["何静工作室"]).items == []
