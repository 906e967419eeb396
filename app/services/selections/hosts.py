"""Determining the hosts: within the seats, by the order, with a reason for every departure from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.panels import PanelRecusal
from app.db.people import Position
from app.db.rounds import Application, Round
from app.db.selections import DecisionSheet
from app.domain.errors import Forbidden
from app.domain.identity import Actor
from app.domain.rounds import ApplicationKind, ApplicationResult
from app.domain.selections import Departure, departures
from app.domain.text import N_
from app.domain.vocabulary import Role
from app.services.accounts.actors import holds_today
from app.services.operations.findings import Findings
from app.services.selections import outcomes, sheets

DEPARTURES = {
    Departure.PASSED_OVER: N_("%(name)s按顺序应当入选，没有选，请写明理由。"),
    Departure.BROUGHT_FORWARD: N_("%(name)s排在名额以外，选了，请写明理由。"),
    Departure.TIED: N_("%(name)s与别人并列，选了，请写明理由。"),
}
LONGEST_REASON = 500


def determine(session: Session, round_: Round, actor: Actor | None, chosen: Sequence[int], given: Any) -> DecisionSheet:
    """Write down who becomes a host by a choice that was judged, and who may follow in the order."""
    sheet = sheets.drawn(session, round_)
    needed = departures(sheets.standings_in(sheet), round_.seats, chosen)
    reasons = reasons_in(given)
    rows = [
        {
            **row,
            "is_chosen": row["person"] in chosen,
            "departure": needed.get(row["person"]),
            "reason": reasons.get(row["person"], "") if row["person"] in needed else "",
        }
        for row in sheet.rows
    ]
    sheets.decide(sheet, rows, actor.person_id if actor else None)
    for application in outcomes.accepted(session, round_, ApplicationKind.HOST):
        is_chosen = application.person_id in chosen
        application.result = ApplicationResult.CHOSEN if is_chosen else ApplicationResult.RESERVE
    return sheet


def judge(sheet: DecisionSheet, seats: int, chosen: Sequence[int], given: Any, findings: Findings) -> None:
    """Note what is wrong with a choice: too many, strangers, departures without a reason."""
    names = {row["person"]: row["name"] for row in sheet.rows}
    if not chosen:
        findings.fault("hosts", N_("请至少选一位主持人；一位也不定的，请选“不定人选”。"))
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(names):
        findings.fault("hosts", N_("所选的人里有人不是这一批的候选人，请重新选。"))
    elif len(chosen) > seats:
        findings.fault("hosts", N_("名额是 %(seats)d 个，选了 %(count)d 人。"), seats=seats, count=len(chosen))
    reasons = reasons_in(given)
    for person, departure in departures(sheets.standings_in(sheet), seats, chosen).items():
        if person in names and not reasons.get(person) and chosen:
            findings.fault("departures", DEPARTURES[departure], name=names[person])


def reasons_in(given: Any) -> Mapping[int, str]:
    """Return the reasons that were written, by the person whom they are about."""
    rows: Iterable[Mapping[str, Any]] = given or ()
    return {int(row["person"]): str(row.get("reason") or "").strip() for row in rows if row.get("person") is not None}


def refuse_candidate(session: Session, round_: Round, actor: Actor | None) -> None:
    """Refuse a decision by somebody who applied in the round. Raises Forbidden."""
    if actor is not None and actor.person_id in candidates_of(session, round_):
        raise Forbidden(N_("您本人是这一批的候选人，要回避，请领导小组的另一位来定。"))


def candidates_of(session: Session, round_: Round) -> set[int]:
    """Return who applied in a round and was accepted."""
    return {one.person_id for kind in ApplicationKind for one in outcomes.accepted(session, round_, kind)}


def is_leader_apart(session: Session, round_: Round) -> bool:
    """Tell whether whoever leads the group stands apart: as a candidate, or by a conflict with one."""
    query = select(Position.person_id).where(
        Position.organization_id == round_.organization_id,
        Position.role == Role.LEADERSHIP_GROUP_LEADER,
        holds_today(),
    )
    leaders = set(session.scalars(query))
    return bool(leaders) and leaders <= candidates_of(session, round_) | _conflicted(session, round_)


def _conflicted(session: Session, round_: Round) -> set[int]:
    """Return who stepped aside for a candidate in the round's review."""
    declared = select(PanelRecusal.person_id).join(CollectiveTask, CollectiveTask.id == PanelRecusal.panel_id)
    return set(session.scalars(declared.where(CollectiveTask.instance_id == round_.instance_id)))


def application_of(session: Session, round_: Round, person_id: int) -> Application | None:
    """Return the accepted application of a person as host."""
    found = (one for one in outcomes.accepted(session, round_, ApplicationKind.HOST) if one.person_id == person_id)
    return next(found, None)
