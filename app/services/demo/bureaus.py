"""What the bureaus of the story make of the ranks that schools filed: one district sums up, another has yet to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.db.filings import FilingRow, FilingRun
from app.db.people import Organization
from app.domain import clock
from app.domain.filings import RowStatus, RowVerdict
from app.domain.vocabulary import Verdict
from app.services.demo import desk
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.filings import auditing
from app.services.filings.auditing import Audit
from app.services.timing import ticks

Told = Mapping[str, Any]
CITY = "YL"
MORNING = (10, 30)


def file(world: World, told: Told, schools: Mapping[str, str]) -> Story:
    """Let one district pass a school's list up, the city file it and send rows of another back, and a district wait."""
    district, waiting = (_above(world, schools[name]) for name in ("finished", "waiting"))
    yield _at(world, told, "audited")
    _accept(world, district, lambda _row: True)
    yield _at(world, told, "confirmed")
    _confirm(world, district)
    yield _at(world, told, "aggregated")
    _do(world, district, "clerk", Verdict.SUBMIT)
    yield _at(world, told, "sent_up")
    _do(world, district, "leader", Verdict.AGREE)
    yield _at(world, told, "filed")
    back = _last_rows(world, told)
    _accept(world, CITY, lambda row: row.id not in back)
    yield _at(world, told, "effective")
    _confirm(world, CITY)
    yield clock.at(world.days.back(told["recently"]["audited"]), *MORNING)
    _return(world, told["texts"]["returns"])
    _accept(world, waiting, lambda _row: True)
    yield clock.at(world.days.back(told["recently"]["returned"]), *MORNING)
    _confirm(world, CITY)
    _confirm(world, waiting)


def _at(world: World, told: Told, name: str) -> datetime:
    return clock.at(world.days.on_or_after(date(world.this_year, *told["days"][name])), *MORNING)


def _above(world: World, school: str) -> str:
    """Return the code of the bureau above a school."""
    above = world.session.get_one(Organization, world.organizations[school]).parent
    assert above is not None  # noqa: S101 - a school of a district
    return above.code


def _run(world: World, code: str) -> FilingRun:
    query = select(FilingRun).filter_by(organization_id=world.organizations[code], school_year=world.this_year)
    return world.session.scalars(query).one()


def _rows(world: World, code: str) -> Sequence[FilingRow]:
    query = auditing.rows_of(_run(world, code)).where(FilingRow.status == RowStatus.PENDING)
    return world.session.scalars(query.order_by(FilingRow.id)).all()


def _last_rows(world: World, told: Told) -> set[int]:
    """Return the rows that the city sends back: the last ones of a school of its own."""
    school = world.organizations[told["schools"]["returned"]]
    own = [row.id for row in _rows(world, CITY) if row.batch.organization_id == school]
    return set(own[-len(told["texts"]["returns"]) :])


def _accept(world: World, code: str, is_meant: Callable[[FilingRow], bool]) -> None:
    """Let the clerk accept rows, and hand in what was prepared."""
    rows: dict[int, int | None] = {row.id: row.revision for row in _rows(world, code) if is_meant(row)}
    _audit(world, code, rows, Audit(RowVerdict.ACCEPT))
    _do(world, code, "clerk", Verdict.SUBMIT)


def _return(world: World, reasons: Sequence[str]) -> None:
    for row, reason in zip(_rows(world, CITY), reasons, strict=True):
        _audit(world, CITY, {row.id: row.revision}, Audit(RowVerdict.RETURN, reason))
    _do(world, CITY, "clerk", Verdict.SUBMIT)


def _audit(world: World, code: str, rows: Mapping[int, int | None], given: Audit) -> None:
    clerk = world.actor(world.holder(code, "clerk"))
    auditing.audit(world.session, clerk, _run(world, code).id, rows, given)


def _confirm(world: World, code: str) -> None:
    _do(world, code, "reviewer", Verdict.ACCEPT)


def _do(world: World, code: str, post: str, verdict: Verdict) -> None:
    """Complete the one open task of a bureau's year, and what follows from it."""
    desk.answer(world, _run(world, code).instance_id, world.holder(code, post), verdict)
    ticks.empty_outbox(world.session)
