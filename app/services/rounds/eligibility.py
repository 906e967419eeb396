"""Whether an applicant meets the conditions of a round, condition by condition, as far as the reader may know."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.db.rounds import Application, Round
from app.domain import clock
from app.domain.dossiers import Look
from app.domain.facts import Roll
from app.domain.identity import Actor
from app.domain.rounds import ApplicationKind
from app.domain.vocabulary import Programme
from app.services.dossiers import looks, scope
from app.services.dossiers.condition_tables import Table
from app.services.dossiers.explanations import Condition, Explanation, Met, explain

TABLES: Mapping[tuple[Programme, ApplicationKind], Table] = {
    (Programme.SCHOOL_STUDIO, ApplicationKind.HOST): Table.SCHOOL_HOST,
    (Programme.SCHOOL_STUDIO, ApplicationKind.MEMBER): Table.SCHOOL_MEMBER,
    (Programme.CITY_STUDIO, ApplicationKind.HOST): Table.CITY_HOST,
    (Programme.CITY_STUDIO, ApplicationKind.MEMBER): Table.CITY_MEMBER,
}


def own_eligibility(
    session: Session, found: Round, kind: ApplicationKind, person_id: int, organization_id: int
) -> Explanation | None:
    """Return what a round asks of somebody who would apply today; None where it asks nothing."""
    table = TABLES[Programme(found.programme), kind]
    return explain(session, person_id, organization_id, table, clock.today(), has_sanctions=True)


def eligibility_of(session: Session, actor: Actor, application: Application) -> Explanation | None:
    """Return what was asked of an applicant as of the day that settled it, to who sees the file; a look is noted."""
    sight = scope.sight_of(session, actor, application.person_id)
    if not sight.has_entries:
        return None
    looks.note(session, actor, application.person_id, Look.FILE)
    table = TABLES[Programme(application.round.programme), application.kind]
    return explain(
        session,
        application.person_id,
        application.organization_id,
        table,
        _as_of(application),
        has_sanctions=sight.has_sanctions,
    )


def barring(found: Explanation | None) -> list[Condition]:
    """Return the conditions that no further paper can mend: what the rolls of people and of sanctions say."""
    missed = [one for one in found.missing if one.state is Met.NOT_MET] if found else []
    return [one for one in missed if one.fact and (isinstance(one.fact.source, Roll) or one.fact.is_confidential)]


def _as_of(application: Application) -> date:
    return clock.shanghai(application.settled_at).date() if application.settled_at else clock.today()
