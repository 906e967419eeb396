"""The rounds in which somebody of an organisation may apply, those that are closed shown as closed."""

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.rounds import Round
from app.domain.text import N_, sentence
from app.engine.forms import Option
from app.services.rounds.windows import rounds_for, why_closed, window_of
from app.services.texts import day


def open_rounds(session: Session, organization_id: int) -> list[Option]:
    """Return the rounds of an organisation and of those above it that are not over, each with its last day."""
    found = rounds_for(session, session.get_one(Organization, organization_id))
    return [Option(one.id, one.title, _hint(one)) for one in found]


def name_of_round(session: Session, value: object) -> str | None:
    """Return how a round reads to whoever sees its case."""
    found = session.get(Round, value) if isinstance(value, int) else None
    return found.title if found else None


def _hint(found: Round) -> str:
    first, last = window_of(found)
    closed = why_closed(found)
    words = N_("%(first)s—%(last)s 申报") if closed is None else N_("%(first)s—%(last)s 申报，现在不能提交")
    return sentence(words, first=day(first), last=day(last)).chinese()
