import pytest
from werkzeug.datastructures import MultiDict

from tests.unit.forms.building import form_of, problems_of
from tests.unit.forms.test_validate import FIXED, ITEMS, PURPOSE


def test_yuan_become_fen_and_rows_close_up():
    posted = MultiDict(
        [
            ("csrf_token", "x"),
            ("purpose", "用书"),
            ("items.0.name", "书"),
            ("items.0.amount", "１，１２０．００"),
            ("items.1.name", " "),
            ("items.1.amount", ""),
            ("items.7.name", "笔"),
            ("items.7.amount", "3.5 元"),
            ("fixed_assets", "on"),
        ]
    )
    assert form_of(PURPOSE, ITEMS, FIXED).from_http(posted) == {
        "purpose": "用书",
        "items": [{"name": "书", "amount": 112_000}, {"name": "笔", "amount": 350}],
        "fixed_assets": True,
    }


@pytest.mark.parametrize("text", ["一千", "1.234", "1e5", "--1", "1,12,0"])
def test_what_is_no_amount_stays_as_typed_and_is_refused(text):
    form = form_of(ITEMS)
    values = form.from_http(MultiDict({"items.0.name": "书", "items.0.amount": text}))
    assert values == {"items": [{"name": "书", "amount": text}]}
    assert text in problems_of(form, values)["items.0.amount"][0]
    assert form.shown(values)[0].rows[0][1].text == text


def test_an_unticked_box_is_false_only_where_it_can_be_ticked():
    form = form_of(FIXED | {"properties": {"write": "draft"}})
    assert form.from_http(MultiDict(), element="draft") == {"fixed_assets": False}
    assert form.from_http(MultiDict(), element="finance_book") == {}


@pytest.mark.parametrize(
    ("text", "day"), [("2026/1/4", "2026-01-04"), ("2026年11月24日", "2026-11-24"), ("明天", "明天")]
)
def test_days_are_read_as_people_write_them(text, day):
    form = form_of({"type": "datetime", "subtype": "date", "key": "held_on", "label": "日期"})
    assert form.from_http(MultiDict({"held_on": text})) == {"held_on": day}


def test_several_choices_come_from_one_name():
    values = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]
    form = form_of({"type": "checklist", "key": "kinds", "label": "种类", "values": values})
    assert form.from_http(MultiDict([("kinds", "a"), ("kinds", "b"), ("kinds", "")])) == {"kinds": ["a", "b"]}
