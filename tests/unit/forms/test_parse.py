import json

import pytest

from app.engine.forms import FormError, parse_form
from tests.unit.forms.building import form_of
from tests.unit.forms.test_validate import FIXED, ITEMS, PLACE, PURPOSE

TEXT = {"type": "textfield", "key": "x", "label": "名称"}


def rules(*components):
    with pytest.raises(FormError) as caught:
        form_of(*components)
    return {problem.rule for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        ({"type": "html", "key": "x"}, "form-unknown-type"),
        (TEXT | {"key": "X"}, "form-key"),
        (TEXT | {"key": "verdict"}, "form-key"),
        (TEXT | {"key": "true"}, "form-key"),
        (TEXT | {"key": "yes"}, "form-key"),
        (TEXT | {"key": "null"}, "form-key"),
        (TEXT | {"key": "class"}, "form-key"),
        (TEXT | {"label": ""}, "form-label"),
        (TEXT | {"label": "<b>名称</b>"}, "form-bad-value"),
        (TEXT | {"label": "=x + 1"}, "form-bad-value"),
        (TEXT | {"label": "{{ x }}"}, "form-bad-value"),
        (TEXT | {"placeholder": "…"}, "form-unknown-key"),
        (TEXT | {"validate": {"validationType": "email"}}, "form-unknown-key"),
        (TEXT | {"properties": {"script": "1"}}, "form-unknown-key"),
        (TEXT | {"validate": {"required": "yes"}}, "form-bad-value"),
        (TEXT | {"validate": {"maxLength": 501}}, "form-bad-value"),
        (TEXT | {"validate": {"pattern": "(a+)+b"}}, "form-unsafe-pattern"),
        (TEXT | {"validate": {"pattern": "a*b*c*"}}, "form-unsafe-pattern"),
        (TEXT | {"validate": {"pattern": "invoice"}}, "form-unsafe-pattern"),
        (TEXT | {"validate": {"pattern": "[a"}}, "form-unsafe-pattern"),
        (TEXT | {"conditional": {"hide": "=x.y = 1"}}, "form-condition"),
        (TEXT | {"conditional": {"hide": "=y = z"}}, "form-condition"),
        (TEXT | {"conditional": {"hide": "=later = 1"}}, "form-condition"),
        (TEXT | {"conditional": {"hide": "=x = NaN"}}, "form-condition"),
        ({"type": "select", "key": "x", "label": "选"}, "form-options"),
        ({"type": "select", "key": "x", "label": "选", "valuesKey": "secrets"}, "form-bad-value"),
        ({"type": "datetime", "key": "x", "label": "时间", "subtype": "time"}, "form-bad-value"),
        ({"type": "number", "key": "x", "label": "数", "validate": {"min": 2, "max": 1}}, "form-bad-bounds"),
        (TEXT | {"properties": {"rule": "Notice days"}}, "form-bad-value"),
        ({"type": "checkbox", "key": "x", "label": "是", "properties": {"rule": "vote.held"}}, "form-bad-value"),
        (TEXT | {"properties": {"prefill": "shoe_size"}}, "form-prefill"),
        (TEXT | {"properties": {"prefill": "homeroom_years"}}, "form-prefill"),
        ({"type": "checkbox", "key": "x", "label": "处分", "properties": {"prefill": "is_barred"}}, "form-prefill"),
        (
            {
                "type": "dynamiclist",
                "path": "x",
                "label": "列",
                "components": [TEXT | {"id": "i", "properties": {"prefill": "person_name"}}],
            },
            "form-list",
        ),
        ({"type": "dynamiclist", "path": "x", "label": "列", "components": []}, "form-list"),
        (ITEMS | {"properties": {"begins": "ask.items"}}, "form-list"),
        (ITEMS | {"properties": {"begins": "ask.items", "fixed": "colour"}}, "form-list"),
        ({"type": "dynamiclist", "path": "x", "label": "列", "components": [ITEMS | {"id": "i"}]}, "form-list"),
        (
            {"type": "table", "label": "表", "dataSource": "=users", "columns": [{"key": "a", "label": "甲"}]},
            "form-unknown-type",
        ),
    ],
)
def test_what_is_not_ours_is_refused_by_name(component, rule):
    assert rule in rules(component)


def test_keys_and_ids_are_unique():
    assert rules(TEXT, TEXT | {"id": "c0"}) == {"form-duplicate"}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"schemaVersion": 19}', '{"schemaVersion": 18, "components": []}']
)
def test_what_is_no_form_is_refused(text):
    with pytest.raises(FormError):
        parse_form(text)


def test_a_form_knows_its_fields():
    form = form_of({"type": "text", "text": "甲\n\n乙"}, PURPOSE, FIXED, PLACE, ITEMS | {"defaultRepetitions": 2})
    assert list(form.fields) == ["purpose", "fixed_assets", "asset_place", "items"]
    assert [one.id for one in form.walk()] == ["c0", "c1", "c2", "c3", "c4", "n", "a"]
    cell = form.field("items.3.amount")
    assert cell is not None
    assert cell.label == "金额"
    assert form.field("items.0.nobody") is None
    assert form.field("nobody.x") is None
    assert form.defaults() == {"items": [{}, {}]}


def test_showing_leaves_out_what_is_hidden():
    form = form_of(PURPOSE | {"properties": {"hidden": "finance_book", "read": "sign"}}, FIXED, PLACE, ITEMS)
    paths = [one.path for one in form.shown({"fixed_assets": False}, "finance_book")]
    assert paths == ["fixed_assets", "items"]
    shown = form.shown({"purpose": "书", "fixed_assets": True}, "sign")
    assert [(one.path, one.mode) for one in shown][:3] == [
        ("purpose", "read"),
        ("fixed_assets", "write"),
        ("asset_place", "write"),
    ]
    assert shown[3].rows[0][1].path == "items.0.amount"


def test_attachments_are_found_in_rows_too():
    cell = {"id": "s", "type": "filepicker", "key": "scan", "label": "扫描件"}
    form = form_of({"type": "dynamiclist", "path": "invoices", "label": "发票", "components": [cell]})
    assert form.attachments_in({"invoices": [{"scan": "a"}, {}, {"scan": "b"}, {"scan": "a"}]}) == ("a", "b")


def test_the_definition_is_read_from_json():
    text = json.dumps({"schemaVersion": 19, "type": "default", "id": "draft", "components": [TEXT | {"id": "c"}]})
    assert parse_form(text).id == "draft"


def test_a_list_begins_with_the_rows_of_another_element_and_what_is_held_of_each():
    form = form_of(ITEMS | {"properties": {"begins": "read.rows", "fixed": "name"}})
    around = {"read": {"rows": [{"name": "书", "secret": 1}, {"name": "笔"}]}}
    held = {"items": [{"name": "笔", "amount": 300}, {"name": "旧的", "amount": 1}]}
    assert form.begun(held, around) == {"items": [{"name": "书"}, {"name": "笔", "amount": 300}]}
    assert form.begun(held, {}) == held
    assert form.begun({}, {}) == {}
