"""Signing in and out, and changing one's own password."""

import unicodedata

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.people import Person
from app.domain.errors import Invalid, Throttled, Unauthenticated
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.accounts import passwords, throttle
from app.services.accounts.actors import SignedIn, load_signed_in
from app.services.transactions import writing


def sign_in(session: Session, username: str, password: str, address: str) -> SignedIn:
    """Return the person whom username and password prove.

    Raises Unauthenticated on a wrong pair (it says how many tries are left), Throttled after too many.
    """
    return load_signed_in(session, _proved(session, username, password, address))


def normalized(username: str) -> str:
    """Return a username as it is stored: without spaces, half-width, lower case."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def confirm_password(session: Session, actor: Actor, password: str, address: str, path: str = "password") -> None:
    """Re-authenticate a signed-in person, before and outside the transaction that needs it.

    Raises Invalid at `path`, Throttled after too many.
    """
    try:
        _proved(session, actor.username, password, address)
    except Unauthenticated as error:
        raise Invalid({path: [error.sentence]}) from error


def change_password(session: Session, actor: Actor, old: str, new: str, address: str) -> SignedIn:
    """Set a new password and end the person's other sessions and tokens.

    Raises Invalid at `old_password` or `new_password`, Throttled after too many wrong tries.
    """
    confirm_password(session, actor, old, address, "old_password")
    passwords.check_new(new, actor.username)
    if new == old:
        raise Invalid.field("new_password", N_("新密码不能和现在的密码相同。"))
    hashed = passwords.hash_password(new)
    with writing(session):
        person = session.get_one(Person, actor.person_id, with_for_update=True)
        person.password_hash, person.must_change_password = hashed, False
        person.session_epoch += 1
    position_id = actor.acting.position_id if actor.acting else None
    return load_signed_in(session, actor.person_id, position_id)


def set_density(session: Session, actor: Actor, *, is_compact: bool) -> None:
    """Keep whether the person wants compact lists."""
    with writing(session):
        session.execute(update(Person).where(Person.id == actor.person_id).values(is_compact=is_compact))


def set_shortcuts(session: Session, actor: Actor, *, has_shortcuts: bool) -> None:
    """Keep whether single keys act for the person."""
    with writing(session):
        session.execute(update(Person).where(Person.id == actor.person_id).values(has_shortcuts=has_shortcuts))


def _proved(session: Session, username: str, password: str, address: str) -> int:
    username = normalized(username)
    limits = (throttle.by_username(username), throttle.by_address(address))
    left = throttle.reserve(session, *limits)
    found = session.execute(
        select(Person.id, Person.password_hash).where(Person.username == username, Person.is_active)
    ).first()
    session.rollback()
    if passwords.matches(found.password_hash if found else None, password) and found:
        throttle.release(session, *limits)
        _strengthen(session, found.id, found.password_hash, password)
        return int(found.id)
    if left <= 0:
        raise Throttled(int(throttle.WINDOW.total_seconds()))
    raise Unauthenticated(N_("用户名或密码不对，请再输一次。还可以试 %(left)d 次。"), left=left)


def _strengthen(session: Session, person_id: int, password_hash: str, password: str) -> None:
    """Hash anew what was hashed with weaker settings."""
    if not passwords.is_outdated(password_hash):
        return
    hashed = passwords.hash_password(password)
    with writing(session):
        session.execute(
            update(Person)
            .where(Person.id == person_id, Person.password_hash == password_hash)
            .values(password_hash=hashed)
        )
