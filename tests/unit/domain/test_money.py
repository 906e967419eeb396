import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import DIGITS, MOST_YUAN, NotMoney, capitals, parse_yuan, yuan

MOST_FEN = MOST_YUAN * 100 + 99


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (448800, "4,488.00"),
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (123456789, "1,234,567.89"),
        (-100000, "-1,000.00"),
    ],
)
def test_writes_yuan(fen, text):
    assert yuan(fen) == text


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,120.00", 112000),
        ("1120", 112000),
        ("１，１２０．００", 112000),
        ("1120元", 112000),
        ("1,120.5 元", 112050),
        ("¥1,120", 112000),
        ("￥ 80000", 8000000),
        (" 0.01 ", 1),
        ("3.", 300),
        ("-12.30", -1230),
        ("−12.30", -1230),
        ("00012", 1200),
    ],
)
def test_reads_yuan_as_people_type_it(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "元", "abc", "1,12", "12,3456", ".5", "1.2.3", "1e3", "八万", "--1", "12万", "٣²x"]
)
def test_refuses_what_is_no_amount(text):
    with pytest.raises(NotMoney, match=r"请填写金额，例如 1120.00。"):
        parse_yuan(text)


def test_refuses_less_than_a_fen():
    with pytest.raises(NotMoney, match="小数点后不超过两位") as caught:
        parse_yuan("12.345")
    assert caught.value.sentence.chinese() == "金额最多到分，小数点后不超过两位。"


def test_refuses_a_trillion():
    with pytest.raises(NotMoney, match="金额太大"):
        parse_yuan("1,000,000,000,000")


# The first six are the examples of 《支付结算办法》附一, in the form without optional zeros.
@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (448800, "肆仟肆佰捌拾捌元整"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (55, "伍角伍分"),
        (1000, "壹拾元整"),
        (1001, "壹拾元零壹分"),
        (10100, "壹佰零壹元整"),
        (101000, "壹仟零壹拾元整"),
        (100100, "壹仟零壹元整"),
        (8000000, "捌万元整"),
        (8000500, "捌万零伍元整"),
        (10050000, "壹拾万零伍佰元整"),
        (100000000, "壹佰万元整"),
        (1000000000000, "壹佰亿元整"),
        (1000000000100, "壹佰亿零壹元整"),
        (10000700000, "壹亿零柒仟元整"),
        (10010000000, "壹亿零壹拾万元整"),
        (12345678901234, "壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分"),
        (-448850, "负肆仟肆佰捌拾捌元伍角"),
    ],
)
def test_writes_capitals(fen, text):
    assert capitals(fen) == text


def test_refuses_capitals_of_a_trillion():
    with pytest.raises(ValueError, match="too much"):
        capitals(MOST_FEN + 1)


@given(st.integers(-MOST_FEN, MOST_FEN))
def test_reads_what_it_writes(fen):
    assert parse_yuan(yuan(fen)) == fen
    assert parse_yuan(yuan(fen) + "元") == fen


@given(st.integers(0, MOST_FEN))
def test_capitals_can_be_read_back(fen):
    assert read_capitals(capitals(fen)) == fen


@given(st.integers(0, MOST_FEN))
def test_capitals_never_repeat_or_end_on_a_zero(fen):
    text = capitals(fen)
    assert "零零" not in text
    assert "零元" not in text or fen < 100
    assert not text.endswith("零")


def read_capitals(text: str) -> int:
    units = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = fen = 0
    for char in text.removesuffix("整"):
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in units:
            group, digit = group + digit * units[char], 0
        elif char in "万亿元":
            total += (group + digit) * {"万": 10_000, "亿": 100_000_000, "元": 1}[char]
            group = digit = 0
        else:
            fen, digit = fen + digit * {"角": 10, "分": 1}[char], 0
    return total * 100 + fen
