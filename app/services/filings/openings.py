"""Starting the cases of filings, through the outbox and each once for ever: a bureau's year, a school's batch."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.db.filings import FilingBatch
from app.db.people import Organization
from app.domain.filings import BatchStatus, Channel
from app.services.filings import batches, routes, runs
from app.services.publishing import versions
from app.services.starting.bulk_starts import Wanted, start_many


def open_run(session: Session, payload: Mapping[str, Any]) -> None:
    """Start the case of a bureau's year, unless it is there."""
    _ensure(session, session.get_one(Organization, payload["organization"]), payload["school_year"])


def start_batch(session: Session, payload: Mapping[str, Any]) -> None:
    """Start the case of a batch, after the years of the bureaus that it passes, unless it was withdrawn meanwhile."""
    batch = session.get_one(FilingBatch, payload["batch"])
    if batch.status == BatchStatus.SETTLED:
        return
    for bureau in routes.bureaus_of(session, batch.organization_id) if batch.channel == Channel.PLATFORM else []:
        _ensure(session, bureau, batch.school_year)
    version = versions.effective_version(session, routes.BATCHES, batch.organization)
    start_many(session, version, [Wanted(f"{batches.START}/{batch.id}", batch.organization_id, {"batch": batch.id})])


def _ensure(session: Session, bureau: Organization, school_year: int) -> None:
    if runs.find(session, bureau.id, school_year) is not None:
        return
    version = versions.effective_version(session, routes.PROCESS_OF[routes.level_of(bureau)], bureau)
    year = {"school_year": school_year}
    start_many(session, version, [Wanted(f"{runs.OPEN}/{bureau.id}/{school_year}", bureau.id, year)])
