"""What people hear of a correction: the teacher whose rank it is, and the office of the school where the teacher is now."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingRow
from app.db.people import Position
from app.db.queries.offices import is_held
from app.db.queries.posts import workplaces
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.filings import RowStatus
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_, sentence
from app.domain.vocabulary import Role
from app.services.telling.notifications import News, tell
from app.services.texts import full_day

FILED = N_("%(school)s报了%(name)s的职级更正：%(change)s。上级备案以后台账才变，现在的照旧作数。")
EFFECTIVE = N_("%(name)s的职级更正已经备案：%(change)s，备案号 %(number)s。原来的证书不再作数。")
REFUSED = N_("%(name)s的职级更正没有通过，台账不变：%(reason)s")
SINCE = N_("%(rank)s（%(on)s生效）")
STRUCK = N_("%(rank)s（%(on)s生效）→ 划销")


def change(entry: DossierEntry, rank: Rank, from_on: date | None, *, is_void: bool) -> str:
    """Say what a rank is and what it becomes."""
    before = {"rank": RANK_TITLES[Rank(str(entry.category))], "on": full_day(entry.from_on)}
    if is_void:
        return sentence(STRUCK, **before).chinese()
    after = {"rank": RANK_TITLES[Rank(rank)], "on": full_day(from_on or entry.from_on)}
    if after["on"] == before["on"]:
        return f"{before['rank']} → {after['rank']}"
    return f"{sentence(SINCE, **before).chinese()} → {sentence(SINCE, **after).chinese()}"


def tell_filed(session: Session, row: FilingRow) -> None:
    """Tell whose rank it is that it is filed to be corrected."""
    _tell(session, row, FILED, school=row.batch.organization.name)


def tell_settled(session: Session, row: FilingRow) -> None:
    """Tell what became of a correction."""
    if row.status == RowStatus.EFFECTIVE:
        _tell(session, row, EFFECTIVE, number=row.filing_number or "")
    else:
        _tell(session, row, REFUSED, reason=row.reason or "")


def _tell(session: Session, row: FilingRow, template: str, **said: str) -> None:
    entry = session.get_one(DossierEntry, row.corrects_id)
    becomes = change(entry, row.rank, row.from_on, is_void=row.is_void)
    words = sentence(template, name=row.name, change=becomes, **said).chinese()
    news = News(words, NotificationKind.RESULT, link=f"/ranks/people/{row.person_id}")
    tell(session, {row.person_id, *_offices(session, row.person_id)}, news)


def _offices(session: Session, person_id: int) -> set[int]:
    """Return the offices where the person works today: it may be another school than the one that filed."""
    today = clock.today()
    places = [one.id for one in workplaces(session, [person_id], today).get(person_id, [])]
    held = select(Position.person_id).where(
        Position.organization_id.in_(places), Position.role == Role.MORAL_EDUCATION_OFFICE, is_held(today)
    )
    return set(session.scalars(held))
