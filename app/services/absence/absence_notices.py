"""What people are told of an absence: the substitute always, who is away where an administrator acted."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.db.absences import Absence
from app.db.people import Person
from app.domain import clock
from app.domain.text import N_
from app.services import outbox

SET = N_("%(principal)s %(period)s外出，请您代办这段时间的待办，签字和投票除外。")
SET_BY = N_("%(by)s为%(principal)s设置了代理：%(period)s由%(substitute)s代办，签字和投票除外。原因：%(reason)s")
ENDED = N_("%(principal)s的代理结束了，待办不再转给%(substitute)s。")
CANCELLED = N_("%(principal)s的代理取消了，%(period)s不用%(substitute)s代办。")


def tell_set(session: Session, found: Absence) -> None:
    """Tell the substitute, and who is away where somebody else set it."""
    is_own = found.entered_by_id == found.principal_id
    people = [found.substitute_id] if is_own else [found.principal_id, found.substitute_id]
    _tell(session, found, people, SET if is_own else SET_BY)


def tell_ended(session: Session, found: Absence) -> None:
    """Tell the two, except who ended it."""
    people = [one for one in (found.principal_id, found.substitute_id) if one != found.ended_by_id]
    is_cancelled = found.ended_at is not None and found.ended_at <= found.from_at
    _tell(session, found, people, CANCELLED if is_cancelled else ENDED)


def period_words(found: Absence) -> str:
    """Write from when until when, as in 11月25日至11月28日, with the time where it is not midnight."""
    last = found.until_at - timedelta(days=1) if _is_midnight(found.until_at) else found.until_at
    return N_("%(from)s至%(until)s") % {"from": _words(found.from_at), "until": _words(last)}


def _tell(session: Session, found: Absence, people: list[int], text: str) -> None:
    named = {
        "principal": session.get_one(Person, found.principal_id).name,
        "substitute": session.get_one(Person, found.substitute_id).name,
        "by": session.get_one(Person, found.entered_by_id).name,
        "period": period_words(found),
        "reason": found.reason or "",
    }
    outbox.put(session, "notify", {"instance": None, "people": people, "text": text % named})


def _words(at: datetime) -> str:
    here = clock.shanghai(at)
    day = N_("%(month)d月%(day)d日") % {"month": here.month, "day": here.day}
    return day if _is_midnight(at) else f"{day} {here:%H:%M}"


def _is_midnight(at: datetime) -> bool:
    here = clock.shanghai(at)
    return (here.hour, here.minute) == (0, 0)
