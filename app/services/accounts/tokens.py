"""Bearer tokens of the API: random, kept as hashes, ended with the person's sessions."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.db.people import ApiToken
from app.domain import clock
from app.domain.errors import Forbidden, Unauthenticated
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.accounts.actors import load_signed_in
from app.services.accounts.sign_in import sign_in
from app.services.transactions import writing

LIFETIME = timedelta(hours=12)
# Asked at the beginning of each call: built once.
_KEPT = select(ApiToken.person_id, ApiToken.session_epoch, ApiToken.expires_at).where(
    ApiToken.token_hash == bindparam("digest")
)


def issue_token(session: Session, username: str, password: str, address: str) -> tuple[str, datetime]:
    """Return a new token and when it expires.

    Raises Unauthenticated, Throttled, and Forbidden while the one-time password was not changed.
    """
    found = sign_in(session, username, password, address)
    if found.actor.must_change_password:
        raise Forbidden(N_("这是一次性密码。请先在网页上登录并修改密码。"))
    token, expires_at = secrets.token_urlsafe(32), clock.now() + LIFETIME
    with writing(session):
        session.execute(
            delete(ApiToken).where(ApiToken.person_id == found.actor.person_id, ApiToken.expires_at < clock.now())
        )
        session.add(
            ApiToken(
                person_id=found.actor.person_id,
                token_hash=_digest(token),
                session_epoch=found.epoch,
                expires_at=expires_at,
            )
        )
    return token, expires_at


def actor_of_token(session: Session, token: str) -> Actor:
    """Return whom a token stands for; raises Unauthenticated when it is unknown, expired or ended."""
    kept = session.execute(_KEPT, {"digest": _digest(token)}).first()
    if kept is None or kept.expires_at <= clock.now():
        raise Unauthenticated(N_("令牌不对或已过期，请重新取得。"))
    found = load_signed_in(session, kept.person_id)
    if found.epoch != kept.session_epoch or found.actor.must_change_password:
        raise Unauthenticated(N_("令牌已失效，请重新取得。"))
    return found.actor


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
