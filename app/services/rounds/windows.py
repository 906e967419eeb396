"""The time in which one applies in a round: whole days, the first and the last included, while it takes applications."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.rounds import Round
from app.domain import clock
from app.domain.rounds import RoundDate, RoundStage
from app.domain.text import N_, Sentence, sentence
from app.services.rounds.stages import ENDS
from app.services.texts import full_day


def window_of(found: Round) -> tuple[date, date]:
    """Return the first and the last day on which one may apply."""
    first, last = (found.dates[name] for name in (RoundDate.APPLY_FROM, RoundDate.APPLY_UNTIL))
    return date.fromisoformat(first), date.fromisoformat(last)


def why_closed(found: Round) -> Sentence | None:
    """Return why nobody applies in a round today, or None where one may."""
    first, last = window_of(found)
    if found.stage in ENDS:
        return sentence(N_("“%(title)s”已经结束，不能申报。"), title=found.title)
    if clock.today() < first:
        return sentence(N_("“%(title)s”从 %(on)s起申报，现在还不能提交。"), title=found.title, on=full_day(first))
    if clock.today() > last or found.stage != RoundStage.APPLYING:
        return sentence(N_("“%(title)s”的申报到 %(on)s已经截止，不能再提交。"), title=found.title, on=full_day(last))
    return None


def rounds_for(session: Session, organization: Organization) -> list[Round]:
    """Return the rounds that are not over of an organisation and of those above it: those open today first."""
    above = [int(part) for part in organization.path.strip("/").split("/")]
    running = select(Round).where(Round.organization_id.in_(above), Round.stage.not_in(ENDS))
    found = session.scalars(running.order_by(Round.id))
    return sorted(found, key=lambda one: (why_closed(one) is not None, window_of(one)[1]))
