"""Starting a case: who may, with which values, pinned to a version and to the rules in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.people import Organization
from app.db.processes import ProcessVersion
from app.db.queries import step_writes
from app.db.queries.step_locks import NOTHING_YET, OF_CASE, LockedCase, new_case
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.identity import Actor, Holding
from app.domain.serial import verification_code
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Role, Verdict
from app.engine import run
from app.engine.compiler import CompiledProcess
from app.engine.problems import PackageError
from app.services import journal, steps
from app.services.candidates import Capacity
from app.services.filling import drafts, submissions
from app.services.filling.submissions import Given, Place
from app.services.journal import RequestKey
from app.services.publishing import definitions, versions
from app.services.starting import pinnings, serials
from app.services.starting.pinnings import Subject
from app.services.steps import Step
from app.services.transactions import connection_of, writing

# Those of a case that is not inserted yet.
_COLUMNS = (*(name for name in OF_CASE if name != "id"), "summary")
_VALUES = attrgetter(*_COLUMNS)


@dataclass(frozen=True)
class Answer:
    """What a step answers: the case, and the work item that was completed, if any."""

    instance: int
    task: int | None = None


@dataclass(frozen=True)
class Startable:
    """A process that a person may start in an organisation."""

    version: ProcessVersion
    organization: Organization


def startable(session: Session, actor: Actor, organization_id: int | None = None) -> list[Startable]:
    """Return what a person may start, in one organisation or wherever a position is held."""
    organizations = {held.organization_id for held in actor.holdings}
    if organization_id is not None:
        organizations &= {organization_id}
    return [
        Startable(version, organization)
        for organization in session.scalars(
            select(Organization).where(Organization.id.in_(organizations)).order_by(Organization.id)
        )
        for version in versions.effective_versions(session, organization)
        if starting_positions(actor, version, organization.id)
    ]


def starting_positions(actor: Actor, version: ProcessVersion, organization_id: int) -> list[Holding]:
    """Return the positions in an organisation by which a person may start a version."""
    allowed = definitions.part_of(version).model.start.roles
    return [held for held in actor.positions_in(organization_id) if held.role in allowed]


def start(
    session: Session,
    actor: Actor,
    process_key: str,
    organization_id: int,
    values: Mapping[str, Any],
    request_key: RequestKey | None = None,
) -> Answer:
    """Hand in the start form and open the first task; a repeated request gets the first answer.

    Raises NotFound for what the person may not see, Forbidden, and Invalid or Refused by field.
    """
    version, organization = startable_version(session, actor, process_key, organization_id)
    with writing(session):
        serials.lock(session, organization_id)
        known = journal.first_answer(session, actor, request_key)
        if known is not None:
            return Answer(**known)
        step = _begin(session, actor, version, organization, values)
        step.request_key = request_key
        steps.apply(step, run.start(step.process, step.case.values, step.context, step.operations))
        details = {"process": process_key, "version": version.number, "hash": version.content_hash}
        steps.conclude(step, "start", details, {"instance": step.case.id})
        return Answer(step.case.id)


def startable_version(
    session: Session, actor: Actor, process_key: str, organization_id: int
) -> tuple[ProcessVersion, Organization]:
    """Return the version that a person may start in an organisation. Raises NotFound, Forbidden."""
    organization = session.get(Organization, organization_id)
    if organization is None or not actor.belongs_to(organization_id):
        raise NotFound
    version = versions.effective_version(session, process_key, organization)
    if not starting_positions(actor, version, organization_id):
        raise Forbidden(N_("您的职务不能发起这件事。"))
    return version, organization


def _begin(
    session: Session, actor: Actor, version: ProcessVersion, organization: Organization, values: Mapping[str, Any]
) -> Step:
    """Insert the case with what was handed in; it has not moved yet."""
    process, callees = whole(session, version, organization)
    first = process.model.start
    place = Place(actor, first.id, first, process.form_of(first.id), organization.id)
    accepted = submissions.checked(session, place, values)
    subject = pinnings.subject_of(session, accepted, organization)
    held = _position(actor, version, organization, subject.studio)
    case = _new_case(session, actor, version, organization, subject)
    # The start form may say otherwise, for this case alone.
    case.rules = pinnings.settled(session, version, organization, accepted, case.rules)
    case.callees = callees
    case.values = {first.id: accepted}
    case.id = step_writes.ADD_CASE.run_for_id(connection_of(session), row_of(case))
    step = Step(session, case, process, actor, NOTHING_YET)
    capacity = Capacity(ROLE_TITLES[Role(held.role)], held.organization_name)
    step.submitted = submissions.keep(session, case, place, capacity, Given(Verdict.SUBMIT, accepted))
    submissions.forget_draft(session, actor, drafts.start_subject(case.process_key, organization.id))
    return step


def whole(
    session: Session, version: ProcessVersion, organization: Organization
) -> tuple[CompiledProcess, dict[str, str]]:
    """Return a version with the called ones that hold for the organisation now. Raises Conflict where one is missing."""
    called = definitions.callees_in_force(session, definitions.part_of(version), organization)
    callees = {key: found.content_hash for key, found in called.items()}
    try:
        return definitions.compiled(session, version.content_hash, callees), callees
    except PackageError as error:
        raise Conflict(N_("这件事用到的流程现在用不了，请找流程管理员：%(reason)s"), reason=str(error)) from error


def _new_case(
    session: Session, actor: Actor, version: ProcessVersion, organization: Organization, subject: Subject
) -> LockedCase:
    """Return the case before its first step, with its serial number and the rules it is pinned to."""
    manifest = definitions.part_of(version).package.manifest
    return new_case(
        serial=serials.next_serial(session, manifest.code, organization),
        version_id=version.id,
        process_key=manifest.key,
        organization_id=organization.id,
        studio_id=subject.studio_id,
        initiator_id=actor.person_id,
        title=manifest.title,
        rules=pinnings.pinned_for(session, version, organization, subject),
    )


def row_of(case: LockedCase) -> dict[str, Any]:
    """Return the row of a case that is to be inserted."""
    row = dict(zip(_COLUMNS, _VALUES(case), strict=True))
    return {**row, "verification_code": verification_code(), "started_at": clock.now()}


def _position(actor: Actor, version: ProcessVersion, organization: Organization, studio: Studio | None) -> Holding:
    """Return the position in which the person starts; of the very studio, where one is named."""
    for held in starting_positions(actor, version, organization.id):
        if studio is None or held.studio_id in {None, studio.id}:
            return held
    raise Forbidden(N_("您不是这个工作室的人，不能代它发起。"))
