"""The case of an objection: started by the platform in the notice's organisation, under the rules of the notice's case."""

from typing import Any

from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.db.processes import ProcessVersion
from app.db.queries import step_writes
from app.db.queries.step_locks import NOTHING_YET, new_case
from app.domain import clock
from app.domain.objections import PROCESS
from app.domain.vocabulary import Verdict
from app.engine import run
from app.services import steps
from app.services.publishing import definitions, versions
from app.services.starting import pinnings, serials, starts
from app.services.steps import Step
from app.services.transactions import connection_of


def inserted(session: Session, notice: Notice) -> Step:
    """Insert the case of an objection, which has not moved yet and is nobody's."""
    organization = notice.organization
    version = versions.effective_version(session, PROCESS, organization)
    process, callees = starts.whole(session, version, organization)
    manifest = process.package.manifest
    case = new_case(
        serial=serials.next_serial(session, manifest.code, organization),
        version_id=version.id,
        process_key=manifest.key,
        callees=callees,
        organization_id=organization.id,
        studio_id=None,
        initiator_id=None,
        title=manifest.title,
        values={process.model.start.id: {}},
        rules=_rules(session, version, notice),
    )
    case.id = step_writes.ADD_CASE.run_for_id(connection_of(session), starts.row_of(case))
    return Step(session, case, process, None, NOTHING_YET)


def begin(step: Step, notice: Notice) -> None:
    """Let the case take its first step, in nobody's name."""
    first, version = step.process.model.start, step.case.version_id
    began = {
        "instance_id": step.case.id,
        "element": first.id,
        "element_name": first.name,
        "position_title": "",
        "organization_name": notice.organization.name,
        "verdict": Verdict.SUBMIT,
        "values": {},
        "submitted_at": clock.now(),
    }
    step_writes.ADD_START.run_many(step.connection, [began])
    steps.apply(step, run.start(step.process, step.case.values, step.context, step.operations))
    found = step.session.get_one(ProcessVersion, version)
    details = {"process": PROCESS, "version": found.number, "hash": found.content_hash}
    steps.conclude(step, "start", details, {"instance": step.case.id})


def _rules(session: Session, version: ProcessVersion, notice: Notice) -> dict[str, Any]:
    """Return the rules that the notice's case is pinned to; what it does not name is as it is in force."""
    groups = definitions.part_of(version).package.manifest.rules
    in_force = pinnings.pinned_for(session, version, notice.organization)
    return {**in_force, **pinnings.of_groups(notice.instance.rules, groups)}
