import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.rule_definitions import Column, Definition, Shape, ValueType
from app.domain.rule_texts import describe, read_value
from app.domain.rule_values import check_value

HONOURS = {"none": "不要求", "school": "校级以上", "city": "市级以上"}


def definition(type_: ValueType, **shape) -> Definition:
    return Definition(key="x", title="规则", type=type_, **shape)


NUMBER = definition(ValueType.NUMBER, unit="working_days", minimum=1, maximum=30)
YEARS = definition(ValueType.NUMBER, unit="years", pattern="{}以上", optional="没有规定")
MONEY = definition(ValueType.MONEY, pattern="每次 {}", optional="没有规定", maximum=100000)
RATIO = definition(ValueType.RATIO, pattern="不低于 {}")
SHARE = definition(ValueType.RATIO, share_from="1/2")
BOOLEAN = definition(ValueType.BOOLEAN, labels=("要投票", "不投票"))
CHOICE = definition(ValueType.CHOICE, options=HONOURS)
CHOICES = definition(ValueType.CHOICES, options=HONOURS, minimum=1, maximum=2)
WORDS = definition(ValueType.WORDS)
DAY = definition(ValueType.MONTH_DAY)
CEILINGS = definition(ValueType.CEILINGS, options={"books": "图书资料", "network": "网络建设"})
ROWS = definition(
    ValueType.ROWS,
    columns=(
        Column(key="name", title="项目", type=ValueType.TEXT),
        Column(key="points", title="满分", type=ValueType.NUMBER, unit="points", total=100),
        Column(key="level", title="级别", type=ValueType.CHOICE, options=HONOURS, optional="不限"),
    ),
)
TABLE = [{"name": "实绩", "points": 60}, {"name": "研究", "points": 40, "level": "city"}]


@pytest.mark.parametrize(
    ("shape", "value", "text"),
    [
        (NUMBER, 5, "5 个工作日"),
        (YEARS, 6, "6 年以上"),
        (YEARS, None, "没有规定"),
        (MONEY, 80000, "每次 800 元"),
        (MONEY, 80050, "每次 800.50 元"),
        (RATIO, "1/1", "不低于 1 : 1"),
        (RATIO, "3/2", "不低于 3 : 2"),
        (RATIO, "2/3", "不低于 三分之二"),
        (BOOLEAN, True, "要投票"),
        (BOOLEAN, False, "不投票"),
        (CHOICE, "city", "市级以上"),
        (CHOICES, ["school", "city"], "校级以上、市级以上"),
        (WORDS, ["餐费", "礼品"], "餐费、礼品"),
        (DAY, "09-01", "9 月 1 日"),
        (CEILINGS, {"books": None, "network": None}, "没有规定"),
        (CEILINGS, {"books": 500000, "network": None}, "图书资料 5,000 元；其余没有规定"),
        (CEILINGS, {"books": 500000, "network": 0}, "图书资料 5,000 元；网络建设 0 元"),
        (Shape("比重", ValueType.NUMBER, unit="percent"), 60, "60%"),
    ],
)
def test_values_are_written_for_people(shape, value, text):
    assert check_value(shape, value) == value
    assert describe(shape, value) == text


def test_rows_are_written_for_people():
    rows = check_value(ROWS, TABLE)
    assert rows[0] == {"name": "实绩", "points": 60, "level": None}
    assert describe(ROWS, rows) == "实绩 60 分 不限；研究 40 分 市级以上"


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        (RATIO, "2:2", "1/1"),
        (RATIO, "4：6", "2/3"),
        (CHOICES, ["city", "school", "city"], ["school", "city"]),
        (WORDS, [" 餐费", "餐费", "礼品"], ["餐费", "礼品"]),
        (CEILINGS, {"books": 1}, {"books": 1, "network": None}),
    ],
)
def test_values_have_one_form(shape, value, expected):
    assert check_value(shape, value) == expected


@pytest.mark.parametrize(
    ("shape", "value", "path", "text"),
    [
        (NUMBER, "5", "value", "规则请填写整数。"),
        (NUMBER, True, "value", "规则请填写整数。"),
        (NUMBER, 2.5, "value", "规则请填写整数。"),
        (NUMBER, None, "value", "规则请填写整数。"),
        (NUMBER, 0, "value", "规则最小 1 个工作日。"),
        (NUMBER, 31, "value", "规则最大 30 个工作日。"),
        (MONEY, -1, "value", "规则最小 0.00 元。"),
        (MONEY, 100001, "value", "规则最大 1,000.00 元。"),
        (RATIO, 1, "value", "规则请填写比例，例如 1:1 或 2/3。"),
        (RATIO, "0/3", "value", "规则请填写比例，例如 1:1 或 2/3。"),
        (SHARE, "1/3", "value", "规则请填写 1/2 到 1/1 之间的比例，例如 2/3。"),
        (SHARE, "3/2", "value", "规则请填写 1/2 到 1/1 之间的比例，例如 2/3。"),
        (BOOLEAN, 1, "value", "规则请选“要投票”或“不投票”。"),
        (CHOICE, "nation", "value", "规则请从这些里选：不要求、校级以上、市级以上。"),
        (CHOICES, [], "value", "规则至少选 1 项。"),
        (CHOICES, ["none", "school", "city"], "value", "规则最多选 2 项。"),
        (CHOICES, "city", "value", "规则请填写列表。"),
        (WORDS, [""], "value", "规则请填写 1 到 40 个字。"),
        (WORDS, [str(number) for number in range(201)], "value", "规则最多 200 个。"),
        (DAY, "02-30", "value", "规则请填写月和日，例如 09-01。"),
        (DAY, "9-1", "value", "规则请填写月和日，例如 09-01。"),
        (CEILINGS, {"cars": 1}, "value", "规则请按列出的类别填写金额。"),
        (CEILINGS, {"books": "1"}, "value.books", "规则请填写整数。"),
        (ROWS, [], "value", "规则至少写一行。"),
        (ROWS, ["x"], "value.0", "规则的各行请按列出的栏目填写。"),
        (ROWS, [{"colour": 1}], "value.0", "规则的各行请按列出的栏目填写。"),
        (ROWS, [{"name": "实绩"}], "value.0.points", "满分请填写整数。"),
        (ROWS, [{"name": "实绩", "points": 60}], "value", "各行满分相加应为 100。"),
    ],
)
def test_refuses_wrong_values(shape, value, path, text):
    with pytest.raises(Invalid) as caught:
        check_value(shape, value)
    assert {key: [str(said) for said in found] for key, found in caught.value.errors.items()} == {path: [text]}


@pytest.mark.parametrize(
    ("shape", "typed", "value"),
    [
        (NUMBER, ["7"], 7),
        (YEARS, [""], None),
        (MONEY, ["1,000.00"], 100000),
        (RATIO, ["1 : 1"], "1/1"),
        (BOOLEAN, ["false"], False),
        (CHOICE, ["city"], "city"),
        (CHOICES, ["city", "school"], ["school", "city"]),
        (WORDS, ["餐费\n礼品\n\n"], ["餐费", "礼品"]),
        (DAY, ["09-01"], "09-01"),
    ],
)
def test_reads_what_people_type(shape, typed, value):
    assert read_value(shape, typed) == value


@pytest.mark.parametrize(
    ("shape", "typed", "text"),
    [
        (NUMBER, [], "规则请填写整数。"),
        (NUMBER, ["七"], "规则请填写整数。"),
        (BOOLEAN, ["maybe"], "规则请选“要投票”或“不投票”。"),
        (MONEY, ["八百"], "请填写金额，例如 1120.00。"),
    ],
)
def test_refuses_what_cannot_be_read(shape, typed, text):
    with pytest.raises(Invalid) as caught:
        read_value(shape, typed)
    assert str(caught.value.errors["value"][0]) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_either_right_or_invalid(value):
    for shape in (NUMBER, YEARS, MONEY, RATIO, BOOLEAN, CHOICE, CHOICES, WORDS, DAY, CEILINGS, ROWS):
        try:
            accepted = check_value(shape, value)
        except Invalid:
            continue
        assert check_value(shape, accepted) == accepted
        assert describe(shape, accepted) or accepted == []
