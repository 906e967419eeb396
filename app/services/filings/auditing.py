"""Auditing rows: what the clerk prepares for each, journalled, until another person confirms it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.journal import JournalEntry
from app.db.work import IS_OPEN, WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.filings import FilingLevel, RowStatus, RowVerdict
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.domain.text import N_, visible
from app.services import journal
from app.services.accounts.organizations import place_of
from app.services.filings import routes, runs
from app.services.transactions import writing

ACT = "audit_filing_rows"
ELEMENT = "audit_rows"
LONGEST_REASON = 500
MOST_ROWS = 1000
NO_AUDITOR = N_("名单由教育局经办审核，由另一个人确认。")


@dataclass(frozen=True)
class Audit:
    """What is prepared for rows, and why."""

    verdict: RowVerdict
    reason: str = ""


def rows_of(run: FilingRun) -> Select[FilingRow]:
    """Return the query of the rows that lie with a year's bureau."""
    return select(FilingRow).join(FilingRow.batch).where(*lies_with(run))


def lies_with(run: FilingRun) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a row, joined with its batch, that lies with a year's bureau."""
    return link_of(run) == run.id, FilingRow.level == routes.level_of(run.organization)


def link_of(run: FilingRun) -> InstrumentedAttribute[int | None]:
    """Return the column by which a batch belongs to a year of this level."""
    is_district = routes.level_of(run.organization) == FilingLevel.DISTRICT
    return FilingBatch.district_run_id if is_district else FilingBatch.city_run_id


def may_audit(session: Session, actor: Actor, run: FilingRun) -> bool:
    """Tell whether the person may prepare verdicts now: while the clerks' task is open."""
    if not allows(actor, Action.AUDIT_FILINGS, place_of(run.organization)):
        return False
    is_its = WorkItem.instance_id == run.instance_id, WorkItem.element == ELEMENT, IS_OPEN
    return session.scalar(select(WorkItem.id).where(*is_its).limit(1)) is not None


def audit(session: Session, actor: Actor, run_id: int, rows: Mapping[int, int | None], given: Audit) -> int:
    """Prepare a verdict for rows at the revisions that were seen, or as they stand; return how many.

    Raises NotFound, Forbidden, Conflict for rows that changed, and Invalid by field.
    """
    reason = visible(given.reason).strip()
    _check(rows, given.verdict, reason)
    with writing(session):
        run = runs.locked(session, run_id)
        require_auditor(session, actor, run)
        found = _pending(session, run, rows)
        for row in found:
            row.verdict, row.reason = given.verdict, reason or None
            row.audited_by_id, row.confirmed_by_id = actor.person_id, None
            row.revision += 1
        record(session, run, actor, given.verdict, [row.id for row in found], reason=reason)
    return len(found)


def record(
    session: Session, run: FilingRun, actor: Actor, verdict: RowVerdict, rows: Sequence[int], **more: object
) -> None:
    """Journal what was prepared for which rows, and where: what makes a rank effective asks the journal."""
    details = {"run": run.id, "verdict": verdict, "rows": list(rows), "reason": "", **more}
    place = journal.record_organization(session, run.organization_id, actor, ACT, details)
    for first in range(0, len(rows), MOST_ROWS):
        chosen = FilingRow.id.in_(rows[first : first + MOST_ROWS])
        session.execute(update(FilingRow).where(chosen).values(audit_sequence=place))


def require_auditor(session: Session, actor: Actor, run: FilingRun) -> None:
    """Let only a clerk whose task is open prepare verdicts. Raises NotFound, Forbidden, Conflict."""
    place = place_of(run.organization)
    if not allows(actor, Action.SEE_FILINGS, place):
        raise NotFound
    if not allows(actor, Action.AUDIT_FILINGS, place):
        raise Forbidden(NO_AUDITOR)
    if not may_audit(session, actor, run):
        raise Conflict(N_("现在没有等审核的名单，或者审核意见已经提交，等另一个人确认。"))


def prepared(run: FilingRun) -> Select[FilingRow]:
    """Return the query of the rows with a verdict that nobody has confirmed."""
    return rows_of(run).where(FilingRow.status == RowStatus.PENDING, FilingRow.verdict.is_not(None))


def count_prepared(session: Session, run: FilingRun) -> Counter[RowVerdict]:
    """Count the rows with a verdict that nobody has confirmed, by their verdicts."""
    query = prepared(run).with_only_columns(FilingRow.verdict, func.count()).group_by(FilingRow.verdict)
    return Counter({RowVerdict(verdict): count for verdict, count in session.execute(query) if verdict is not None})


def count_pending(session: Session, run: FilingRun) -> int:
    """Return how many rows wait for a verdict."""
    query = select(func.count()).select_from(FilingRow).join(FilingRow.batch).where(*lies_with(run))
    return session.scalar(query.where(FilingRow.status == RowStatus.PENDING, FilingRow.verdict.is_(None))) or 0


def audited(session: Session, run: FilingRun, rows: Iterable[FilingRow]) -> dict[int, tuple[int | None, str]]:
    """Return from the journal who last prepared which verdict for each of some rows."""
    pointing: dict[int, set[int]] = {}
    for row in rows:
        if row.audit_sequence is not None:
            pointing.setdefault(row.audit_sequence, set()).add(row.id)
    query = select(JournalEntry.sequence, JournalEntry.actor_id, JournalEntry.details).where(
        JournalEntry.chain == f"organization/{run.organization_id}",
        JournalEntry.sequence.in_(pointing),
        JournalEntry.action == ACT,
    )
    found: Any = session.execute(query)
    return {
        row_id: (actor_id, details["verdict"])
        for sequence, actor_id, details in found
        for row_id in pointing[sequence] & set(details["rows"])
    }


def _check(rows: Mapping[int, int | None], verdict: RowVerdict, reason: str) -> None:
    if not rows:
        raise Invalid.field("rows", N_("请先选要审核的老师。"))
    if len(rows) > MOST_ROWS:
        raise Invalid.field("rows", N_("一次最多 %(most)d 位，请分几次。"), most=MOST_ROWS)
    if verdict != RowVerdict.ACCEPT and not reason:
        raise Invalid.field("reason", N_("退回补正和不予备案要写明理由。"))
    if len(reason) > LONGEST_REASON:
        raise Invalid.field("reason", N_("理由不超过 %(most)d 字。"), most=LONGEST_REASON)


def _pending(session: Session, run: FilingRun, rows: Mapping[int, int | None]) -> Sequence[FilingRow]:
    query = rows_of(run).where(FilingRow.id.in_(rows), FilingRow.status == RowStatus.PENDING)
    held = query.order_by(FilingRow.id).with_for_update(of=FilingRow).execution_options(populate_existing=True)
    found = session.scalars(held).all()
    is_as_seen = all(rows[row.id] in {None, row.revision} for row in found)
    if len(found) < len(rows) or not is_as_seen:
        raise Conflict(N_("选的名单里有的刚才改过，或者已经办了，请刷新后重新选。"))
    return found
