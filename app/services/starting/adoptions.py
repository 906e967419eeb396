"""Processes that begin by themselves, as administrators find them: where they do, and when the next time is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.processes import ProcessVersion
from app.db.schedules import Schedule
from app.domain import clock
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.recurrences import Recurrence
from app.services.accounts.organizations import get_organization, organizations_for
from app.services.publishing import definitions, versions
from app.services.starting import schedules


@dataclass(frozen=True)
class Adoptable:
    """A process that may begin by itself in a school, or in the schools below a bureau, and in how many it does."""

    key: str
    title: str
    hint: str
    organization: Organization
    recurrence: Recurrence
    # As the manifest says, and the earliest that is set where it was adopted.
    next_at: datetime
    set_at: datetime | None
    schools: int
    adopted: int


def adoptables(session: Session, actor: Actor) -> list[Adoptable]:
    """Return what an administrator may adopt, by organisation. Raises nothing: others get an empty list."""
    return [
        _adoptable(session, organization, version)
        for organization in organizations_for(session, actor, Action.CHANGE_PROCESSES)
        for version in versions.effective_versions(session, organization)
        if definitions.part_of(version).package.manifest.schedule is not None
    ]


def adoptable(session: Session, actor: Actor, key: str, organization_id: int) -> Adoptable:
    """Return one of them. Raises NotFound, Forbidden, and Conflict where the process has no schedule."""
    organization = get_organization(session, actor, organization_id, Action.CHANGE_PROCESSES)
    return _adoptable(session, organization, versions.effective_version(session, key, organization))


def _adoptable(session: Session, organization: Organization, version: ProcessVersion) -> Adoptable:
    part = definitions.part_of(version)
    manifest, recurrence = part.package.manifest, schedules.recurrence_of(schedules.plan_of(part).starts)
    below = Organization.path.startswith(organization.path, autoescape=True)
    running = Schedule.process_key == manifest.key, Schedule.stopped_at.is_(None), below
    counted = select(func.count(), func.min(Schedule.next_at)).select_from(Schedule).join(Schedule.organization)
    adopted, set_at = session.execute(counted.where(*running)).one()
    return Adoptable(
        key=manifest.key,
        title=manifest.title,
        hint=manifest.start_hint,
        organization=organization,
        recurrence=recurrence,
        next_at=recurrence.after(clock.now()),
        set_at=set_at,
        schools=len(schedules.schools_in(session, organization)),
        adopted=adopted,
    )
