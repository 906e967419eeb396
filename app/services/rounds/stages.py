"""A round on its way: held by the transaction that moves it, from stage to stage, with its real dates."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.rounds import Round
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.rounds import RoundDate, RoundStage

ENDS = frozenset({RoundStage.ENDED, RoundStage.CALLED_OFF})


def locked(session: Session, round_id: object) -> Round:
    """Return a round, held until the transaction ends. Raises NotFound."""
    query = select(Round).where(Round.id == round_id).with_for_update(of=Round)
    found = session.scalar(query.execution_options(populate_existing=True)) if isinstance(round_id, int) else None
    if found is None:
        raise NotFound
    return found


def enter(held: Round, stage: RoundStage) -> None:
    """Bring a round to a stage; at its end the time is kept."""
    if held.stage == stage:
        return
    held.stage = stage
    held.revision += 1
    if stage in ENDS:
        held.ended_at = clock.now()


def set_dates(held: Round, changes: Mapping[RoundDate, date]) -> None:
    """Give dates of a round their new days."""
    held.dates = {**held.dates, **{name.value: day.isoformat() for name, day in changes.items()}}
    held.revision += 1


def date_of(held: Round, name: RoundDate) -> date | None:
    """Return a date of a round, if it has it."""
    text = held.dates.get(name)
    return date.fromisoformat(text) if text else None


def setting(held: Round, parameter: str) -> Any:
    """Return what a round was opened with in place of a rule."""
    return held.settings.get(parameter)
