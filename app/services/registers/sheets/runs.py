"""The work on imports: reading, checking and writing, by whoever finds it undone; one that was killed is found again.

Reading and checking write nothing but how far they are. What is written is one transaction: all or nothing.
"""

import logging
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.sheet_imports import SheetImport
from app.domain import clock
from app.domain.errors import Invalid, TooLarge
from app.domain.sheet_imports import WAITING, ImportStatus
from app.domain.sheets import SHEETS, SheetKind
from app.domain.text import N_, Sentence
from app.services.accounts.actors import load_actor
from app.services.accounts.organizations import place_of
from app.services.journal import record_organization
from app.services.ranks.columns import columns_for, spoken
from app.services.registers.sheets.entry_plans import plan_entries
from app.services.registers.sheets.keepers import may_import
from app.services.registers.sheets.lines import Lines, Mistakes, Noted, read_lines
from app.services.registers.sheets.plans import ChangeKind, Keeper, Plan
from app.services.registers.sheets.studio_plans import plan_studios
from app.services.telling import notifications
from app.services.telling.notifications import News
from app.services.transactions import writing

logger = logging.getLogger(__name__)
# As long as a worker may be silent before another takes its place.
HOLD = timedelta(seconds=60)
STEP = 1000
MOST_ATTEMPTS = 3
# A preview that nobody confirms is dropped after that.
KEPT = timedelta(days=7)
_ADDRESS = re.compile(r"(?:(.*)!)?([A-Z]+)(\d+)")


def run_waiting(session: Session) -> int:
    """Do what imports wait for, and drop the previews that nobody confirmed; return how many were seen to."""
    is_due = SheetImport.status.in_(WAITING) & _is_free()
    query = select(SheetImport.id, SheetImport.status).where(or_(is_due, _is_old())).order_by(SheetImport.id)
    found: Any = session.execute(query).all()
    return sum(
        _drop(session, import_id) if status == ImportStatus.READY else run(session, import_id, is_told=True)
        for import_id, status in found
    )


def _drop(session: Session, import_id: int) -> bool:
    gone: dict[str, Any] = {"status": ImportStatus.DROPPED, "content": None, "changes": [], "finished_at": clock.now()}
    with writing(session):
        session.execute(update(SheetImport).where(SheetImport.id == import_id, _is_old()).values(gone))
    return True


def run(session: Session, import_id: int, *, is_told: bool = False) -> bool:
    """Do what an import waits for, unless somebody is at it; tell whether it was done."""
    if not _hold(session, import_id):
        return False
    try:
        _work(session, import_id)
    except (Invalid, TooLarge) as error:
        _refuse(session, import_id, _sentences(error))
    except Exception:
        logger.exception("import %s failed", import_id)
        _let_go(session, import_id)
    if is_told:
        _tell(session, import_id)
    return True


def _is_old() -> ColumnElement[bool]:
    return (SheetImport.status == ImportStatus.READY) & (SheetImport.created_at < clock.now() - KEPT)


def _is_free() -> ColumnElement[bool]:
    return or_(SheetImport.held_until.is_(None), SheetImport.held_until < clock.now())


def _hold(session: Session, import_id: int) -> bool:
    taken = (
        update(SheetImport)
        .where(SheetImport.id == import_id, SheetImport.status.in_(WAITING), _is_free())
        .values(held_until=clock.now() + HOLD, attempts=SheetImport.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    with writing(session):
        result: Any = session.execute(taken)
    return bool(result.rowcount)


def _work(session: Session, import_id: int) -> None:
    one = session.get_one(SheetImport, import_id, populate_existing=True)
    kind, status, total, content = SheetKind(one.kind), one.status, one.total, one.content or b""
    keeper = Keeper(one.created_by_id, one.organization_id, one.organization.name)
    mistakes = Mistakes()
    own = spoken(columns_for(session, one.organization)) if kind == SheetKind.RANKS else None
    lines = read_lines(kind, BytesIO(content), mistakes, _noting(session, import_id, total), own)
    if status == ImportStatus.WRITING:
        _write(session, import_id, keeper, kind, lines, mistakes)
        return
    total = sum(map(len, lines.values()))
    plan = _plan(session, keeper, kind, lines, mistakes, _noting(session, import_id, total))
    with writing(session):
        one = _held(session, import_id)
        # Another may have taken over from a worker that was silent too long.
        if one.status == ImportStatus.CHECKING:
            _show(one, plan, total)


def _write(session: Session, import_id: int, keeper: Keeper, kind: SheetKind, lines: Lines, mistakes: Mistakes) -> None:
    """Write what was shown; where the registers, or the heads that are known, have changed since, show it anew."""
    with writing(session):
        # Of two imports into a school, the second sees what the first wrote.
        session.get_one(Organization, keeper.organization_id, with_for_update={"key_share": True})
        one = _held(session, import_id)
        if one.status != ImportStatus.WRITING:
            return
        total = sum(map(len, lines.values()))
        actor = load_actor(session, keeper.person_id)
        if not may_import(actor, kind, place_of(one.organization)):
            raise Invalid.field("file", N_("您现在的职务不能导入这张表了。"))
        plan = _plan(session, keeper, kind, lines, mistakes, lambda _count: None)
        if plan.mistakes.found or plan.digest() != one.digest:
            _show(one, plan, total)
            return
        plan.write(session)
        one.status, one.content, one.held_until = ImportStatus.DONE, None, None
        one.handled, one.finished_at = total, clock.now()
        record_organization(session, keeper.organization_id, actor, "import_sheet", _described(one))


def _described(one: SheetImport) -> dict[str, Any]:
    counts = {"added": one.added, "corrected": one.corrected}
    return {"import": one.id, "kind": str(one.kind), "hash": one.content_hash, **counts}


def _plan(session: Session, keeper: Keeper, kind: SheetKind, lines: Lines, mistakes: Mistakes, noted: Noted) -> Plan:
    if kind == SheetKind.STUDIOS:
        return plan_studios(session, keeper, lines, mistakes, noted)
    return plan_entries(session, keeper, kind, lines, mistakes, noted)


def _held(session: Session, import_id: int) -> SheetImport:
    return session.get_one(SheetImport, import_id, with_for_update=True, populate_existing=True)


def _show(one: SheetImport, plan: Plan, total: int) -> None:
    """Keep what the rows would change, or what is wrong with them."""
    one.total = one.handled = total
    one.held_until = None
    if plan.mistakes.found:
        _keep_mistakes(one, plan.mistakes.found)
        return
    one.status = ImportStatus.READY
    one.added, one.corrected = plan.count(ChangeKind.ADDED), plan.count(ChangeKind.CORRECTED)
    one.unchanged = plan.count(ChangeKind.UNCHANGED)
    one.changes, one.digest = plan.told(), plan.digest()


def _keep_mistakes(one: SheetImport, found: dict[str, Sentence]) -> None:
    places = [sheet.title for sheet in SHEETS[SheetKind(one.kind)]]

    def order(address: str) -> tuple[int, int, int, str]:
        match = _ADDRESS.fullmatch(address)
        if match is None:
            return (-1, 0, 0, address)
        return (places.index(match[1]) if match[1] else 0, int(match[3]), len(match[2]), match[2])

    one.status, one.content, one.changes, one.finished_at = ImportStatus.REFUSED, None, [], clock.now()
    one.mistakes = [{"cell": address, "text": found[address].chinese()} for address in sorted(found, key=order)]


def _refuse(session: Session, import_id: int, found: dict[str, Sentence]) -> None:
    with writing(session):
        one = _held(session, import_id)
        one.held_until = None
        _keep_mistakes(one, found)


def _sentences(error: Invalid | TooLarge) -> dict[str, Sentence]:
    if isinstance(error, TooLarge):
        return {"file": error.sentence}
    return {path: sentences[0] for path, sentences in error.errors.items()}


def _let_go(session: Session, import_id: int) -> None:
    """Leave what broke to the next tick, a few times."""
    with writing(session):
        one = _held(session, import_id)
        if one.attempts >= MOST_ATTEMPTS and one.status in WAITING:
            one.status, one.content, one.finished_at = ImportStatus.FAILED, None, clock.now()
        one.held_until = clock.now() + HOLD


def _noting(session: Session, import_id: int, total: int) -> Noted:
    """Return what keeps how far the work is, every thousand rows, and holds the import for as long."""

    def noted(count: int) -> None:
        if count % STEP:
            return
        kept = {"handled": count, "total": total, "held_until": clock.now() + HOLD}
        with writing(session):
            session.execute(update(SheetImport).where(SheetImport.id == import_id).values(kept))

    return noted


def _tell(session: Session, import_id: int) -> None:
    with writing(session):
        one = session.get_one(SheetImport, import_id, populate_existing=True)
        words = _NEWS.get(one.status)
        if words is not None:
            text = words % {"file": one.file_name, "count": one.added + one.corrected, "cells": len(one.mistakes)}
            notifications.tell(session, [one.created_by_id], News(text))


_NEWS = {
    ImportStatus.READY: N_("“%(file)s”核对好了，请到“导入”里看会改什么，再确认。"),
    ImportStatus.DONE: N_("“%(file)s”已导入，新增和更正了 %(count)d 条。"),
    ImportStatus.REFUSED: N_("“%(file)s”没有导入：有 %(cells)d 格要改，请到“导入”里看。"),
    ImportStatus.FAILED: N_("“%(file)s”没有导入，请再上传一次；还不行，请告诉本单位的流程管理员。"),
}
