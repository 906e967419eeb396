"""The conditions of an application for a rank, for the applicant and for who verifies, judges and determines it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.rank_reviews import RankApplication
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.dossiers import Look
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.services.accounts.organizations import place_of
from app.services.candidates import may_take, signed_for
from app.services.dossiers import looks, scope
from app.services.dossiers.condition_tables import Table
from app.services.dossiers.explanations import Explanation, explain


@dataclass(frozen=True)
class Shown:
    """What the rules ask for the rank applied for; who judges without seeing the file reads only this of it."""

    found: Explanation
    has_file: bool


def conditions_of(session: Session, actor: Actor, application: RankApplication) -> Shown | None:
    """Return what is asked as of the day that settled it, or today; None to others. A look at another's file is noted.

    Not that of a member of the panel who is to vote: applicants read their looks, and are not to read there who votes.
    """
    sight = scope.sight_of(session, actor, application.person_id)
    if not sight.has_entries and not _judges(session, actor, application):
        return None
    if sight.has_entries and not _votes(session, actor, application):
        looks.note(session, actor, application.person_id, Look.FILE)
    settled = application.settled_at
    found = explain(
        session,
        application.person_id,
        application.organization_id,
        Table.NEXT_RANK,
        clock.shanghai(settled).date() if settled else clock.today(),
        has_sanctions=sight.has_sanctions,
        rank=application.rank,
    )
    return Shown(found, sight.has_entries) if found else None


def _judges(session: Session, actor: Actor, application: RankApplication) -> bool:
    """Tell whether the person sees all that applied, or has a task in this application, as members of the panel do."""
    if allows(actor, Action.SEE_APPLICATIONS, place_of(application.organization)):
        return True
    is_here = WorkItem.instance_id == application.instance_id, IS_OPEN
    query = select(WorkItem.id).where(*is_here, may_take(actor, signed_for(session, actor)))
    return session.scalar(query.limit(1)) is not None


def _votes(session: Session, actor: Actor, application: RankApplication) -> bool:
    own = WorkItem.instance_id == application.instance_id, WorkItem.assignee_id == actor.person_id, IS_OPEN
    return session.scalar(select(WorkItem.id).where(*own, WorkItem.collective_id.is_not(None)).limit(1)) is not None
