from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.db.money import BudgetLine, Studio
from app.domain import clock
from app.domain.errors import Refused
from tests.integration.money_world import NOW, RULES, World, build


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    with clock.frozen(NOW):
        yield build(session)


def errors(world: World, **changes: object) -> dict[str, str]:
    case = world.case("expense_approval", "周敏工作室", {"submit_draft": world.draft(**changes)}, world.people["周敏"])
    with pytest.raises(Refused) as refused:
        world.run("check_expense", case)
    return {path: "".join(found.chinese() for found in sentences) for path, sentences in refused.value.errors.items()}


def test_a_right_expense_passes_with_its_checks(world):
    case = world.expense()
    result = world.run("check_expense", case)
    assert (result["amount"], result["year"], result["flags"]) == (448800, 2026, [])
    assert [check["text"] for check in result["checks"]] == [
        "工作室在工作周期内（至 2028年8月31日）",
        "“课程资源与培训”可用余额够",
        "1 张发票合计与明细合计相等，都是 4,488.00 元",
        "1 张发票都有文件，号码没有用过",
        "起草人已声明不属于“三公”经费、个人消费和学校公用经费",
    ]


def test_more_than_the_line_has_is_refused_with_the_numbers(world):
    items = [{"name": "教材", "quantity": 1, "amount": 3300000}]
    invoices = [{"number": "1", "amount": 3300000, "attachment": world.file("invoice")}]
    assert errors(world, items=items, invoices=invoices) == {
        "budget_line": "“课程资源与培训”还可用 30,000.00 元，本单 33,000.00 元，差 3,000.00 元。"
    }


def test_its_own_reservation_is_not_counted_twice(world):
    items = [{"name": "教材", "quantity": 1, "amount": 3000000}]
    invoices = [{"number": "1", "amount": 3000000, "attachment": world.file("invoice")}]
    case = world.expense(items=items, invoices=invoices)
    assert world.run("check_expense", case)["amount"] == 3000000


@pytest.mark.parametrize(
    "typed",
    ["AB\u200b12", "AB\u00ad12", "\ufeffAB12", "AB12\ufe0f", "AB-12", "ab\u201012", "AB 12", "AB1２", "AB12\U000e0020"],
)
def test_what_nobody_sees_makes_no_second_invoice_number(world, typed):
    invoices = [{"number": number, "amount": 1, "attachment": world.file("invoice")} for number in ("AB12", typed)]
    assert errors(world, invoices=invoices)["invoices.1.number"] == "这个发票号码在本单里填了 2 次。"


@pytest.mark.parametrize("typed", ["\u0412B12", "AB1\u0662", "\u3164AB12", "ΑB12"])
def test_letters_of_other_scripts_are_refused_in_invoice_numbers(world, typed):
    invoices = [{"number": typed, "amount": 1, "attachment": world.file("invoice")}]
    assert errors(world, invoices=invoices)["invoices.0.number"].startswith("发票号码只有数字、英文字母和汉字")


def test_sums_files_numbers_and_declaration(world):
    invoices = [
        {"number": "A 1", "amount": 1, "attachment": world.file("invoice")},
        {"number": "ａ1", "amount": 2, "attachment": "gone"},
    ]
    found = errors(world, invoices=invoices, declared=False, fixed_assets=True, asset_place=" ")
    assert found["invoices"] == "发票合计 0.03 元，明细合计 4,488.00 元，相差 4,487.97 元；两个合计要相等。"
    assert found["invoices.0.number"] == found["invoices.1.number"] == "这个发票号码在本单里填了 2 次。"
    assert found["invoices.1.attachment"] == "请上传这张发票的文件。"
    assert found["asset_place"] == "有固定资产的，请写明存放地点。"
    assert "declared" in found
    assert "invoices.0.attachment" not in found


def test_a_used_number_is_refused_without_a_word_of_the_other_case(world):
    world.expense(number="8888")
    assert errors(world, number=" 88 88") == {
        "invoices.0.number": "这个发票号码已经报销或者正在报销，不能再用；请核对号码。"
    }


def test_category_line_and_ceilings(world):
    books = {"budget_line": world.lines["周敏工作室/books"]}
    assert errors(world, **books) == {"category": "预算项是“图书资料”，支出类别要与它相同。"}
    items = [{"name": "书", "quantity": 1, "amount": 600000}]
    invoices = [{"number": "1", "amount": 600000, "attachment": world.file("invoice")}]
    found = errors(world, **books, category="books", items=items, invoices=invoices)
    assert found == {"items": "“图书资料”每笔最多 5,000.00 元，本单 6,000.00 元。"}
    assert errors(world, budget_line=999)["budget_line"] == "请选这个工作室已经确认的预算。"


def test_a_lecture_has_a_ceiling(world):
    items = [
        {"name": "讲课", "quantity": 2, "amount": 400000},
        {"name": "讲座", "quantity": 1, "amount": 200001},
    ]
    invoices = [{"number": "1", "amount": 600001, "attachment": world.file("invoice")}]
    line = world.lines["周敏工作室/experts"]
    found = errors(world, category="experts", budget_line=line, items=items, invoices=invoices)
    assert list(found) == ["items.1.amount"]


def test_the_clause_comes_with_the_refusal(world):
    items = [{"name": "书", "quantity": 1, "amount": 600000}]
    invoices = [{"number": "1", "amount": 600000, "attachment": world.file("invoice")}]
    line = world.lines["周敏工作室/books"]
    draft = world.draft(budget_line=line, category="books", items=items, invoices=invoices)
    case = world.case("expense_approval", "周敏工作室", {"submit_draft": draft}, world.people["周敏"])
    with pytest.raises(Refused) as refused:
        world.run("check_expense", case)
    assert refused.value.parameter == "expense.ceilings"
    assert refused.value.clause is not None
    assert refused.value.clause.article == "第三条"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ended_on": clock.shanghai(NOW).date()}, "终止"),
        ({"until_on": clock.shanghai(NOW).date().replace(day=22)}, "不在工作室的工作周期内"),
    ],
)
def test_a_studio_that_is_over_cannot_spend(world, change, said):
    studio = world.session.get_one(Studio, world.studios["周敏工作室"])
    for name, value in change.items():
        setattr(studio, name, value)
    assert said in errors(world)["studio"]


def test_another_schools_studio_and_a_change_of_studio_are_refused(world):
    assert errors(world, studio=world.studios["育新工作室"])["studio"] == "请选本单位的工作室。"
    assert "不能换工作室" in errors(world, studio=world.studios["何静工作室"])["studio"]


def test_suspicious_words_are_flagged_and_block_nothing(world):
    items = [{"name": "教室水电", "quantity": 1, "amount": 448800}]
    case = world.expense(purpose="午间安排工作餐", payee="云澜大酒店", items=items)
    flags = world.run("check_expense", case)["flags"]
    assert [(flag["word"], flag["field"], flag["text"]) for flag in flags] == [
        ("工作餐", "purpose", "用途里出现“工作餐”"),
        ("水电", "items.0.name", "明细里出现“水电”"),
        ("酒店", "payee", "收款人里出现“酒店”"),
    ]


def test_last_years_budget_is_open_only_where_money_carries_over(world, monkeypatch):
    line = world.session.get_one(BudgetLine, world.lines["周敏工作室/training"])
    line.budget.year = 2025
    world.session.flush()
    assert errors(world) == {"budget_line": "这是 2025 年的预算，现在只能用 2026 年的。"}
    monkeypatch.setitem(RULES, "funding.carry_over", {"value": True})
    assert world.run("check_expense", world.expense())["year"] == 2025
