"""The particulars of an entry: what is read, what is refused, and in which words."""

from datetime import date, datetime

import pytest

from app.domain.dossiers import ENTRY_FORMS, EntryKind, Level
from app.domain.entry_checks import LONGEST, Particulars, check_entry

TODAY = date(2026, 11, 26)
HONOUR = {
    "title": "区优秀班主任",
    "category": "homeroom",
    "level": "district",
    "issuer": "临溪区教育局",
    "from_on": "2025-09-10",
}


def faults(kind, told):
    checked = check_entry(kind, told, TODAY)
    assert (checked.particulars is None) == bool(checked.errors)
    return {column: [str(found) for found in errors] for column, errors in checked.errors.items()}


def test_codes_and_titles_of_closed_lists_are_read_alike():
    wanted = Particulars(
        EntryKind.HONOUR, date(2025, 9, 10), "区优秀班主任", "homeroom", Level.DISTRICT, "临溪区教育局"
    )
    titles = {**HONOUR, "category": "班主任工作", "level": " 区县级 ", "from_on": datetime(2025, 9, 10, 8)}  # noqa: DTZ001
    assert check_entry(EntryKind.HONOUR, HONOUR, TODAY).particulars == wanted
    assert check_entry(EntryKind.HONOUR, titles, TODAY).particulars == wanted


def test_texts_lose_what_nobody_sees():
    told = {**HONOUR, "title": "  区优秀\u202e\n班主任 ", "number": ""}
    checked = check_entry(EntryKind.HONOUR, told, TODAY).particulars
    assert checked is not None
    assert (checked.title, checked.number) == ("区优秀 班主任", "")


@pytest.mark.parametrize("kind", list(EntryKind))
def test_each_kind_asks_for_what_it_must_tell(kind):
    form = ENTRY_FORMS[kind]
    asked = {column: [f"请填写{form.labels[column]}。"] for column in form.required}
    assert faults(kind, dict.fromkeys(form.labels, " ")) == asked


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"category": "singing"}, "category", "种类只能填：班主任工作、德育工作、优秀教师、其他。"),
        ({"level": "world"}, "level", "级别只能填：校级、区县级、市级、省级、国家级。"),
        ({"from_on": "去年"}, "from_on", "请写成日期，例如 2024-09-01。"),
        ({"from_on": "2026-11-27"}, "from_on", "日期不能晚于今天。"),
        ({"from_on": "1926-11-27"}, "from_on", "日期不能早于 1950 年。"),
        ({"title": "优" * 201}, "title", "荣誉名称最多 200 个字，现在 201 个。"),
        ({"hours": 3}, "hours", "这类登记没有这一项。"),
    ],
)
def test_what_is_wrong_is_said_by_column(change, column, words):
    assert faults(EntryKind.HONOUR, {**HONOUR, **change}) == {column: [words]}


@pytest.mark.parametrize("hours", [0, -1, 1001, "3.5", "三", True, "²"])
def test_hours_are_whole_and_few(hours):
    training = {"title": "岗前培训", "category": "junior", "level": "school", "issuer": "本校", "from_on": TODAY}
    assert faults(EntryKind.TRAINING, {**training, "hours": hours}) == {"hours": ["学时写 1 到 1000 的整数。"]}
    checked = check_entry(EntryKind.TRAINING, {**training, "hours": " 24 "}, TODAY).particulars
    assert checked is not None
    assert checked.hours == 24


def test_a_service_may_begin_later_but_not_end_before_it_begins():
    service = {"issuer": "松风路小学", "class_name": "三年级2班", "category": "full", "from_on": "2027-02-20"}
    assert faults(EntryKind.SERVICE, service) == {}
    early = {**service, "until_on": "2027-02-19"}
    assert faults(EntryKind.SERVICE, early) == {"until_on": ["任职止不能早于任职起。"]}


def test_texts_are_as_long_as_their_columns():
    columns = {column for form in ENTRY_FORMS.values() for column in form.labels}
    others = {"category", "level", "from_on", "until_on", "hours"}
    assert columns - others == set(LONGEST)
