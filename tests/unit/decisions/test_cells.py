from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.decisions import CellError, parse_expression, parse_unary_tests
from app.engine.decisions.errors import ValueRefused
from app.engine.decisions.evaluation import evaluate, holds
from app.engine.decisions.values import from_json

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("test", "value", "truth"),
    [
        ("-", 1, True),
        ("-", None, True),
        ("", None, True),
        ("5", 5, True),
        ("5", 5.0, True),
        ("5", 6, False),
        ("5", "5", None),
        ('"5"', "5", True),
        ('"a","b"', "b", True),
        ('"a" , "b"', "c", False),
        ("true", True, True),
        ("true", False, False),
        ("true", 1, None),
        ("< 5", 4.9, True),
        ("<5", 5, False),
        ("<= 5", 5, True),
        ("> 5", 5, False),
        (">= 5", 5, True),
        ("< 3, > 7", 8, True),
        ("< 3, > 7", 5, False),
        ("[1..5]", 1, True),
        ("[1..5]", 5, True),
        ("(1..5]", 1, False),
        ("]1..5]", 1, False),
        ("[1..5)", 5, False),
        ("[1..5[", 5, False),
        ("[1..5[", 4, True),
        ("[5..1]", 3, False),
        ("[-5..-1]", -3, True),
        ("[1...5]", 1, False),
        ("[1..3], [5..7]", 4, False),
        ("[1..3], [5..7]", 6, True),
        ('["a".."m"]', "k", True),
        ('not("a")', "a", False),
        ('not("a","b")', "c", True),
        ('not("a","b")', "b", False),
        ("not([1..5])", 6, True),
        ("not(< 3)", 3, True),
        ("-5", -5, True),
        ("2 + 3", 5, True),
        ("(2 + 3) * 2", 10, True),
        ('date("2026-09-01")', DAY, True),
        ('@"2026-09-01"', DAY, True),
        ('>= date("2026-09-01")', date(2026, 8, 31), False),
        ('[date("2026-09-01")..date("2027-08-31")]', date(2027, 1, 1), True),
        ("null", None, True),
        ("null", 1, False),
        ("not(null)", 1, True),
        ("not(null)", None, False),
        ('null, "a"', None, True),
        ('null, "a"', "a", True),
        ('"a"', None, None),
        ('not("a")', None, None),
        ("< 5", None, None),
        ("[1..5]", None, None),
        ("< limit", 4, True),
        ("[limit..draft.most]", 7, True),
        ("< nothing", 4, None),
        ("nothing", None, True),
        ("中文名", "甲", True),
    ],
)
def test_a_test_holds_or_not_or_is_not_known(test, value, truth):
    names = {"limit": 5, "draft": {"most": 9}, "中文名": "甲"}
    assert holds(parse_unary_tests(test), from_json(value), names) is truth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 - 2 - 1", 4),
        ("8 / 2 / 2", 2),
        ("0.1 + 0.2", Decimal("0.3")),
        ("-2 ** 2", 4),
        ("2 ** 10", 1024),
        ("2 ** -1", Decimal("0.5")),
        ("- (1 + 2)", -3),
        ("1 / 3 * 3 < 1", True),
        ('"a" + "b"', "ab"),
        ('"说\\"好\\"\\u4e2d\\n"', '说"好"中\n'),
        ("1 = 1.0", True),
        ('1 = "1"', None),
        ("1 != 2", True),
        ("null = null", True),
        ("1 = null", False),
        ("1 != null", True),
        ("1 < null", None),
        ('1 < "2"', None),
        ("true < false", None),
        ("null + 1", None),
        ("-nothing", None),
        ("true and false", False),
        ("null and false", False),
        ("false and null", False),
        ("null and true", None),
        ("null and null", None),
        ("null or true", True),
        ("null or false", None),
        ("false or false", False),
        ("not(null)", None),
        ("not(1 > 2)", True),
        ("1 < 2 and 2 < 3 or false", True),
        ('if 1 < 2 then "a" else "b"', "a"),
        ('if null then "a" else "b"', "b"),
        ("if false then 1 else if true then 2 else 3", 2),
        ("draft.most - limit", 4),
        ("Applicant Age + 1", 41),
        ("draft.first of all", 1),
        ('date("2026-09-01") < date("2026-09-02")', True),
        ('date("2026-09-01")', DAY),
        ("missing.field", None),
    ],
)
def test_an_expression_has_the_value_that_the_standard_gives_it(text, value):
    names = {"limit": 5, "draft": {"most": 9, "first of all": 1}, "Applicant Age": 40}
    found = evaluate(parse_expression(text, {"Applicant Age", "first of all"}).tree, names)
    assert found == value
    assert isinstance(found, bool) is isinstance(value, bool)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("“a”", 1, "英文标点"),
        ("1，2", 2, "英文标点"),
        ('"a', 1, "引号"),
        ('"a" "b"', 5, "多出来"),
        ("[1,2]", 3, ".."),
        ("[1..2", 6, "收尾"),
        ("= 3", 1, "相等直接写值"),
        ("-,3", 1, "独占一格"),
        ("3, -", 4, "独占一格"),
        ("not(1), 2", 7, "独占一格"),
        ("not 1", 5, "("),
        ("1 < 2", 3, "多出来"),
        ("<", 2, "没有写完"),
        ("? > 3", 1, "?"),
        ("{a: 1}", 1, "上下文"),
        ("count(1)", 1, "没有函数 count"),
        ('date and time("2026-09-01T08:00:00")', 1, "没有函数 date and time"),
        ("1 + string length(x)", 5, "没有函数 string length"),
        ("first second", 7, "多出来"),
        ("date(2026, 9, 1)", 6, "date("),
        ('date("2026-02-30")', 6, "没有这一天"),
        ('date("2026-W01-1")', 6, "没有这一天"),
        ("for x in y return x", 1, "for"),
        ("x between 1 and 2", 3, "between"),
        ("1e5", 1, "不认识"),
        ("1" * 19, 1, "数字太长"),
        ("2 ** 3 ** 2", 8, "括号"),
        ('"\\x"', 2, "转义"),
        ('"\\ud800"', 1, "不是一个字"),
        ("a.", 3, "点的后面"),
        ("a;b", 2, "不认识"),
    ],
)
def test_a_cell_that_cannot_be_read_says_where_and_why(text, position, words):
    with pytest.raises(CellError) as caught:
        parse_unary_tests(text)
    assert caught.value.position == position
    assert words in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "(" * 900 + "1" + ")" * 900,
        "-" * 900 + "1",
        "+".join("1" * 500),
        "not(" * 200,
        "[" * 1000,
        "if " * 300,
        "1," * 499 + "1",
        '"' + "\\" * 999,
        '"' * 1000,
        "a" * 1_000_000,
        "." * 1000,
        ",".join(["[1..2]"] * 160),
        "\0",
        "\ud800",
        "1 and " * 150 + "1",
    ],
)
def test_a_hostile_cell_is_refused(text):
    with pytest.raises(CellError) as caught:
        parse_unary_tests(text)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9 ** 999", "数字太大"),
        ("999999999999999999 * 999999999999999999", "数字太大"),
        ("1.000001 ** 999999999", "乘方"),
        ("2 ** 0.5", "乘方"),
        ("0 ** -1", "除数"),
        ("0 ** 0", "算不出"),
        ("1 / 0", "除数"),
        ('1 + "a"', "计算"),
        ('-"a"', "负号"),
        ("1 and true", "真假"),
        ("if 1 then 2 else 3", "真假"),
        ("huge + huge", "文字太长"),
    ],
)
def test_an_expression_without_a_value_is_refused(text, words):
    with pytest.raises(ValueRefused, match=words):
        evaluate(parse_expression(text).tree, {"huge": "x" * 6_000})


@given(st.text(alphabet=st.sampled_from('0123456789.,<>=()[]"-+*/ abnotulifhe年“，\\{}?@'), max_size=40))
def test_any_text_is_read_or_refused(text):
    for parse in (parse_unary_tests, parse_expression):
        position = position_of_fault(parse, text)
        assert position is None or 1 <= position <= len(text) + 1


def position_of_fault(parse, text):
    try:
        parse(text)
    except CellError as error:
        return error.position
    return None
