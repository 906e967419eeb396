"""Who sees what of a round: everybody whom it calls and the offices above see the round, few see who applied."""

from sqlalchemy import ColumnElement, false, or_, select

from app.db.people import Organization
from app.db.rounds import Application, Round
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.domain.rounds import ApplicationResult, RoundStage
from app.services.accounts.organizations import in_scope, place_of

# Before the names are posted nobody is told who was chosen.
UNDECIDED = frozenset({RoundStage.APPLYING, RoundStage.REVIEWING, RoundStage.DECIDING})


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the rounds of the person's organisations, of those above them, and below an office."""
    above = {int(part) for held in actor.holdings for part in held.organization_path.strip("/").split("/")}
    below = select(Organization.id).where(in_scope(actor, Action.SEE_ORGANIZATION))
    return or_(Round.organization_id.in_(above), Round.organization_id.in_(below))


def applications_in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the person's own applications and those that an office of the round or the school sees."""
    places = select(Organization.id).where(in_scope(actor, Action.SEE_APPLICATIONS))
    offices = or_(Application.organization_id.in_(places), Round.organization_id.in_(places))
    return or_(Application.person_id == actor.person_id, offices if actor.holdings else false())


def sees_progress(actor: Actor, round_: Round) -> bool:
    """Tell whether the person may see who of the group has handed in the scores."""
    return allows(actor, Action.SEE_APPLICATIONS, place_of(round_.organization))


def keeps(actor: Actor, round_: Round) -> bool:
    """Tell whether the person may move the dates of a round."""
    return allows(actor, Action.KEEP_ROUNDS, place_of(round_.organization))


def shown_result(application: Application) -> ApplicationResult | None:
    """Return what an application came to, as far as it is known by now.

    Who may follow is told by the decision sheet alone, which no applicant reads.
    """
    if application.round.stage in UNDECIDED or application.result == ApplicationResult.RESERVE:
        return None
    return application.result
