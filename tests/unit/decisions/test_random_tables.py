"""Random tables against evaluators that are too simple to be wrong."""

from dataclasses import dataclass
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.decisions import DecisionError, Fault, decide
from app.engine.decisions.checks import check_decisions
from tests.unit.decisions.building import read, table

LETTERS = ("a", "b", "c")
OUTPUTS = ("x", "y", "z")
POINTS = (1, 2, 3)
# Every half step shows whatever can lie between whole ends.
NUMBERS = tuple(step / 2 for step in range(9))
WHOLE = tuple(range(5))


@dataclass(frozen=True)
class Cell:
    """A test as text, and the values that it matches."""

    text: str
    values: frozenset[Any]


def _matching(text, condition):
    return Cell(text, frozenset(value for value in NUMBERS if condition(value)))


def _number_cells():
    found = [Cell("-", frozenset({*NUMBERS, None}))]
    for low in POINTS:
        found += [
            _matching(f"{low}", lambda value, low=low: value == low),
            _matching(f"< {low}", lambda value, low=low: value < low),
            _matching(f">= {low}", lambda value, low=low: value >= low),
            _matching(f"not({low})", lambda value, low=low: value != low),
            _matching(f"< {low}, > 3", lambda value, low=low: value < low or value > 3),
        ]
        for high in POINTS:
            found += [
                _matching(f"[{low}..{high}]", lambda value, low=low, high=high: low <= value <= high),
                _matching(f"({low}..{high})", lambda value, low=low, high=high: low < value < high),
                _matching(f"not(]{low}..{high}])", lambda value, low=low, high=high: not low < value <= high),
            ]
    return [*found, Cell("null", frozenset({None})), Cell("null, 2", frozenset({None, 2.0}))]


def _letter_cells():
    found = [Cell("-", frozenset({*LETTERS, None}))]
    for letter in LETTERS:
        found += [Cell(f'"{letter}"', frozenset({letter})), Cell(f'not("{letter}")', frozenset({*LETTERS} - {letter}))]
    return [*found, Cell('"a","b"', frozenset("ab"))]


rules = st.lists(
    st.tuples(st.sampled_from(_number_cells()), st.sampled_from(_letter_cells()), st.sampled_from(OUTPUTS)),
    min_size=1,
    max_size=5,
)


def _file(found, policy, kind="number", default="", aggregation=""):
    inputs = [("n", kind, "[0..4]"), ("l", "string", '"a","b","c"')]
    rows = [((number.text, letter.text), (f'"{output}"',)) for number, letter, output in found]
    return read(table(inputs, [("o", "string", '"z","x","y"', default)], rows, policy, aggregation))


def _naive(found, policy, number, letter):
    """Return the result of a table, or the fault."""
    hits = [output for numbers, letters, output in found if number in numbers.values and letter in letters.values]
    ranked = sorted(hits, key="zxy".index)
    if policy in {"COLLECT", "RULE ORDER"}:
        return hits
    if policy == "OUTPUT ORDER":
        return ranked
    if not hits:
        return Fault.NO_MATCH
    if (policy == "UNIQUE" and len(hits) > 1) or (policy == "ANY" and len(set(hits)) > 1):
        return Fault.VIOLATION
    return ranked[0] if policy == "PRIORITY" else hits[0]


def _real(file, number, letter):
    try:
        return decide(file, "judge", {"n": number, "l": letter}).result
    except DecisionError as error:
        return error.fault


@settings(max_examples=60, deadline=None)
@given(
    found=rules,
    policy=st.sampled_from(["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]),
    values=st.lists(st.tuples(st.sampled_from([*NUMBERS, None]), st.sampled_from([*LETTERS, None])), max_size=8),
)
def test_a_hit_policy_gives_what_a_simple_evaluator_gives(found, policy, values):
    file = _file(found, policy)
    for number, letter in values:
        assert _real(file, number, letter) == _naive(found, policy, number, letter)


@settings(max_examples=60, deadline=None)
@given(found=rules, policy=st.sampled_from(["UNIQUE", "ANY", "FIRST"]), kind=st.sampled_from(["number", "integer"]))
def test_gaps_overlaps_and_dead_rules_are_found_exactly(found, policy, kind):
    problems = check_decisions(_file(found, policy, kind))
    numbers = WHOLE if kind == "integer" else NUMBERS
    known = list(product(numbers, LETTERS))
    boxes = [
        {
            pair
            for pair in product([*numbers, None], [*LETTERS, None])
            if pair[0] in one.values and pair[1] in two.values
        }
        for one, two, _output in found
    ]
    told = {(problem.rule, problem.element) for problem in problems}

    dead = {f"judge_{at + 1}" for at, box in enumerate(boxes) if not box}
    masked = (
        {f"judge_{at + 1}" for at, box in enumerate(boxes) if box <= set().union(*boxes[:at])}
        if policy == "FIRST"
        else set()
    )
    assert {element for rule, element in told if rule == "dmn-dead-rule"} == dead | masked

    has_gap = any(all(values not in box for box in boxes) for values in known)
    assert (("dmn-gap", "judge") in told) is has_gap

    overlapping = {
        f"judge_{at + 1}"
        for at, box in enumerate(boxes)
        if any(
            box & other and (policy == "UNIQUE" or found[at][2] != found[before][2])
            for before, other in enumerate(boxes[:at])
        )
    }
    assert {element for rule, element in told if rule == "dmn-overlap"} == (overlapping if policy != "FIRST" else set())


@settings(max_examples=30, deadline=None)
@given(found=rules)
def test_what_has_no_problem_never_fails(found):
    file = _file(found, "UNIQUE")
    if not check_decisions(file):
        assert all(isinstance(_real(file, number, letter), str) for number, letter in product(NUMBERS, LETTERS))
