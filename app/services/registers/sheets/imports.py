"""Imports of sheets: handing a workbook in, looking at what it would change, confirming or dropping it."""

import hashlib
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Organization
from app.db.sheet_imports import SheetImport
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.identity import Actor
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind
from app.domain.text import N_, visible
from app.services import outbox
from app.services.accounts.organizations import place_of
from app.services.registers.sheets import runs
from app.services.registers.sheets.keepers import kinds_for, may_import, school_for
from app.services.transactions import writing
from app.services.workbooks import check_container

# What is so small is done before the page answers; some 500 rows.
AT_ONCE_BYTES = 48 * 1024
SHOWN = 20
LONGEST_NAME = 200


def hand_in(
    session: Session, actor: Actor, organization_id: int | None, kind: SheetKind, file_name: str, stream: BinaryIO
) -> SheetImport:
    """Take a workbook to be checked; a small one is checked at once, nothing is written.

    Raises Invalid at `file`, TooLarge, NotFound or Forbidden.
    """
    organization = school_for(session, actor, organization_id)
    if not may_import(actor, kind, place_of(organization)):
        raise Forbidden
    check_container(stream)
    school_id, content = organization.id, stream.read()
    with writing(session):
        one = SheetImport(
            organization_id=school_id,
            kind=kind,
            status=ImportStatus.CHECKING,
            file_name="".join(filter(str.isprintable, visible(file_name)))[-LONGEST_NAME:],
            content_hash=hashlib.sha256(content).hexdigest(),
            content=content,
            created_by_id=actor.person_id,
        )
        session.add(one)
        session.flush()
        import_id = one.id
        _have_done(session, content)
    if len(content) <= AT_ONCE_BYTES:
        runs.run(session, import_id)
    return session.get_one(SheetImport, import_id, populate_existing=True)


def get_import(session: Session, actor: Actor, import_id: int) -> SheetImport:
    """Return an import of a school for which the actor may import the same; raises NotFound."""
    one = session.get(SheetImport, import_id)
    if one is None or not may_import(actor, one.kind, place_of(one.organization)):
        raise NotFound
    return one


def imports_of(session: Session, actor: Actor, organization: Organization) -> list[SheetImport]:
    """Return the latest imports into a school, as far as the actor may import the same."""
    query = (
        select(SheetImport)
        .where(SheetImport.organization_id == organization.id, SheetImport.kind.in_(kinds_for(actor, organization)))
        .order_by(SheetImport.id.desc())
        .limit(SHOWN)
    )
    return list(session.scalars(query.options(joinedload(SheetImport.created_by))))


def confirm(session: Session, actor: Actor, import_id: int) -> SheetImport:
    """Have what was shown written: a small import at once, another by the dispatcher.

    Raises NotFound, Forbidden for another's, Conflict where there is nothing to confirm.
    """
    with writing(session):
        one = _own(session, actor, import_id)
        if one.status != ImportStatus.READY:
            raise Conflict(N_("这次导入现在不用确认，请刷新页面看最新情况。"))
        one.status, one.handled, one.attempts = ImportStatus.WRITING, 0, 0
        content = one.content or b""
        session.flush()
        _have_done(session, content)
    if len(content) <= AT_ONCE_BYTES:
        runs.run(session, import_id)
    return session.get_one(SheetImport, import_id, populate_existing=True)


def drop(session: Session, actor: Actor, import_id: int) -> None:
    """Give up an import that waits to be confirmed; raises NotFound, Forbidden, Conflict."""
    with writing(session):
        one = _own(session, actor, import_id)
        if one.status != ImportStatus.READY:
            raise Conflict(N_("这次导入已经不在等确认，不能撤回。"))
        one.status, one.content, one.changes, one.finished_at = ImportStatus.DROPPED, None, [], clock.now()


def _own(session: Session, actor: Actor, import_id: int) -> SheetImport:
    """Lock an import that the actor handed in."""
    one = get_import(session, actor, import_id)
    session.refresh(one, with_for_update=True)
    if one.created_by_id != actor.person_id:
        raise Forbidden(N_("这次导入由交表的人确认。"))
    return one


def _have_done(session: Session, content: bytes) -> None:
    if len(content) > AT_ONCE_BYTES:
        outbox.nudge(session)
