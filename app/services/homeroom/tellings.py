"""Who is told of a confirmed list: whoever begins, changes class or ends."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from app.domain import school_years
from app.domain.homeroom_lists import POST_ROLES, Change, ChangeKind
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES
from app.services.homeroom.orders import Order
from app.services.telling import notifications
from app.services.telling.notifications import News

TEXTS = {
    ChangeKind.BEGINS: N_("政教处确认了 %(year)s班主任名单：从 %(day)s起，您任%(classes)s%(post)s。"),
    ChangeKind.MOVES: N_("政教处确认了 %(year)s班主任名单：从 %(day)s起，您任%(classes)s%(post)s。"),
    ChangeKind.ENDS: N_("政教处确认了 %(year)s班主任名单：从 %(day)s起，您不再担任%(post)s。"),
}


def tell(session: Session, order: Order, school_year: int, changes: Iterable[Change]) -> None:
    """Tell everybody for whom something changes, except who confirmed it."""
    year = school_years.titled(school_year).chinese()
    told = [
        (change.person_id, News(TEXTS[change.kind] % {"year": year, "day": _day(order.from_on), **_words(change)}))
        for change in changes
        if change.kind in TEXTS and change.person_id != order.actor.person_id
    ]
    notifications.tell_each(session, told)


def _words(change: Change) -> dict[str, str]:
    return {"classes": "、".join(change.after), "post": ROLE_TITLES[POST_ROLES[change.post]]}


def _day(on: date) -> str:
    return N_("%(month)d月%(day)d日") % {"month": on.month, "day": on.day}
