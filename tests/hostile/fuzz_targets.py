"""What a fuzzer calls with bytes: each must end in a value or in a sentence, whatever the bytes.

Hypothesis calls them with what it makes up, atheris with what it finds by coverage (`make fuzz`).
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.errors import Invalid
from app.engine.decisions.errors import CellError, ValueRefused
from app.engine.decisions.evaluation import evaluate, holds
from app.engine.decisions.parsing import parse_expression
from app.engine.decisions.unary_tests import parse_unary_tests
from app.engine.dues import parse_due
from app.engine.expressions import MAX_NODES, ExpressionError
from app.engine.forms import FormError, parse_form
from app.engine.handover.verdicts import Verdict, read_verdict, refused
from app.engine.interpreter import MAX_ITEMS, MAX_TEXT
from app.engine.package import SCENARIOS, ProcessPackage
from app.engine.scenarios import problems_of, run_scenarios
from app.engine.strict_json import read_json
from tests.hostile.corpus.cases import BUILT_IN, FIT, KEY, REFUSED, Case, package
from tests.hostile.judging import assert_fits, judged, rows_of

CONTEXT: Mapping[str, Any] = {
    "draft": {
        "amount": 5,
        "name": "甲乙",
        "rate": 0.5,
        "rows": [{"name": "甲", "n": n} for n in range(50)],
        "no": None,
    },
    "params": {"limit": 10**30, "deep": [[[[["a"]]]]]},
    "rules": {"expense.sign_working_days": 3, "expense.categories": ["books"] * 200},
}
NAMES: Mapping[str, Any] = {"years": 3, "grade": "甲", "is_host": True, "unknown": None}


def fuzz_diagram(data: bytes) -> None:
    """Judge bytes as a diagram."""
    _judge("a.bpmn", data)


def fuzz_archive(data: bytes) -> None:
    """Judge bytes as an archive."""
    _judge("a.zip", data)


def fuzz_manifest(data: bytes) -> None:
    """Judge a package with this manifest."""
    _judge("a.zip", package(process__toml=data.decode("utf-8", errors="replace")))


def fuzz_scenarios(data: bytes) -> None:
    """Run these scenarios."""
    scenarios = ProcessPackage(BUILT_IN.manifest, {**BUILT_IN.files, SCENARIOS: _text(data)})
    verdict = refused(problems_of(run_scenarios(scenarios)))
    _demand_sentences(read_verdict(verdict.written()))


def fuzz_expression(data: bytes) -> None:
    """Read and evaluate a condition or a due; the result stays small."""
    with contextlib.suppress(ExpressionError):
        expression = parse_due(_text(data)).expression
        if expression is not None:
            assert weight(expression.evaluate(CONTEXT)) <= MAX_NODES * (MAX_ITEMS + MAX_TEXT) * 2


def fuzz_form(data: bytes) -> None:
    """Read a form, then fill it in with the second half of the bytes."""
    definition, _, values = data.partition(b"\x00")
    with contextlib.suppress(FormError):
        form = parse_form(_text(definition))
        form.shown(form.defaults())
        with contextlib.suppress(Invalid, ValueError):
            stored = form.validate(read_json(_text(values)), {}, ())
            json.dumps(stored, allow_nan=False, ensure_ascii=False).encode()


def fuzz_decision(data: bytes) -> None:
    """Read a cell as a test and as a result, and evaluate both."""
    text = _text(data)
    with contextlib.suppress(CellError, ValueRefused):
        for value in (*NAMES.values(), 1.5, "2026-01-01"):
            assert holds(parse_unary_tests(text, NAMES), value, NAMES) in {True, False, None}
    with contextlib.suppress(CellError, ValueRefused):
        assert weight(evaluate(parse_expression(text, NAMES).tree, NAMES)) <= MAX_TEXT


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "diagram": fuzz_diagram,
    "archive": fuzz_archive,
    "manifest": fuzz_manifest,
    "scenarios": fuzz_scenarios,
    "expression": fuzz_expression,
    "form": fuzz_form,
    "decision": fuzz_decision,
}


def weight(value: Any) -> int:
    """Return how many signs and values there are in a result."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(1 + weight(one) for one in value.values())
    if isinstance(value, list | tuple):
        return sum(1 + weight(one) for one in value)
    assert len(str(value)) < MAX_TEXT
    return 1


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="surrogateescape") if len(data) % 2 else data.decode("utf-8", errors="replace")


def _judge(file: str, content: bytes) -> None:
    _demand_sentences(judged(file, content))


def _demand_sentences(verdict: Verdict) -> None:
    assert_fits(Case(KEY, "", bytes, REFUSED if verdict.problems else FIT), rows_of(verdict))
