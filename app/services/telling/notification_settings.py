"""How a person wants to be told beside the inbox: a confirmed address, which kinds, and quiet hours."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.sendings import NotificationSetting, Sending
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.mail import is_address
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services.telling import sendings
from app.services.transactions import writing

CODE_HOLDS = timedelta(minutes=30)
CODE_DIGITS = 6
MOST_TRIES = 5
# Nobody is to be bothered with codes for an address that is not theirs.
MOST_CODES, WITHIN = 5, timedelta(hours=1)
LAST_MINUTE = 24 * 60 - 1


def setting_of(session: Session, actor: Actor) -> NotificationSetting:
    """Return a person's setting; who never set anything gets every kind as soon as there is an address."""
    found = session.get(NotificationSetting, actor.person_id, populate_existing=True)
    return found or NotificationSetting(person_id=actor.person_id, mail_kinds=list(NotificationKind), code_tries=0)


def save(session: Session, actor: Actor, kinds: Sequence[str], quiet_from: int | None, quiet_until: int | None) -> None:
    """Keep which kinds are mailed, and the quiet hours in minutes since midnight. Raises Invalid."""
    if not set(kinds) <= set(NotificationKind):
        raise Invalid.field("kinds", N_("请从列出的种类里选。"))
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid.field(
            "quiet_until" if quiet_until is None else "quiet_from", N_("开始和结束要一起填，或者都不填。")
        )
    for name, minute in (("quiet_from", quiet_from), ("quiet_until", quiet_until)):
        if minute is not None and not 0 <= minute <= LAST_MINUTE:
            raise Invalid.field(name, N_("时间要在 00:00 到 23:59 之间。"))
    with writing(session):
        setting = _locked(session, actor)
        setting.mail_kinds = [kind for kind in NotificationKind if kind in kinds]
        setting.quiet_from, setting.quiet_until = quiet_from, quiet_until


def ask_to_confirm(session: Session, actor: Actor, address: str) -> None:
    """Send a code to an address; it counts once the person gives the code back. Raises Invalid."""
    wanted = address.strip()
    if not is_address(wanted):
        raise Invalid.field("email", N_("这不是邮箱地址，请写成 name@example.edu.cn 这样。"))
    with writing(session):
        setting = _locked(session, actor)
        if _codes_sent(session, actor) >= MOST_CODES:
            raise Invalid.field("email", N_("要的确认码太多了，请过一小时再试。"))
        setting.new_email, setting.code_tries = wanted, 0
        setting.code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        setting.code_sent_at = clock.now()
        sendings.send_code(session, actor.person_id, wanted, setting.code)


def confirm(session: Session, actor: Actor, code: str) -> None:
    """Take the address to which a code was sent. Raises Invalid for another code, and for one that is too old."""
    with writing(session):
        setting = _locked(session, actor)
        is_right = _is_right(setting, code.strip())
        if is_right:
            setting.email = setting.new_email
        elif setting.code is not None:
            setting.code_tries += 1
        if is_right or setting.code_tries >= MOST_TRIES:
            setting.new_email = setting.code = setting.code_sent_at = None
    if not is_right:
        raise Invalid.field("code", N_("确认码不对，或者已经过了 30 分钟。请核对邮件，或者再要一次。"))


def forget_address(session: Session, actor: Actor) -> None:
    """Mail nothing any more, and drop the address."""
    with writing(session):
        setting = _locked(session, actor)
        setting.email = setting.new_email = setting.code = setting.code_sent_at = None


def _locked(session: Session, actor: Actor) -> NotificationSetting:
    found = session.get(NotificationSetting, actor.person_id, with_for_update=True, populate_existing=True)
    if found is None:
        found = setting_of(session, actor)
        session.add(found)
        session.flush()
    return found


def _is_right(setting: NotificationSetting, code: str) -> bool:
    if setting.code is None or setting.code_sent_at is None or not code.isascii():
        return False
    return _is_fresh(setting.code_sent_at) and hmac.compare_digest(setting.code, code)


def _is_fresh(sent_at: datetime) -> bool:
    return clock.now() - sent_at <= CODE_HOLDS


def _codes_sent(session: Session, actor: Actor) -> int:
    """Count the codes of the last hour: a sending without notifications carries one."""
    is_code = Sending.person_id == actor.person_id, Sending.address.is_not(None)
    query = select(func.count()).where(*is_code, Sending.created_at > clock.now() - WITHIN)
    return session.scalar(query) or 0
