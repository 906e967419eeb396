"""What review and vote of a round came to, and by which rules the round was opened."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.rounds import Application, Round
from app.domain.rounds import ApplicationKind, ApplicationStatus
from app.domain.selections import Formula, TieBreak

CRITERIA = "selection.criteria"
WEIGHTS = "selection.weights"
TIE_BREAK = "selection.tie_break"

Rules = Mapping[str, Mapping[str, Any]]


def rule_of(rules: Rules, parameter: str) -> Any:
    """Return the value of a rule that the round's case is pinned to."""
    return (rules.get(parameter) or {}).get("value")


def formula_of(round_: Round, rules: Rules) -> Formula:
    """Return the formula by which a round was declared to decide."""
    weights = {row["part"]: int(row["percent"]) for row in rule_of(rules, WEIGHTS) or ()}
    points = sum(int(row["points"]) for row in rule_of(rules, CRITERIA) or ())
    return Formula(
        points=points if any(row.get("scored") for row in results_of(round_, "scores").values()) else None,
        papers=papers_of(round_),
        review_percent=weights.get("review", 0),
        vote_percent=weights.get("vote", 0),
        seats=round_.seats,
        tie_break=TieBreak(rule_of(rules, TIE_BREAK) or TieBreak.PANEL),
    )


def papers_of(round_: Round) -> int | None:
    """Return how many ballot papers were counted, None where no vote was."""
    results = round_.results or {}
    return int(results["answered"] or 0) if results.get("tally") else None


def results_of(round_: Round, part: str) -> dict[int, Mapping[str, Any]]:
    """Return the rows of the scores or of the tally by person."""
    return {int(row["id"]): row for row in (round_.results or {}).get(part) or ()}


def accepted(session: Session, round_: Round, kind: ApplicationKind) -> list[Application]:
    """Return a round's accepted applications of a kind with their people and schools."""
    query = select(Application).where(
        Application.round_id == round_.id, Application.kind == kind, Application.status == ApplicationStatus.ACCEPTED
    )
    query = query.options(joinedload(Application.person), joinedload(Application.organization))
    return list(session.scalars(query.order_by(Application.id)))
