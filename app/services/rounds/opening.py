"""Opening a round: its dates planned in working days, its settings, and the call to whoever may apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.db.rounds import Round
from app.domain import clock
from app.domain.rounds import Lengths, Order, RoundDate, RoundStage, planned_dates
from app.domain.vocabulary import Programme
from app.services import outbox
from app.services.timing import calendars

CALL = "round_call"
Rules = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class RoundDraft:
    """What the office filled in to open a round."""

    title: str
    seats: int
    term_from: date
    term_until: date
    apply_from: date
    apply_until: date


def open_round(
    session: Session, organization_id: int, instance_id: int, programme: Programme, draft: RoundDraft, rules: Rules
) -> Round:
    """Keep a round that its case opens, and have the people called who may apply."""
    settings = {key: rule["value"] for key, rule in rules.items()}
    lengths = lengths_of(settings)
    dates = planned_dates(calendars.national(), draft.apply_from, draft.apply_until, lengths)
    opened = Round(
        organization_id=organization_id,
        instance_id=instance_id,
        title=draft.title,
        programme=programme,
        seats=draft.seats,
        term_from=draft.term_from,
        term_until=draft.term_until,
        stage=RoundStage.APPLYING,
        dates={name.value: day.isoformat() for name, day in dates.items()},
        settings=settings,
        opened_at=clock.now(),
    )
    session.add(opened)
    session.flush()
    outbox.put(session, CALL, {"round": opened.id, "organization": organization_id})
    return opened


def dates_from(held: Round, apply_until: date) -> dict[RoundDate, date]:
    """Return a round's dates as they follow where the window closes on a day."""
    apply_from = date.fromisoformat(held.dates[RoundDate.APPLY_FROM])
    return planned_dates(calendars.national(), apply_from, apply_until, lengths_of(held.settings))


def lengths_of(settings: Mapping[str, Any]) -> Lengths:
    """Return how many working days the parts of a round take by its settings."""
    return Lengths(
        check=settings.get("selection.check_working_days") or 0,
        review=settings.get("selection.review_working_days") or 1,
        vote=(settings.get("vote.working_days") or 1) if settings.get("vote.held") else 0,
        notice=settings.get("notice.working_days") or 1,
        order=Order(settings.get("selection.order") or Order.REVIEW_FIRST),
    )
