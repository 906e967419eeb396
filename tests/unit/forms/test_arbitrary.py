import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.domain.errors import Invalid
from app.engine.forms import FormError, Option, parse_form
from tests.unit.forms.building import form_of
from tests.unit.forms.test_validate import FIXED, ITEMS, PLACE, PURPOSE

FORM = form_of(
    PURPOSE,
    FIXED,
    PLACE,
    ITEMS,
    {"type": "select", "key": "studio", "label": "工作室", "valuesKey": "own_studios"},
    {"type": "checklist", "key": "kinds", "label": "种类", "values": [{"value": "a", "label": "甲"}]},
    {"type": "datetime", "subtype": "date", "key": "paid_on", "label": "日期"},
    {"type": "number", "key": "score", "label": "得分", "decimalDigits": 2, "validate": {"max": 30}},
    {"type": "filepicker", "key": "files", "label": "附件", "multiple": True},
)
OPTIONS = {"own_studios": [Option(1, "甲工作室")]}
ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)
KEYS = st.sampled_from([*FORM.fields, "name", "amount", "nobody"])
NEAR = st.dictionaries(KEYS, ANYTHING | st.lists(st.dictionaries(KEYS, ANYTHING, max_size=3), max_size=3), max_size=8)


@given(ANYTHING | NEAR)
def test_validate_raises_nothing_but_invalid_and_stores_what_it_would_take_again(submitted: Any):
    with contextlib.suppress(Invalid):
        stored = FORM.validate(submitted, OPTIONS, {"a"})
        json.dumps(stored, allow_nan=False, ensure_ascii=False).encode()
        assert FORM.validate(stored, OPTIONS, {"a"}) == stored


@given(NEAR)
def test_any_values_can_be_shown_again(submitted: dict[str, Any]):
    for shown in FORM.shown(submitted):
        assert isinstance(shown.text, str)
        assert all(isinstance(cell.text, str) for row in shown.rows for cell in row)


PATHS = st.sampled_from([*FORM.fields, "items.0.amount", "items.99999.name", "items.x.name", "items..", "items.3.name"])


@given(st.dictionaries(PATHS, st.lists(st.text(max_size=12), min_size=1, max_size=3), max_size=8))
def test_any_post_can_be_read(posted: dict[str, list[str]]):
    with contextlib.suppress(Invalid):
        FORM.validate(FORM.from_http(MultiDict(posted)), OPTIONS, {"a"})


@given(ANYTHING)
def test_any_definition_is_read_or_refused_with_problems(data: Any):
    component = {"id": "x", "type": "textfield", "key": "x", "label": data, "validate": data, "properties": data}
    for text in (data, {"schemaVersion": 19, "components": data}, {"schemaVersion": 19, "components": [component]}):
        with contextlib.suppress(FormError):
            parse_form(json.dumps(text))
