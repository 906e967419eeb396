"""What a level above protects, checked from the database whatever the diagram did (DESIGN §6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.db.people import Position, SigningAuthorization
from app.db.work import Signature, Submission
from app.domain import clock
from app.domain.errors import Forbidden
from app.domain.text import N_
from app.domain.vocabulary import Role, Verdict
from app.services import signatures


@dataclass(frozen=True)
class Office:
    """A position that must have signed: a role in one organisation, a studio's where it is given."""

    role: Role
    organization_id: int
    studio_id: int | None = None


def require_signatures(
    session: Session,
    instance_id: int,
    offices: Iterable[Office],
    values: Mapping[str, Any],
    signs: Iterable[str],
    others: frozenset[int] = frozenset(),
) -> None:
    """Demand a live signature over the present content for each office, every one by another person.

    `others` may not be among the signers. Clause: S1 经费 第四条. Raises Forbidden.
    """
    hash_now = signatures.content_hash(values, signs)
    signed = [found for found in _signed(session, instance_id) if found.content_hash == hash_now]
    able = [
        {found.person_id for found in signed if _may_sign_as(session, found, office)} - others for office in offices
    ]
    if not _can_be_distinct(able):
        raise Forbidden(N_("办不成：要有规定的人对现在的内容签字，每个人只能签一处。请退回后重新签字。"))


def _signed(session: Session, instance_id: int) -> list[Signature]:
    return list(
        session.scalars(
            select(Signature)
            .join(Submission, Submission.id == Signature.submission_id)
            .where(
                Signature.instance_id == instance_id,
                Signature.voided_at.is_(None),
                Submission.verdict == Verdict.SIGN,
                Submission.person_id == Signature.person_id,
            )
            .execution_options(populate_existing=True)
        )
    )


def _may_sign_as(session: Session, signature: Signature, office: Office) -> bool:
    on = clock.shanghai(signature.signed_at).date()
    is_able = _authorized(signature, office, on) if signature.authorization_id else _held(signature, office, on)
    return session.scalar(is_able) is not None


def _held(signature: Signature, office: Office, on: date) -> Any:
    held = [
        Position.person_id == signature.person_id,
        Position.organization_id == office.organization_id,
        Position.role == office.role,
        Position.from_on <= on,
        or_(Position.until_on.is_(None), Position.until_on >= on),
    ]
    if office.studio_id is not None:
        held.append(Position.studio_id == office.studio_id)
    return select(Position.id).where(*held).limit(1)


def _authorized(signature: Signature, office: Office, on: date) -> Any:
    return select(SigningAuthorization.id).where(
        SigningAuthorization.id == signature.authorization_id,
        SigningAuthorization.deputy_id == signature.person_id,
        SigningAuthorization.organization_id == office.organization_id,
        SigningAuthorization.role == office.role,
        _in_force(signature, on),
    )


def _in_force(signature: Signature, on: date) -> ColumnElement[bool]:
    """Return the condition of an authorisation in force when it was used; a later revocation changes nothing."""
    return and_(
        SigningAuthorization.confirmed_at <= signature.signed_at,
        or_(SigningAuthorization.revoked_at.is_(None), SigningAuthorization.revoked_at > signature.signed_at),
        SigningAuthorization.from_on <= on,
        SigningAuthorization.until_on >= on,
    )


def _can_be_distinct(able: list[set[int]]) -> bool:
    """Tell whether each office can be given a person of its own."""
    if not able:
        return True
    return any(_can_be_distinct([people - {person} for people in able[1:]]) for person in able[0])
