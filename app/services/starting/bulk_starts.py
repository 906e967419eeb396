"""Starting many cases of one version by the platform itself, a few hundred in a commit, each of them once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.ids import draw_ids
from app.db.people import Organization
from app.db.prepared import gathering
from app.db.processes import ProcessInstance, ProcessVersion
from app.db.queries import bulk_locks, step_writes
from app.db.queries.bulk_locks import LockedOrganization
from app.db.queries.step_locks import NOTHING_YET
from app.domain import clock
from app.engine import run
from app.engine.compiler import CompiledProcess, Part
from app.engine.model import CallActivity
from app.engine.package import Manifest
from app.services import steps
from app.services.publishing import definitions
from app.services.rulebook import rules
from app.services.starting import beginnings, pinnings, serials, starts
from app.services.starting.beginnings import Beginnings, NewCase
from app.services.steps import Step
from app.services.transactions import connection_of, writing

CHUNK = 500
# A version with those that it calls, and their content hashes by key.
Whole = tuple[CompiledProcess, dict[str, str]]


class _Origin(NamedTuple):
    """What the cases are started from, read once: with each transaction the session reads its version anew."""

    version: ProcessVersion
    id: int
    number: int
    content_hash: str
    part: Part

    @property
    def manifest(self) -> Manifest:
        """Return the manifest of the version."""
        return self.part.package.manifest


@dataclass(frozen=True)
class Wanted:
    """A case to start, and the key that it is started for."""

    key: str
    organization_id: int
    values: Mapping[str, Any] = field(default_factory=dict)
    initiator_id: int | None = None
    studio_id: int | None = None


def start_many(session: Session, version: ProcessVersion, wanted: Sequence[Wanted]) -> list[int]:
    """Start a case for each of the wanted, and return the cases that are new.

    A key starts one case for ever: after a crash the same call starts what is missing. The platform asks for no
    person's right, and takes the values of the start form as they are. Raises Conflict where a called process is
    missing.
    """
    started: list[int] = []
    origin = _Origin(version, version.id, version.number, version.content_hash, definitions.part_of(version))
    for first in range(0, len(wanted), CHUNK):
        with writing(session):
            started += _start(session, origin, wanted[first : first + CHUNK])
    return started


def _start(session: Session, origin: _Origin, wanted: Sequence[Wanted]) -> list[int]:
    """Start those of a chunk that are not started, within one transaction."""
    connection = connection_of(session)
    held = {one.id: one for one in bulk_locks.lock_organizations(connection, [one.organization_id for one in wanted])}
    # Whoever started the same cases held the same organisations: only now is seen what is there.
    by_key = {one.key: one for one in wanted}
    started = bulk_locks.started(connection, by_key)
    fresh = [one for key, one in by_key.items() if key not in started]
    if not fresh:
        return []
    made = _new_cases(session, origin, fresh, [held[one.organization_id] for one in fresh])
    details = {"process": origin.manifest.key, "version": origin.number, "hash": origin.content_hash}
    known = Beginnings(session)
    found = [(new, known.of(new)) for new in made]
    beginnings.write(session, [(new, beginning) for new, beginning in found if beginning is not None], details)
    _move_apart(session, [new for new, beginning in found if beginning is None], details)
    return [new.id for new in made]


def _move_apart(session: Session, made: Sequence[NewCase], details: dict[str, Any]) -> None:
    """Insert cases that have not moved yet, and let each take its first step by itself."""
    connection, now = connection_of(session), clock.now()
    moving = [(new, Step(session, new.unmoved(), new.process, None, NOTHING_YET)) for new in made]
    step_writes.ADD_DRAWN_CASE.run_many(connection, [new.row(starts.row_of(step.case), now) for new, step in moving])
    step_writes.ADD_START.run_many(connection, [new.submission(new.values, now) for new in made])
    with gathering(connection):
        for _new, step in moving:
            steps.apply(step, run.start(step.process, step.case.values, step.context, step.operations))
            steps.conclude(step, "start", details, {"instance": step.case.id})


def _new_cases(
    session: Session, origin: _Origin, wanted: Sequence[Wanted], places: Sequence[LockedOrganization]
) -> list[NewCase]:
    """Return the cases to insert, with their numbers and rules."""
    pinned = _pinned(session, places, origin.manifest.programme, origin.manifest.rules)
    wholes = _wholes(session, origin, places)
    ids = draw_ids(connection_of(session), table_of(ProcessInstance), len(wanted))
    # Last, since it writes: PostgreSQL does that while the rows of the cases are made.
    drawn = serials.next_serials(session, origin.manifest.code, places)
    return [
        NewCase(
            id=id_,
            serial=serial,
            version_id=origin.id,
            process=wholes[place.id][0],
            callees=wholes[place.id][1],
            values=dict(one.values),
            rules=pinned[place.id],
            organization=place,
            studio_id=one.studio_id,
            initiator_id=one.initiator_id,
            start_key=one.key,
        )
        for one, place, serial, id_ in zip(wanted, places, drawn, ids, strict=True)
    ]


def _wholes(session: Session, origin: _Origin, places: Sequence[LockedOrganization]) -> dict[int, Whole]:
    """Return the version as it runs in each organisation, with what holds there of what it calls."""
    ids = {place.id for place in places}
    if origin.part.model.of_kind(CallActivity):
        return {one: starts.whole(session, origin.version, session.get_one(Organization, one)) for one in ids}
    return dict.fromkeys(ids, (definitions.compiled(session, origin.content_hash, {}), {}))


def _pinned(
    session: Session, places: Sequence[LockedOrganization], programme: str | None, groups: tuple[str, ...]
) -> dict[int, dict[str, Any]]:
    """Return the rules that each organisation's cases are pinned to: one mapping for all that have the same."""
    if programme is None or not groups:
        nothing: dict[str, Any] = {}
        return dict.fromkeys((place.id for place in places), nothing)
    in_force = rules.pinned_rules_of_many(session, places, programme, clock.today())
    named = {id(found): pinnings.of_groups(found, groups) for found in in_force.values()}
    return {place: named[id(found)] for place, found in in_force.items()}
