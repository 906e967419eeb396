"""What a round's review and vote are about, and what they came to."""

from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.rounds import Application, Round
from app.domain import clock
from app.domain.rounds import ApplicationKind, ApplicationStatus, Order, RoundDate
from app.services.rounds import stages
from app.services.timing import calendars


def host_candidates(session: Session, round_id: int) -> list[dict[str, Any]]:
    """Return who is judged, in the order in which they applied: number, name, and what tells them apart as a hint."""
    is_wanted = (
        Application.round_id == round_id,
        Application.kind == ApplicationKind.HOST,
        Application.status == ApplicationStatus.ACCEPTED,
    )
    who = (joinedload(Application.person), joinedload(Application.organization), joinedload(Application.instance))
    found = session.scalars(select(Application).where(*is_wanted).options(*who).order_by(Application.id))
    return [{"id": one.person_id, "name": one.person.name, "hint": _hint(one)} for one in found]


def _hint(one: Application) -> str:
    """Return the school and the class as the application says; the school alone where it says none."""
    class_name = one.instance.values.get("apply", {}).get("current_class")
    return f"{one.organization.name} · {class_name}" if class_name else one.organization.name


def cases_of_candidates(session: Session, instance_id: int) -> dict[str, int]:
    """Return the case of each candidate's application in the round that a case is; none where it is no round."""
    is_wanted = (Round.instance_id == instance_id, Application.kind == ApplicationKind.HOST)
    query = select(Application.person_id, Application.instance_id).join(Round).where(*is_wanted)
    query = query.where(Application.status == ApplicationStatus.ACCEPTED)
    return {str(person_id): case_id for person_id, case_id in session.execute(query)}


def terms(held: Round) -> dict[str, Any]:
    """Return by what a round's candidates are reviewed and voted on, and for how many working days each."""
    is_held = bool(stages.setting(held, "vote.held"))
    order = Order(stages.setting(held, "selection.order") or Order.REVIEW_FIRST) if is_held else Order.REVIEW_FIRST
    review, vote = (stages.date_of(held, name) for name in (RoundDate.REVIEW_UNTIL, RoundDate.VOTE_UNTIL))
    today = clock.today()
    return {
        "criteria": stages.setting(held, "selection.criteria") or [],
        "choices": stages.setting(held, "selection.choices") or held.seats,
        "quorum": float(Fraction(stages.setting(held, "selection.quorum") or "1/2")),
        "working_days": _days(vote if order is Order.VOTE_FIRST else today, review),
        "vote_days": _days(review if order is Order.REVIEW_FIRST else today, vote),
        "order": order,
        "is_vote_held": is_held,
    }


def _days(since: date | None, until: date | None) -> int:
    """Return how many working days there are between two dates, at least one."""
    return max(1, calendars.national().working_days_between(since, until)) if since and until else 1


def keep_results(held: Round, results: dict[str, Any]) -> bool:
    """Keep what review and vote came to; tell whether a decision can be based on it."""
    held.results = results
    held.revision += 1
    is_voted = results["vote"] == "counted" if stages.setting(held, "vote.held") else True
    return is_voted and any(row.get("scored") for row in results["scores"])
