"""The letter of appointment 聘书, for whoever may see its application, and what its printed code stands for."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.db.processes import ProcessInstance
from app.db.rounds import Application, Round
from app.db.selections import AppointmentLetter
from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.serial import grouped_code
from app.domain.text import N_, sentence
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services import visibility
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.texts import full_day

TEMPLATE = "appointment_letter.typ"
TITLE = N_("聘书")
VALID = N_("这份聘书有效。")
OVER = N_("这份聘书属实；聘期已满，或者工作室已经结束。")
BODY = N_("兹聘请您担任“%(studio)s”%(role)s，聘期自%(from_on)s起至%(until_on)s止。")


def letter(session: Session, actor: Actor, instance_id: int, press: Press) -> bytes:
    """Return the letter that an application came to, as PDF/A-2b. Raises NotFound."""
    found = letter_of(session, actor, instance_id)
    if found is None:
        raise NotFound
    return pdf(press, TEMPLATE, _content(found, press))


def letter_of(session: Session, actor: Actor, instance_id: int) -> AppointmentLetter | None:
    """Return the letter of an application that the person may see, or the mentor's own that went with it."""
    is_own = AppointmentLetter.person_id == actor.person_id
    is_applicants = AppointmentLetter.person_id == Application.person_id
    may_read = or_(is_own, and_(is_applicants, visibility.may_see(session, actor)))
    return _find(session, ProcessInstance.id == instance_id, may_read)


def verification(session: Session, code: str) -> dict[str, Any] | None:
    """Return what a letter's code stands for, or None where no letter has it; names no person."""
    found = _find(session, AppointmentLetter.code == code)
    if found is None:
        return None
    is_valid = found.until_on >= clock.today() and found.studio.ended_on is None
    return {
        "kind": TITLE,
        "serial": found.application.instance.serial,
        "organization": found.application.round.organization.name,
        "date": clock.shanghai(found.issued_at).date().isoformat(),
        "hash": found.content_hash,
        "fingerprint": fingerprint(found.content_hash),
        "is_valid": is_valid,
        "words": VALID if is_valid else OVER,
    }


def _find(session: Session, *conditions: ColumnElement[bool]) -> AppointmentLetter | None:
    applied = joinedload(AppointmentLetter.application)
    query = (
        select(AppointmentLetter)
        .join(AppointmentLetter.application)
        .join(Application.instance)
        .where(*conditions)
        .options(
            joinedload(AppointmentLetter.person),
            applied.joinedload(Application.instance),
            applied.joinedload(Application.round).joinedload(Round.organization),
            joinedload(AppointmentLetter.studio),
        )
    )
    # Somebody who is another studio's mentor and sees the application too: the own letter first.
    return session.scalars(query.order_by(AppointmentLetter.role == Role.STUDIO_HOST).limit(1)).first()


def _content(found: AppointmentLetter, press: Press) -> dict[str, Any]:
    issued = clock.shanghai(found.issued_at).date()
    url = press.verify_url(found.code)
    words = sentence(
        BODY,
        studio=found.studio.name,
        role=ROLE_TITLES[Role(found.role)],
        from_on=full_day(found.from_on),
        until_on=full_day(found.until_on),
    )
    return {
        "title": TITLE,
        "serial": found.application.instance.serial,
        "name": found.person.name,
        "words": [words.chinese()],
        "organization": found.application.round.organization.name,
        "day": issued.isoformat(),
        "chinese_day": full_day(issued),
        "qr": qr_svg(url),
        "url": url,
        "code": grouped_code(found.code),
        "fingerprint": fingerprint(found.content_hash),
    }
