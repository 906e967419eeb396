"""Imports by whoever runs the command on the server, in the name of somebody who may."""

import time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.sheet_imports import SheetImport
from app.domain.errors import Conflict, Invalid
from app.domain.identity import Actor
from app.domain.policy import POLICY, Scope
from app.domain.sheet_imports import WAITING, ImportStatus
from app.domain.sheets import SheetKind
from app.domain.text import N_, sentence
from app.services.accounts.actors import holds_today, load_actor
from app.services.accounts.organizations import coded, place_of
from app.services.accounts.sign_in import normalized
from app.services.registers.sheets import imports, runs
from app.services.registers.sheets.keepers import KEEPING, may_import

PAUSE_S = 0.5


def import_from_console(
    session: Session, kind: SheetKind, file: Path, code: str | None, username: str | None, *, is_written: bool
) -> SheetImport:
    """Check a workbook and, where that is wanted, write it; raises Invalid by cell, TooLarge, Conflict."""
    organization = (_home(session, username) if code is None and username else None) or coded(session, code)
    actor = _named(session, kind, organization, username) if username else _first(session, kind, organization)
    with file.open("rb") as stream:
        one = _settled(session, imports.hand_in(session, actor, organization.id, kind, file.name, stream))
    if one.status == ImportStatus.REFUSED:
        words = N_("没有导入：请按单元格改好，再导入一次。")
        raise Invalid({mistake["cell"]: [sentence(mistake["text"])] for mistake in one.mistakes}, words)
    if not is_written:
        imports.drop(session, actor, one.id)
        return one
    done = _settled(session, imports.confirm(session, actor, one.id))
    if done.status != ImportStatus.DONE:
        raise Conflict(N_("没有导入：台账刚才有变动，请再导入一次。"))
    return done


def _settled(session: Session, one: SheetImport) -> SheetImport:
    """Do what the import waits for, or wait for whoever is at it."""
    while one.status in WAITING:
        if not runs.run(session, one.id):
            time.sleep(PAUSE_S)
        session.refresh(one)
    return one


def _home(session: Session, username: str) -> Organization | None:
    """Return where somebody acts."""
    actor = _actor(session, username)
    return session.get(Organization, actor.acting.organization_id) if actor and actor.acting else None


def _actor(session: Session, username: str) -> Actor | None:
    person_id = session.scalar(select(Person.id).where(Person.username == normalized(username)))
    return load_actor(session, person_id) if person_id is not None else None


def _named(session: Session, kind: SheetKind, organization: Organization, username: str) -> Actor:
    actor = _actor(session, username)
    if actor is None or not may_import(actor, kind, place_of(organization)):
        raise Invalid.field("by", N_("%(username)s 现在的职务不能导入这张表。"), username=username)
    return actor


def _first(session: Session, kind: SheetKind, organization: Organization) -> Actor:
    """Return who has kept the school's registers longest."""
    own = [grant.roles for action in KEEPING[kind] for grant in POLICY[action] if grant.scope == Scope.OWN]
    held = (
        select(Position.person_id)
        .where(Position.organization_id == organization.id, Position.role.in_(frozenset[str]().union(*own)))
        .where(holds_today())
        .order_by(Position.id)
    )
    person_id = session.scalars(held.limit(1)).first()
    if person_id is None:
        raise Invalid.field("by", N_("本校没有人能导入这张表，请先在“人员”里任命政教处老师。"))
    return load_actor(session, person_id)
