"""A bureau's year of filings: opened once, as soon as the first school below opens its review."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingRun
from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.school_years import last_day
from app.services import outbox
from app.services.filings import lateness, progress, routes

OPEN = "filing_run"
# How long a year stays open that begins, or goes on, after its last day.
AFTERWARDS = timedelta(days=30)


def expect(session: Session, school_id: int, school_year: int) -> None:
    """Have the bureaus above a school open their year, so that they see from the start who has filed and who has not."""
    for bureau in routes.bureaus_of(session, school_id):
        if find(session, bureau.id, school_year) is None:
            want(session, bureau.id, school_year)


def want(session: Session, organization_id: int, school_year: int) -> None:
    """Have a bureau's year opened, or opened again where rows came after its case had ended."""
    outbox.put(session, OPEN, {"organization": organization_id, "school_year": school_year})


def add(session: Session, organization_id: int, instance_id: int, school_year: int, district_days: int) -> FilingRun:
    """Keep the year that a case opens; districts have so many working days once schools have filed."""
    file_by = progress.file_by(session, organization_id, school_year)
    made = FilingRun(
        organization_id=organization_id,
        instance_id=instance_id,
        school_year=school_year,
        due_on=lateness.due_on(file_by, district_days),
    )
    session.add(made)
    session.flush()
    return made


def find(session: Session, organization_id: int, school_year: int) -> FilingRun | None:
    """Return a bureau's year, if it was opened."""
    return session.scalar(select(FilingRun).filter_by(organization_id=organization_id, school_year=school_year))


def required(session: Session, organization_id: int, school_year: int) -> FilingRun:
    """Return a bureau's year. Raises NotFound."""
    found = find(session, organization_id, school_year)
    if found is None:
        raise NotFound
    return found


def locked(session: Session, run_id: object) -> FilingRun:
    """Return a year, held until the transaction ends. Raises NotFound."""
    # Whoever holds a list of it may still write it: the list points here.
    query = select(FilingRun).where(FilingRun.id == run_id).with_for_update(of=FilingRun, key_share=True)
    found = session.scalar(query.execution_options(populate_existing=True)) if isinstance(run_id, int) else None
    if found is None:
        raise NotFound
    return found


def rules_above(
    session: Session, run: FilingRun, own: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Mapping[str, Any]]:
    """Return the pinned rules of the year above a bureau's, or its own where there is none: no district lowers its city's."""
    above = run.organization.parent_id and find(session, run.organization.parent_id, run.school_year)
    return above.instance.rules if above else own


def close(run: FilingRun) -> None:
    """End a bureau's year."""
    run.ended_at = clock.now()
    run.revision += 1


def has_ended(session: Session, run: FilingRun) -> bool:
    """Tell whether a year's case has ended or was cancelled: nobody is asked in it any more."""
    ended = select(ProcessInstance.ended_at).where(ProcessInstance.id == run.instance_id)
    return session.scalar(ended) is not None


def until(school_year: int) -> date:
    """Return until when a year waits for rows: its last day, or some time where that is over."""
    last, today = last_day(school_year), clock.today()
    return last if today <= last else today + AFTERWARDS
