"""Starting many cases of one version by the platform itself, a few hundred in a commit, each of them once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.ids import draw_ids
from app.db.people import Organization
from app.db.prepared import gathering
from app.db.processes import ProcessInstance, ProcessVersion
from app.db.queries import step_writes
from app.db.queries.step_locks import NOTHING_YET, LockedCase, new_case
from app.domain import clock
from app.domain.vocabulary import Verdict
from app.engine import run
from app.services import definitions, rules, serials, starts, steps
from app.services.steps import Step
from app.services.transactions import connection_of, writing

CHUNK = 250


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
    for first in range(0, len(wanted), CHUNK):
        with writing(session):
            started += _start(session, version, wanted[first : first + CHUNK])
    return started


def _start(session: Session, version: ProcessVersion, wanted: Sequence[Wanted]) -> list[int]:
    """Start those of a chunk that are not started, within one transaction."""
    held = {one.id: one for one in serials.lock_all(session, (one.organization_id for one in wanted))}
    # Whoever started the same cases held the same organisations: only now is seen what is there.
    fresh = _not_started(session, wanted)
    if not fresh:
        return []
    begun = list(_begin(session, version, fresh, held))
    details = {"process": begun[0].case.process_key, "version": version.number, "hash": version.content_hash}
    with gathering(connection_of(session)):
        for step in begun:
            _keep_values(step, held[step.case.organization_id])
            steps.apply(step, run.start(step.process, step.case.values, step.context, step.operations))
            steps.conclude(step, "start", details, {"instance": step.case.id})
    return [step.case.id for step in begun]


def _not_started(session: Session, wanted: Sequence[Wanted]) -> list[Wanted]:
    by_key = {one.key: one for one in wanted}
    query = select(ProcessInstance.start_key).where(ProcessInstance.start_key.in_(by_key))
    for key in session.scalars(query):
        by_key.pop(str(key))
    return list(by_key.values())


def _begin(
    session: Session, version: ProcessVersion, wanted: Sequence[Wanted], held: Mapping[int, Organization]
) -> Iterator[Step]:
    """Insert the cases, which have not moved yet."""
    cases = _new_cases(session, version, wanted, [held[one.organization_id] for one in wanted])
    connection = connection_of(session)
    for case, id_ in zip(cases, draw_ids(connection, table_of(ProcessInstance), len(cases)), strict=True):
        case.id = id_
    rows = [
        starts.row_of(case) | {"id": case.id, "start_key": one.key} for case, one in zip(cases, wanted, strict=True)
    ]
    step_writes.ADD_DRAWN_CASE.run_many(connection, rows)
    for case in cases:
        process = definitions.compiled(session, version.content_hash, case.callees)
        yield Step(session, case, process, None, NOTHING_YET)


def _new_cases(
    session: Session, version: ProcessVersion, wanted: Sequence[Wanted], places: Sequence[Organization]
) -> list[LockedCase]:
    part = definitions.part_of(version)
    manifest, first = part.package.manifest, part.model.start.id
    pinned = _pinned(session, places, manifest.programme, manifest.rules)
    drawn = serials.next_serials(session, manifest.code, places)
    return [
        new_case(
            serial=serial,
            version_id=version.id,
            process_key=manifest.key,
            callees=starts.whole(session, version, place)[1],
            organization_id=place.id,
            studio_id=one.studio_id,
            initiator_id=one.initiator_id,
            title=manifest.title,
            values={first: dict(one.values)},
            rules=pinned.get(place.id, {}),
        )
        for one, place, serial in zip(wanted, places, drawn, strict=True)
    ]


def _pinned(
    session: Session, places: Sequence[Organization], programme: str | None, groups: tuple[str, ...]
) -> dict[int, dict[str, Any]]:
    """Return the rules that each organisation's cases are pinned to."""
    if programme is None or not groups:
        return {}
    in_force = rules.pinned_rules_of_many(session, places, programme, clock.today())
    return {place: starts.of_groups(found, groups) for place, found in in_force.items()}


def _keep_values(step: Step, organization: Organization) -> None:
    """Keep what the case was started with, so that its history tells it."""
    first, case = step.process.model.start, step.case
    row = {
        "instance_id": case.id,
        "element": first.id,
        "element_name": first.name,
        "person_id": case.initiator_id,
        "position_title": "",
        "organization_name": organization.name,
        "verdict": Verdict.SUBMIT,
        "values": case.values[first.id],
        "submitted_at": clock.now(),
    }
    step_writes.ADD_START.run(step.connection, row)
