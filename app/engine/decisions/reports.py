"""What `shenpi decide` answers: a decision made from a file and values as text, or why not, as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.text import N_
from app.engine.decisions.deciding import decide, find_decision
from app.engine.decisions.errors import DecisionError
from app.engine.decisions.model import DecisionFile
from app.engine.decisions.reading import read_decisions
from app.engine.handover.texts import text_at
from app.engine.problems import PackageError, Report

UNDECIDED = 1
UNREADABLE = 2


@dataclass(frozen=True)
class Answer:
    """What is printed, and the exit status."""

    body: Mapping[str, Any]
    status: int = 0


def answer(path: Path, wanted: str | None, values: str) -> Answer:
    """Make a decision of a DMN file, the only one unless an id or name is given."""
    try:
        file = read_decisions(path.name, text_at(path, Report(path.name)))
    except PackageError as error:
        rows = [{"element": one.element, "rule": one.rule, "text": one.text} for one in error.problems]
        return _failed(UNREADABLE, "file", str(error), problems=rows)
    given = _given(values)
    if given is None:
        return _failed(UNDECIDED, "values", N_('--values 要写成 JSON 对象，例如 {"years": 5}。'))
    return _answer(file, wanted, given)


def _answer(file: DecisionFile, wanted: str | None, values: Mapping[str, Any]) -> Answer:
    try:
        return Answer(decide(file, find_decision(file, wanted).id, values).as_json())
    except DecisionError as error:
        return Answer({"error": error.as_json(), "explanation": error.explanation}, UNDECIDED)


def _given(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text, parse_float=Decimal)
        # Half of a pair could not be written out again.
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _failed(status: int, kind: str, text: str, **more: Any) -> Answer:
    return Answer({"error": {"kind": kind, "text": text, **more}, "explanation": None}, status)
