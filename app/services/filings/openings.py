"""Starting the cases of filings, through the outbox and each once for ever: a bureau's year, a school's batch.

A year goes on with another case where rows come after its case has ended.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingLetter, FilingRun
from app.db.people import Organization
from app.domain.filings import BatchStatus, Channel
from app.services.filings import aggregating, arrivals, batches, letters, routes, runs
from app.services.publishing import versions
from app.services.starting.bulk_starts import Wanted, start_many


def open_run(session: Session, payload: Mapping[str, Any]) -> None:
    """Start the case of a bureau's year, unless it is there; where that has ended and rows lie there, another one."""
    bureau, school_year = session.get_one(Organization, payload["organization"]), payload["school_year"]
    run = runs.find(session, bureau.id, school_year)
    if run is None:
        _start(session, bureau, school_year)
    elif runs.has_ended(session, run) and arrivals.count_rows(session, run):
        _start(session, bureau, school_year, f"/{run.instance_id}")


def start_batch(session: Session, payload: Mapping[str, Any]) -> None:
    """Start the case of a batch, after the years of the bureaus that it passes, unless it was withdrawn meanwhile."""
    batch = session.get_one(FilingBatch, payload["batch"])
    if batch.status == BatchStatus.SETTLED:
        return
    for bureau in routes.bureaus_of(session, batch.organization_id) if batch.channel == Channel.PLATFORM else []:
        if runs.find(session, bureau.id, batch.school_year) is None:
            _start(session, bureau, batch.school_year)
    version = versions.effective_version(session, routes.BATCHES, batch.organization)
    start_many(session, version, [Wanted(f"{batches.START}/{batch.id}", batch.organization_id, {"batch": batch.id})])


def hand_up(session: Session, payload: Mapping[str, Any]) -> None:
    """Open the year of a city that came to stand above a district, and hand it what the district signed."""
    run, city = session.get_one(FilingRun, payload["run"]), payload["city"]
    open_run(session, {"organization": city, "school_year": run.school_year})
    aggregating.hand_up(session, run.id, city, payload["rows"])


def start_letter(session: Session, payload: Mapping[str, Any]) -> None:
    """Start the case of a district's letter, unless all of it was withdrawn meanwhile."""
    letter = session.get_one(FilingLetter, payload["letter"])
    if not letters.count_open(session, letter):
        return
    place = letter.run.organization
    version = versions.effective_version(session, routes.LETTERS, place)
    start_many(session, version, [Wanted(f"{letters.START}/{letter.id}", place.id, {"letter": letter.id})])


def _start(session: Session, bureau: Organization, school_year: int, after: str = "") -> None:
    """Start a case of a year, one after each that has ended."""
    version = versions.effective_version(session, routes.PROCESS_OF[routes.level_of(bureau)], bureau)
    year = {"school_year": school_year}
    start_many(session, version, [Wanted(f"{runs.OPEN}/{bureau.id}/{school_year}{after}", bureau.id, year)])
