import math

import pytest

from app.engine.forms import Option
from tests.unit.forms.building import form_of, problems_of

ITEMS = {
    "type": "dynamiclist",
    "path": "items",
    "label": "明细",
    "validate": {"minLength": 1},
    "components": [
        {"id": "n", "type": "textfield", "key": "name", "label": "名称", "validate": {"required": True}},
        {
            "id": "a",
            "type": "number",
            "key": "amount",
            "label": "金额",
            "properties": {"format": "money"},
            "validate": {"required": True, "min": 1, "max": 500_000},
        },
    ],
}
PURPOSE = {"type": "textfield", "key": "purpose", "label": "用途", "validate": {"required": True, "maxLength": 6}}
FIXED = {"type": "checkbox", "key": "fixed_assets", "label": "含固定资产"}
PLACE = {
    "type": "textfield",
    "key": "asset_place",
    "label": "存放地点",
    "conditional": {"hide": "=fixed_assets = false"},
    "validate": {"required": True},
}


def test_good_values_are_stripped_and_kept():
    form = form_of(PURPOSE, ITEMS)
    submitted = {"purpose": "  班会用书 ", "items": [{"name": "书", "amount": 112_000}]}
    assert form.validate(submitted, {}, ()) == {
        "purpose": "班会用书",
        "items": [{"name": "书", "amount": 112_000}],
    }


def test_each_wrong_value_has_its_path_and_says_what_is_right():
    problems = problems_of(form_of(PURPOSE, ITEMS), {"purpose": "一二三四五六七", "items": [{"amount": 500_001}]})
    assert problems == {
        "purpose": ["用途最多 6 字，您填了 7 字。"],
        "items.0.name": ["请填写名称。"],
        "items.0.amount": ["金额最多 5,000.00 元，您填了 5,000.01 元。"],
    }


@pytest.mark.parametrize("amount", [True, 11.2, "11.20", math.nan, math.inf, [1], -1, 0, 10**400])
def test_money_is_a_positive_whole_number_of_fen(amount):
    assert "items.0.amount" in problems_of(form_of(ITEMS), {"items": [{"name": "书", "amount": amount}]})


def test_a_field_that_the_form_does_not_have_is_refused():
    assert problems_of(form_of(FIXED), {"extra": 1, "fixed_assets": True}) == {
        "extra": ["表单里没有“extra”这一项，请删去。"]
    }


def test_a_hidden_field_is_dropped_and_a_shown_one_is_checked():
    form = form_of(FIXED, PLACE)
    assert form.validate({"asset_place": "三楼"}, {}, ()) == {"fixed_assets": False}
    assert problems_of(form, {"fixed_assets": True}) == {"asset_place": ["请填写存放地点。"]}
    kept = {"fixed_assets": True, "asset_place": "三楼"}
    assert form.validate(kept, {}, ()) == kept


def test_options_match_as_text_and_are_stored_as_they_are():
    form = form_of({"type": "select", "key": "studio", "label": "工作室", "valuesKey": "own_studios"})
    options = {"own_studios": [Option(12, "李老师工作室")]}
    assert form.validate({"studio": "12"}, options, ()) == {"studio": 12}
    assert form.validate({"studio": ""}, options, ()) == {}
    wrongs: list[object] = [13, True, ["12"], {}]
    for wrong in wrongs:
        assert "studio" in problems_of(form, {"studio": wrong}, options=options)


def test_a_checklist_keeps_each_choice_once():
    values = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]
    form = form_of({"type": "checklist", "key": "kinds", "label": "种类", "values": values})
    assert form.validate({"kinds": ["b", "b"]}, {}, ()) == {"kinds": ["b"]}
    assert "kinds" in problems_of(form, {"kinds": "b"})


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026/11/24", "2026-1-1", 20261124, "2026-11-24T00:00", "２０２６-11-24"]
)
def test_dates_are_iso_and_real(day):
    form = form_of({"type": "datetime", "subtype": "date", "key": "paid_on", "dateLabel": "付款日期"})
    assert form.validate({"paid_on": "2028-02-29"}, {}, ()) == {"paid_on": "2028-02-29"}
    assert "paid_on" in problems_of(form, {"paid_on": day})


def test_only_attachments_of_the_caller_are_taken():
    form = form_of({"type": "filepicker", "key": "files", "label": "附件", "multiple": True, "accept": ".pdf"})
    assert form.validate({"files": ["a"]}, {}, {"a": 1}) == {"files": ["a"]}
    assert problems_of(form, {"files": ["b"]}, attachments={"a": 1}) == {
        "files": ["附件里的文件没有找到，请重新上传。"]
    }


def test_rows_are_limited():
    rows = [{"name": "书", "amount": 1}] * 101
    assert problems_of(form_of(ITEMS), {"items": rows}) == {"items": ["明细最多填 100 行，您填了 101 行。"]}
    assert problems_of(form_of(ITEMS), {"items": []}) == {"items": ["明细至少填 1 行，您填了 0 行。"]}


def test_a_list_that_may_stay_empty_opens_empty_and_one_that_may_not_with_a_row():
    for required, expected in ((False, 0), (True, 1)):
        form = form_of(ITEMS | {"defaultRepetitions": 0, "validate": {"required": required}})
        [shown] = form.shown(form.defaults(), "draft")
        assert len(shown.rows) == expected


def test_control_signs_and_broken_text_are_refused():
    form = form_of(PURPOSE)
    assert "purpose" in problems_of(form, {"purpose": "a\x00b"})
    assert "purpose" in problems_of(form, {"purpose": "a\ud800b"})


def test_signs_that_nobody_sees_are_left_out():
    form = form_of(PURPOSE)
    assert form.validate({"purpose": "\ufeff用\u202e书\u200b"}, {}, ()) == {"purpose": "用书"}
    assert "purpose" in problems_of(form, {"purpose": "\u200b\u2060"})


def test_named_patterns_say_what_they_want():
    form = form_of({"type": "textfield", "key": "number", "label": "号码", "validate": {"pattern": "invoice_number"}})
    assert form.validate({"number": "12345678"}, {}, ()) == {"number": "12345678"}
    assert problems_of(form, {"number": "1"}) == {"number": ["号码要填8 位或者 20 位发票号码，您填了“1”。"]}


def test_a_task_writes_only_its_own_fields():
    form = form_of(
        PURPOSE | {"properties": {"write": "submit_draft revise"}},
        {"type": "textfield", "key": "voucher", "label": "凭证号", "properties": {"write": "finance_book"}},
    )
    current = {"purpose": "用书"}
    assert form.validate({"voucher": "记-1"}, {}, (), element="finance_book", current=current) == {
        "purpose": "用书",
        "voucher": "记-1",
    }
    assert problems_of(form, {"purpose": "别的"}, element="finance_book", current=current) == {
        "purpose": ["用途在这一步不能填写。"]
    }


def test_who_returns_need_not_fill_in_the_form():
    form = form_of(PURPOSE, ITEMS, FIXED | {"validate": {"required": True}})
    assert form.validate({}, {}, (), is_partial=True) == {"items": [], "fixed_assets": False}
    assert "purpose" in problems_of(form, {"purpose": 1}, is_partial=True)
