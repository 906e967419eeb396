"""What a member of a panel hands in, and for whom the member steps aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.panels import Panel, PanelRecusal
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.panels import CONFLICT_TITLES, Candidate, ConflictKind, Criterion, Sheet, checked, typed
from app.domain.text import N_
from app.engine.panels import SCORES
from app.services.filling import submissions


@dataclass(frozen=True)
class Recusal:
    """For which candidate a member steps aside, and why."""

    candidate: str
    kind: str


@dataclass(frozen=True)
class Aside:
    """Why a member steps aside for a candidate; the studio's name where the register tells it."""

    kind: str
    studio: str | None = None


@dataclass(frozen=True)
class MemberSheet:
    """The sheet as one member fills it in: for whom the member steps aside, each with why."""

    sheet: Sheet
    recusals: Mapping[str, Aside]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Return whom the member scores."""
        return self.sheet.left_to(self.recusals)

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the member typed or handed in, row by row."""
        return {SCORES: typed(self.sheet, values.get(SCORES), self.recusals)}


def member_sheet(session: Session, panel: Panel, person_id: int) -> MemberSheet:
    """Return a panel's sheet for one of its members."""
    return MemberSheet(sheet_of(panel), recusals_of(session, panel.id, person_id))


def sheet_of(panel: Panel) -> Sheet:
    """Return whom a panel scores and on what."""
    return Sheet(tuple(Candidate(**row) for row in panel.candidates), tuple(Criterion(**row) for row in panel.criteria))


def recusals_of(session: Session, panel_id: int, person_id: int) -> dict[str, Aside]:
    """Return for whom a member steps aside, each with why; always for oneself."""
    query = select(PanelRecusal.candidate, PanelRecusal.kind, Studio.name).outerjoin(PanelRecusal.studio)
    rows = session.execute(query.where(PanelRecusal.panel_id == panel_id, PanelRecusal.person_id == person_id))
    known = {candidate: Aside(kind, studio) for candidate, kind, studio in rows}
    return {**known, str(person_id): Aside(ConflictKind.SELF)}


def checked_values(session: Session, panel_id: int, person_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scores that a member hands in. Raises Invalid by field, also for fields that are not asked."""
    submissions.refuse_all({name: value for name, value in values.items() if name != SCORES})
    sheet = sheet_of(session.get_one(Panel, panel_id))
    return {SCORES: checked(sheet, values.get(SCORES), recusals_of(session, panel_id, person_id))}


def step_aside(session: Session, panel_id: int, person_id: int, given: Recusal, reason: str | None) -> bool:
    """Keep that a member leaves a candidate to the others; tell whether nobody is left for the member to score.

    Raises Invalid by field.
    """
    panel = session.get(Panel, panel_id)
    sheet = sheet_of(panel) if panel is not None else Sheet((), ())
    known = recusals_of(session, panel_id, person_id)
    if given.kind not in CONFLICT_TITLES:
        raise Invalid.field("kind", N_("请选是什么关系。"))
    if given.candidate not in {one.key for one in sheet.left_to(known)}:
        raise Invalid.field("candidate", N_("打分表上没有这个人，或者您已经对他回避。"))
    if given.kind == ConflictKind.OTHER and reason is None:
        raise Invalid.field("reason", N_("请写明是什么关系。"))
    row = PanelRecusal(panel_id=panel_id, person_id=person_id, candidate=given.candidate, kind=given.kind)
    row.reason, row.declared_at = reason, clock.now()
    session.add(row)
    session.flush()
    return not sheet.left_to({*known, given.candidate})
