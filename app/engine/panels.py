"""Panels as the engine knows them: whom their members score and on what, and the scores that the case keeps."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from app.domain.errors import Invalid
from app.domain.panels import (
    LONGEST_ID,
    MOST_CANDIDATES,
    MOST_CRITERIA,
    MOST_POINTS,
    Candidate,
    Criterion,
    Id,
    Line,
    Sheet,
)
from app.domain.tally import INCOMPLETE, SCORED, Count
from app.domain.text import N_
from app.domain.vocabulary import Verdict
from app.engine.compiler import CompiledProcess
from app.engine.expressions import parse
from app.engine.model import UserTask
from app.engine.types import ANY, NUMBER, TEXT, Type, list_of, row_of
from app.engine.values import CaseValues, Inputs

SCORES = "scores"
# The columns of a line of the score sheet, as the case keeps it.
LINE_TYPES: Mapping[str, Type] = MappingProxyType({"id": ANY, "mean": NUMBER, "spread": NUMBER, "scored": NUMBER})
# What a panel leaves in the case beside its verdict.
SCORE_TYPES: Mapping[str, Type] = MappingProxyType(
    {"roll": NUMBER, "answered": NUMBER, "recused": NUMBER, "closed_by": TEXT, SCORES: list_of(row_of(LINE_TYPES))}
)


def sheet_of(process: CompiledProcess, path: str, values: Mapping[str, Any], context: Mapping[str, Any]) -> Sheet:
    """Evaluate whom the panel at a path scores, and on what, as it opens. Raises ExpressionError, Invalid."""
    task = process.element(path)
    if not isinstance(task, UserTask) or task.collective is None:
        raise KeyError(path)
    names = CaseValues(process, Inputs(values, context)).names(tuple(path.split("/")[:-1]))
    candidates, criteria = (
        parse(text).evaluate(names) if text else None for text in (task.collective.candidates, task.collective.criteria)
    )
    return Sheet(_candidates(_rows(candidates)), _criteria(_rows(criteria)))


def outcome_of(outcome: str) -> str:
    """Return how a panel ended, from how its closing rule did."""
    return SCORED if outcome == Verdict.SUBMIT else INCOMPLETE


def result(count: Count, closed_by: str, lines: Iterable[Line]) -> dict[str, Any]:
    """Return what the case keeps of a panel: numbers, never who gave them."""
    numbers = {"roll": count.roll, "answered": count.answered, "recused": count.recused, "closed_by": closed_by}
    return {**numbers, SCORES: [line.row for line in lines]}


def only_candidate(sheet: Sheet) -> tuple[Id, ...]:
    """Return the candidate where there is but one: who has nobody else to score steps aside altogether."""
    return tuple(one.id for one in sheet.candidates) if len(sheet.candidates) == 1 else ()


def _rows(found: Any) -> Sequence[Any]:
    return found if isinstance(found, list) and all(isinstance(row, dict) for row in found) else []


def _candidates(rows: Sequence[Any]) -> tuple[Candidate, ...]:
    found = tuple(_candidate(row, place) for place, row in enumerate(rows, start=1))
    if not (1 <= len(found) <= MOST_CANDIDATES and all(one.name and len(one.key) <= LONGEST_ID for one in found)):
        message = N_("评议的候选人要有 1 到 %(most)d 位，每人都有姓名。")
        raise Invalid.field("candidates", message, most=MOST_CANDIDATES)
    if len({one.key for one in found}) < len(found):
        raise Invalid.field("candidates", N_("评议的候选人里有人列了两次，请去掉一个。"))
    return found


def _candidate(row: Mapping[str, Any], place: int) -> Candidate:
    named = row.get("id")
    key = named if isinstance(named, int | str) and not isinstance(named, bool) else place
    return Candidate(key, str(row.get("name") or ""), str(row.get("hint") or ""))


def _criteria(rows: Sequence[Any]) -> tuple[Criterion, ...]:
    found = tuple(Criterion(str(row.get("name") or ""), _points(row.get("points"))) for row in rows)
    is_whole = all(one.name and one.points for one in found)
    if not (is_whole and 1 <= len(found) <= MOST_CRITERIA):
        message = N_("评议项目要有 1 到 %(most)d 项，每项写明名称和满分（1 到 %(points)d 的整数）。")
        raise Invalid.field("criteria", message, most=MOST_CRITERIA, points=MOST_POINTS)
    return found


def _points(found: Any) -> int:
    """Return the most points of a criterion; 0 for what is no such number."""
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= MOST_POINTS:
        return 0
    return found
