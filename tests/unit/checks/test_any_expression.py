"""Whatever expression is written, the checks come to an end; and what they find well typed the engine can evaluate."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.checks.expressions import check_expressions
from app.engine.checks.gateways import check_gateways
from app.engine.checks.inference import infer
from app.engine.checks.soundness import check_soundness
from app.engine.expressions import ExpressionError, parse
from app.engine.types import BOOLEAN, DATE, NUMBER, TEXT, choice, list_of, row_of
from tests.unit.checks.drawing import BEGIN, facts_of
from tests.unit.engine.playing import diagram, element, ends, flow, line

SCOPE = {
    "draft": {
        "amount": NUMBER, "people": NUMBER, "urgent": BOOLEAN, "kind": choice(("a", "b")), "note": TEXT, "day": DATE,
        "items": list_of(row_of({"price": NUMBER, "name": TEXT})),
    },
}  # fmt: skip
TYPED = [f"draft.{name}" for name in SCOPE["draft"]]
ODD = [
    "begin.amount",
    "begin.urgent",
    "begin.kind",
    "begin.zzz",
    "sign.verdict",
    "params.x",
    "rules['a.b']",
    "rules",
    "begin",
    "case.serial",
]
LITERALS = ["1", "0", "2.5", "-1", "'a'", "'2026-01-31'", "null", "true", "false", "[1, 'a']", "[]", "[[1]]"]
ROWS = st.lists(
    st.fixed_dictionaries({"price": st.integers(-5, 5) | st.none(), "name": st.text("ab", max_size=2)}), max_size=2
)
VALUES = st.fixed_dictionaries(
    {
        "amount": st.integers(-5, 5) | st.none(), "people": st.integers(1, 9), "urgent": st.booleans() | st.none(),
        "kind": st.sampled_from(["a", "b", None]), "note": st.text("ab", max_size=2) | st.none(),
        "day": st.sampled_from(["2026-01-31", None]), "items": ROWS | st.none(),
    }
)  # fmt: skip
# What depends on numbers and not on types.
BY_VALUE = ("除数是 0", "数字太大", "值太大")


def longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    symbols = st.sampled_from(
        ["and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "+", "-", "*", "/", "//", "%"]
    )
    return st.one_of(
        st.tuples(inner, symbols, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda one: f"(not {one})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        st.tuples(st.sampled_from(["len", "sum", "abs", "round", "min"]), inner).map(
            lambda parts: f"{parts[0]}({parts[1]})"
        ),
        st.tuples(st.sampled_from(["max", "pluck"]), inner, inner).map(
            lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"
        ),
        inner.map(lambda one: f"[{one}]"),
    )


def expressions(names: list[str]) -> st.SearchStrategy[str]:
    return st.recursive(st.sampled_from([*names, *LITERALS]), longer, max_leaves=6)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expressions(TYPED), VALUES)
def test_what_is_well_typed_can_be_evaluated(text: str, values: dict[str, Any]):
    if not infer(text, SCOPE, {}).findings:
        fault = fault_of(text, values)
        assert not fault or any(words in fault for words in BY_VALUE), (text, values, fault)


def fault_of(text: str, values: dict[str, Any]) -> str:
    try:
        parse(text).evaluate({"draft": values})
    except ExpressionError as error:
        return str(error)
    return ""


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(expressions(ODD), min_size=3, max_size=3))
def test_any_conditions_are_judged(conditions: list[str]):
    first, second, third = conditions
    facts = facts_of(diagram(
        BEGIN, element("userTask", "sign", shenpi_role="principal", shenpi_verdicts="agree return"),
        *(element("exclusiveGateway", name, default=f"{name}_to_last") for name in ("x", "y")),
        ends("one", "two", "last"), line("begin", "sign", "x"), flow("x", "last"), flow("y", "last"),
        flow("x", "one", first), flow("x", "y", second), flow("y", "two", third),
    ))  # fmt: skip
    for check in (check_expressions, check_gateways, check_soundness):
        assert all("%(" not in problem.text for problem in check(facts))
