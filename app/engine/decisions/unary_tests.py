"""Read input cells and lists of allowed values: S-FEEL's unary tests."""

from collections.abc import Collection

from app.domain.text import N_
from app.engine.decisions.errors import CellError
from app.engine.decisions.parsing import Parser
from app.engine.decisions.trees import Compared, Interval, Test, UnaryTests
from app.engine.wordings import comparison_in

_ORDERINGS = ("<", "<=", ">", ">=")
_OPENING = {"[": True, "(": False, "]": False}
_CLOSING = {"]": True, ")": False, "[": False}


def parse_unary_tests(text: str, names: Collection[str] = ()) -> UnaryTests:
    """Read the content of an input cell; an empty one is `-`. Raises CellError."""
    shown = text.strip()
    if shown in {"", "-"}:
        return UnaryTests("-", ())
    meant = None if shown in names else comparison_in(shown)
    if meant is not None:
        raise CellError(text, 1, N_("比较要用符号写，不用文字：请写成 %s。") % meant)
    parser = Parser(text, names)
    tests, is_negated = _negated(parser)
    parser.finish()
    return UnaryTests(shown, tests, is_negated)


def _negated(parser: Parser) -> tuple[tuple[Test, ...], bool]:
    if not parser.take("not"):
        return _tests(parser), False
    parser.expect("(")
    tests = _tests(parser)
    parser.expect(")")
    if parser.sees(","):
        raise parser.error(N_("not(…) 要独占一格，不能再和别的测试并列。"))
    return tests, True


def _tests(parser: Parser) -> tuple[Test, ...]:
    found = [_test(parser)]
    while parser.take(","):
        found.append(_test(parser))
    return tuple(found)


def _test(parser: Parser) -> Test:
    if symbol := parser.take(*_ORDERINGS):
        return Compared(symbol.text, parser.sum())
    if parser.sees("=", "!="):
        raise parser.error(N_("格子里不写 = 和 !=：相等直接写值，不等写 not(…)。"))
    if parser.sees("-") and _is_lonely_dash(parser):
        raise parser.error(N_("“-”要独占一格。"))
    return _interval(parser) or Compared("=", parser.sum())


def _is_lonely_dash(parser: Parser) -> bool:
    index = parser.index
    parser.take("-")
    is_lonely = parser.sees(",", ")") or not parser.token.text
    parser.index = index
    return is_lonely


def _interval(parser: Parser) -> Interval | None:
    """Read an interval; a bracket that turns out to hold a calculation is given back."""
    start = parser.index
    opening = parser.take(*_OPENING)
    if opening is None:
        return None
    low = parser.sum()
    if opening.text == "(" and not parser.sees(".."):
        parser.index = start
        return None
    parser.expect("..")
    high = parser.sum()
    closing = parser.take(*_CLOSING)
    if closing is None:
        raise parser.error(N_("区间要用 ] 或者 ) 收尾，例如 [1..5]。"))
    return Interval(low, high, _OPENING[opening.text], _CLOSING[closing.text])
