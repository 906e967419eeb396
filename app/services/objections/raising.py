"""Raising an objection: its case is started by the platform, and whose it is stands nowhere but under the seal."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.db.objections import Objection
from app.domain.errors import Conflict
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.journal import RequestKey
from app.services.notices.scope import locked, notice_for
from app.services.objections import cases, checking, evidence
from app.services.objections.checking import Typed
from app.services.objections.parts import office_of, parts_of
from app.services.objections.seals import Contents, Seal, SealedFile
from app.services.transactions import writing


@dataclass(frozen=True)
class Vault:
    """What seals, and where files lie."""

    seal: Seal
    folder: Path


@dataclass(frozen=True)
class _Asked:
    """Who objects to what, under which key."""

    actor: Actor
    notice: Notice
    typed: Typed
    seal: Seal
    key: RequestKey | None

    @property
    def mark(self) -> str:
        return self.seal.mark(self.notice.id, self.typed.person_id, self.actor.person_id)

    @property
    def request_mark(self) -> str | None:
        """The journal keeps keys with people's numbers; this one is kept under the seal's mark."""
        return self.seal.mark_of(f"key/{self.actor.person_id}/{self.key.key}") if self.key else None

    @property
    def request_seal(self) -> str | None:
        return self.seal.mark_of(f"request/{self.key.request_hash}") if self.key else None


def raise_objection(
    session: Session, vault: Vault, actor: Actor, notice_id: int, typed: Typed, key: RequestKey | None = None
) -> Objection:
    """Object to a person on a notice; the same request gets the first answer.

    Raises NotFound, Forbidden, Conflict where it is late or a second one, and Invalid by field.
    """
    with writing(session):
        notice_for(session, actor, notice_id)
        asked = _Asked(actor, locked(session, notice_id), typed, vault.seal, key)
        known = _known(session, asked)
        if known is not None:
            return known
        files = checking.require(session, actor, asked.notice, typed)
        step = cases.inserted(session, asked.notice)
        objection = _sealed(session, asked, evidence.named(files))
        objection.instance_id = step.case.id
        session.add(objection)
        session.flush()
        evidence.seal_files(session, vault.seal, vault.folder, objection, files)
        cases.begin(step, asked.notice)
        return objection


def _known(session: Session, asked: _Asked) -> Objection | None:
    """Return what the same request raised before. Raises Invalid for a key that served another, Conflict for a second."""
    if asked.key is not None:
        same = session.scalar(select(Objection).filter_by(request_mark=asked.request_mark))
        if same is not None and same.request_seal != asked.request_seal:
            asked.key.refuse_other("")
        if same is not None:
            return same
    before = session.scalar(select(Objection).filter_by(mark=asked.mark))
    if before is None:
        return None
    contents = asked.seal.open(before.sealed)
    if asked.key is None and contents is not None and contents.reason == asked.typed.words:
        return before
    raise Conflict(N_("您已经对%(name)s提出过异议，请在“我提出的异议”里看。"), name=before.person.name)


def _sealed(session: Session, asked: _Asked, files: tuple[SealedFile, ...]) -> Objection:
    """Return the row, which has no case yet."""
    actor, notice, typed = asked.actor, asked.notice, asked.typed
    contents = Contents(None if typed.is_anonymous else actor.person_id, typed.words, files)
    parts = parts_of(session, notice, typed.person_id, actor.person_id, office_of(notice))
    return Objection(
        notice_id=notice.id,
        person_id=typed.person_id,
        sealed=asked.seal.close(contents),
        mark=asked.mark,
        request_mark=asked.request_mark,
        request_seal=asked.request_seal,
        is_against_group=typed.is_against_group,
        office=parts.office,
        handler_id=parts.handler_id,
        deciders=list(parts.deciders),
        outsider_id=parts.outsider_id,
    )
