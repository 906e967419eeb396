"""Signatures: what they bind, how they are proved, and what voids them (DESIGN §8)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Person
from app.db.queries import step_writes
from app.db.queries.step_locks import LockedCase
from app.db.work import Signature
from app.domain import canonical, clock
from app.domain.errors import Invalid, Stale
from app.domain.identity import Actor
from app.domain.text import N_
from app.engine.compiler import CompiledProcess
from app.engine.model import UserTask
from app.engine.paths import values_beside
from app.services import outbox
from app.services.accounts import passwords, throttle
from app.services.filling.submissions import Submitted
from app.services.transactions import connection_of

CHANGED = N_("内容改动后原签字自动作废")
SIGN_AGAIN = N_("退回后要重新签字")


def content_hash(values: Mapping[str, Any], signs: Iterable[str]) -> str:
    """Return the hash of what a signature binds: the values of the elements it names, in its own process."""
    return canonical.content_hash({element: values.get(element) for element in signs})


def prove(session: Session, actor: Actor, password: str | None) -> None:
    """Prove that it is the person who signs; raises Invalid for the password, Throttled after many tries.

    Called before the case is locked: the hash is slow on purpose, and a failure must be counted.
    """
    limit = throttle.by_signer(actor.username)
    throttle.reserve(session, limit)
    person = session.get_one(Person, actor.person_id)
    if not password or not passwords.matches(person.password_hash, password):
        raise Invalid.field("password", N_("密码不对，签字没有完成，请再输一次。"))
    throttle.release(session, limit)


def check_seen(seen_hash: str | None, present_hash: str) -> None:
    """Make sure that what was seen is what is signed.

    Raises Invalid where the hash is missing, Stale where the content changed meanwhile.
    """
    if not seen_hash:
        raise Invalid.field("content_hash", N_("没有带上所签内容的指纹，请打开签字页再签。"))
    if seen_hash != present_hash:
        raise Stale(N_("您看过之后内容有改动，签字没有完成。请看最新内容再签。"))


def sign(session: Session, case: LockedCase, task: UserTask, submitted: Submitted, hash_signed: str) -> None:
    """Record a signature made with a submission."""
    capacity = submitted.capacity
    row = {
        "instance_id": case.id,
        "element": submitted.element,
        "submission_id": submitted.id,
        "person_id": submitted.person_id,
        "organization_name": capacity.organization_name,
        "position_title": capacity.title,
        "authorization_id": capacity.authorization.id if capacity.authorization else None,
        "statement": task.signature or "",
        "content_hash": hash_signed,
        "signed_at": submitted.submitted_at,
    }
    step_writes.ADD_SIGNATURE.run(connection_of(session), row)


def live(session: Session, instance_id: int) -> list[Signature]:
    """Return the signatures of a case that hold."""
    return list(
        session.scalars(
            select(Signature)
            .where(Signature.instance_id == instance_id, Signature.voided_at.is_(None))
            .order_by(Signature.id)
        )
    )


def every(session: Session, instance_id: int) -> list[Signature]:
    """Return all signatures of a case, voided ones too, with who signed."""
    found = select(Signature).where(Signature.instance_id == instance_id).order_by(Signature.id)
    return list(session.scalars(found.options(joinedload(Signature.person))))


def live_over(
    session: Session, instance_id: int, process: CompiledProcess, values: Mapping[str, Any]
) -> frozenset[str]:
    """Return the elements whose signatures hold and are over these values."""
    return frozenset(found.element for found in live(session, instance_id) if _is_over(found, process, values))


def void_outdated(
    session: Session, case: LockedCase, process: CompiledProcess, reopened: frozenset[str]
) -> list[Signature]:
    """Void the signatures whose content changed, or whose task is open again; return them."""
    voided = []
    for signature in live(session, case.id):
        reason = _reason(signature, case, process, reopened)
        if reason is not None:
            void(session, signature, reason)
            voided.append(signature)
    return voided


def void(session: Session, signature: Signature, reason: str) -> None:
    """Void one signature and tell the person who signed."""
    signature.voided_at, signature.void_reason = clock.now(), reason
    outbox.put(session, "signature_voided", {"signature": signature.id})


def _reason(signature: Signature, case: LockedCase, process: CompiledProcess, reopened: frozenset[str]) -> str | None:
    if not _is_over(signature, process, case.values):
        return CHANGED
    return SIGN_AGAIN if signature.element in reopened else None


def _is_over(signature: Signature, process: CompiledProcess, values: Mapping[str, Any]) -> bool:
    """Tell whether these are the values that were signed."""
    task, around = process.element(signature.element), values_beside(values, signature.element)
    return isinstance(task, UserTask) and content_hash(around, task.signs) == signature.content_hash
