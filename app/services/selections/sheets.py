"""Decision sheets: drawn by the declared formula, decided once, with a hash of what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.rounds import Application, Round
from app.db.selections import DecisionSheet
from app.domain import canonical, clock
from app.domain.errors import Conflict
from app.domain.fact_reading import fact_rules
from app.domain.rounds import ApplicationKind
from app.domain.selections import (
    HUNDRED,
    Candidate,
    Formula,
    SheetKind,
    Standing,
    TieBreak,
    hundredths,
    ranked,
)
from app.domain.serial import verification_code
from app.domain.text import N_
from app.services.dossiers.explanations import YEARS
from app.services.dossiers.facts import facts_of, rule_values
from app.services.selections import outcomes
from app.services.selections.outcomes import Rules

Row = dict[str, Any]


def draw(session: Session, round_: Round, rules: Rules, runoff: Mapping[int, int] | None = None) -> DecisionSheet:
    """Draw the sheet of a round's hosts by its formula, anew where it was drawn before; who was chosen is open."""
    formula = outcomes.formula_of(round_, rules)
    applications = {one.person_id: one for one in outcomes.accepted(session, round_, ApplicationKind.HOST)}
    candidates = [_candidate(session, round_, rules, one, runoff or {}) for one in applications.values()]
    standings = ranked(formula, candidates)
    rows = [_row(applications[one.candidate.id], round_, one) for one in standings]
    for one in standings:
        applications[one.candidate.id].place = one.place
    return keep(session, round_, SheetKind.HOST, rows, {**asdict(formula), "weights": list(formula.weights)})


def keep(session: Session, round_: Round, kind: SheetKind, rows: list[Row], formula: Row) -> DecisionSheet:
    """Keep a sheet that nobody has decided by yet."""
    sheet = find(session, round_.id, kind)
    if sheet is None:
        sheet = DecisionSheet(round_id=round_.id, kind=kind, code=verification_code(), revision=0)
        session.add(sheet)
    sheet.rows, sheet.formula, sheet.drawn_at = rows, formula, clock.now()
    sheet.decided_by_id = sheet.decided_at = None
    seal(sheet)
    session.flush()
    return sheet


def decide(sheet: DecisionSheet, rows: list[Row], person_id: int | None) -> None:
    """Write what was decided into a sheet, and by whom."""
    sheet.rows, sheet.decided_by_id, sheet.decided_at = rows, person_id, clock.now()
    seal(sheet)


def seal(sheet: DecisionSheet) -> None:
    """Give a sheet that changed its next revision and the hash of what it says now."""
    sheet.revision += 1
    said = {"formula": sheet.formula, "rows": sheet.rows, "revision": sheet.revision}
    sheet.content_hash = canonical.content_hash(said)


def find(session: Session, round_id: int, kind: SheetKind) -> DecisionSheet | None:
    """Return a round's sheet of hosts or members, if it was drawn."""
    return session.scalar(select(DecisionSheet).where(DecisionSheet.round_id == round_id, DecisionSheet.kind == kind))


def drawn(session: Session, round_: Round, kind: SheetKind = SheetKind.HOST) -> DecisionSheet:
    """Return the sheet that a decision needs. Raises Conflict."""
    found = find(session, round_.id, kind)
    if found is None:
        raise Conflict(N_("这一批还没有决定表，请找流程管理员。"))
    return found


def formula_in(sheet: DecisionSheet) -> Formula:
    """Return the formula as a sheet declares it."""
    told = {key: value for key, value in sheet.formula.items() if key != "weights"}
    return Formula(**{**told, "tie_break": TieBreak(told["tie_break"])})


def standings_in(sheet: DecisionSheet) -> list[Standing]:
    """Return the order as a sheet declares it."""
    return [
        Standing(Candidate(row["person"]), None, None, None, row["place"], is_tied=row["is_tied"]) for row in sheet.rows
    ]


def names_in(rows: Sequence[Row], people: Sequence[int]) -> str:
    """Return how people of a sheet are called, in its order."""
    return "、".join(row["name"] for row in rows if row["person"] in people)


def _candidate(
    session: Session, round_: Round, rules: Rules, application: Application, runoff: Mapping[int, int]
) -> Candidate:
    person = application.person_id
    score, votes = outcomes.results_of(round_, "scores").get(person), outcomes.results_of(round_, "tally").get(person)
    mean = score.get("mean") if score else None
    is_by_years = outcomes.rule_of(rules, outcomes.TIE_BREAK) == TieBreak.YEARS
    return Candidate(
        id=person,
        mean=None if mean is None else hundredths(mean),
        votes=int(votes["votes"]) if votes else None,
        years=_years(session, application, rules) if is_by_years else None,
        runoff_votes=runoff.get(person),
    )


def _years(session: Session, application: Application, rules: Rules) -> int | None:
    by_rule = fact_rules(rule_values(rules))
    facts = facts_of(session, application.person_id, application.organization_id, clock.today(), by_rule)
    value = facts[YEARS].value
    return hundredths(value) if isinstance(value, int | float) else None


def _row(application: Application, round_: Round, standing: Standing) -> Row:
    person, one = application.person, standing.candidate
    score = outcomes.results_of(round_, "scores").get(person.id) or {}
    school = application.organization
    return {
        "person": person.id,
        "application": application.id,
        "name": person.name,
        "school": school.name,
        "stage": school.stage,
        "district": school.location_district,
        "mean": _decimal(one.mean),
        "spread": score.get("spread"),
        "scored": score.get("scored", 0),
        "votes": one.votes,
        "years": _decimal(one.years),
        "runoff_votes": one.runoff_votes,
        "review": _decimal(standing.review),
        "share": _decimal(standing.share),
        "total": _decimal(standing.total),
        "place": standing.place,
        "is_tied": standing.is_tied,
        "is_chosen": False,
        "departure": None,
        "reason": "",
    }


def _decimal(value: int | None) -> float | None:
    return None if value is None else value / HUNDRED
