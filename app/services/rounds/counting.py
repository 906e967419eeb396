"""How many applied in a round, and what happens where they are fewer than the seats."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.rounds import Application, Round, RoundDateChange
from app.domain import clock
from app.domain.rounds import EXTENSION_DAYS, PENDING, ApplicationKind, ApplicationStatus, FewerChoice, RoundDate
from app.domain.text import N_, sentence
from app.services.rounds import opening, stages
from app.services.timing import calendars

FEWER = "selection.fewer_candidates"
_EXTENDED = N_("申报主持人的 %(hosts)d 人，少于名额 %(seats)d 个，延长申报。")


@dataclass(frozen=True)
class Count:
    """Who applied and is accepted, by kind, and how many are not settled yet."""

    hosts: int
    members: int
    pending: int


def count(session: Session, round_id: int) -> Count:
    """Count the applications of a round."""
    query = select(Application.kind, Application.status, func.count()).where(Application.round_id == round_id)
    rows: Any = session.execute(query.group_by(Application.kind, Application.status)).all()
    accepted = {kind: number for kind, status, number in rows if status == ApplicationStatus.ACCEPTED}
    return Count(
        hosts=accepted.get(ApplicationKind.HOST, 0),
        members=accepted.get(ApplicationKind.MEMBER, 0),
        pending=sum(number for _kind, status, number in rows if status in PENDING),
    )


def by_rule(held: Round, found: Count) -> FewerChoice:
    """Return what the rule says where nobody decided in time: extend once, else go on with whoever applied."""
    if stages.setting(held, FEWER) == FewerChoice.EXTEND and not held.is_extended:
        return FewerChoice.EXTEND
    return FewerChoice.GO_ON if found.hosts else FewerChoice.END


def extend(session: Session, held: Round, found: Count, person_id: int | None) -> None:
    """Open the window once more, and move what comes after it along."""
    calendar = calendars.national()
    before = stages.date_of(held, RoundDate.APPLY_UNTIL) or clock.today()
    until = calendar.add_working_days(max(before, clock.today()), EXTENSION_DAYS).on
    stages.set_dates(held, opening.dates_from(held, until))
    held.is_extended = True
    reason = sentence(_EXTENDED, hosts=found.hosts, seats=held.seats).chinese()
    change = RoundDateChange(round_id=held.id, name=RoundDate.APPLY_UNTIL, before=before, after=until)
    change.reason, change.person_id = reason, person_id
    session.add(change)
    session.flush()
