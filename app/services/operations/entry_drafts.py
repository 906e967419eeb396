"""An entry as a form tells it, before it is recorded; fields of a kind are called `<kind>_<column>`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.db.people import Organization
from app.db.registers import IS_LIVE, DossierEntry
from app.db.work import Attachment, Submission
from app.domain import clock
from app.domain.dossiers import ENTRY_FORMS, ENTRY_KIND_TITLES, EntryKind, EntrySource
from app.domain.entry_checks import Particulars, check_entry
from app.domain.errors import Conflict, Forbidden
from app.domain.text import N_, sentence
from app.domain.vocabulary import OrganizationKind, Role
from app.services.dossiers.entry_texts import line_of, name_of
from app.services.dossiers.recording import Entry
from app.services.operations.call import Call
from app.services.operations.findings import Findings

# Who is asked where a school has nobody who could verify.
ABOVE = frozenset({Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER})


@dataclass(frozen=True)
class EntryDraft:
    """What a form says of an entry of a person: its particulars, what it corrects, the ids of its evidence."""

    person_id: int
    kind: EntryKind
    told: Mapping[str, Any]
    corrects_id: int | None
    is_void: bool
    evidence: tuple[str, ...]


def draft_of(values: Mapping[str, Any], kind: EntryKind, person_id: int) -> EntryDraft:
    """Read an entry from what a form kept."""
    start = f"{kind}_"
    columns = {column: values.get(start + column) for column in ENTRY_FORMS[kind].labels}
    corrects = values.get("corrects")
    return EntryDraft(
        person_id=person_id,
        kind=kind,
        told=columns,
        corrects_id=corrects,
        is_void=corrects is not None and bool(values.get("strikes")),
        evidence=tuple(values.get("evidence") or ()),
    )


def checked(call: Call, draft: EntryDraft) -> tuple[Particulars, Findings]:
    """Check an entry against its kind and the file. Raises Refused with every fault by field."""
    findings = Findings(call.rules)
    found = check_entry(draft.kind, draft.told, clock.today())
    for column, errors in found.errors.items():
        for error in errors:
            findings.fault(f"{draft.kind}_{column}", error.message, **error.params)
    _check_correction(call, draft, findings)
    _check_evidence(call, draft, findings)
    findings.conclude()
    assert found.particulars is not None  # noqa: S101 - whatever is wrong was refused
    findings.passed(N_("各项写全了，附有证明材料") if draft.evidence else N_("各项写全了"))
    _look_for_twins(call, draft, found.particulars, findings)
    return found.particulars, findings


def told(draft: EntryDraft, particulars: Particulars, findings: Findings) -> dict[str, Any]:
    """Return what a check results in: what is to be recorded in words, and what was found."""
    words = {"kind": ENTRY_KIND_TITLES[draft.kind], "name": name_of(particulars)}
    message = N_("登记%(kind)s：%(name)s")
    if draft.corrects_id is not None:
        message = N_("划销%(kind)s：%(name)s") if draft.is_void else N_("更正%(kind)s：%(name)s")
    return {
        "title": sentence(message, **words).chinese(),
        "line": line_of(particulars),
        "checks": findings.checks,
    }


def entry_of(call: Call, draft: EntryDraft, particulars: Particulars, verifier_id: int) -> Entry:
    """Return the entry to be recorded, verified now by a person."""
    entered_by = call.required_initiator()
    return Entry(
        person_id=draft.person_id,
        organization_id=call.organization_id,
        particulars=particulars,
        source=EntrySource.CASE,
        entered_by_id=entered_by,
        verified_by_id=verifier_id,
        entered_at=call.session.scalar(
            select(func.max(Submission.submitted_at)).where(
                Submission.instance_id == call.instance_id, Submission.person_id == entered_by
            )
        ),
        verified_at=clock.now(),
        instance_id=call.instance_id,
        school_id=_school_of(call, particulars),
        corrects_id=draft.corrects_id,
        is_void=draft.is_void,
        evidence=draft.evidence,
    )


def verifier(call: Call, offices: Collection[Role], others: Collection[int]) -> int:
    """Return who verifies: a holder of one of the offices or of the bureau above, or who stands in, none of the others.

    Whatever the diagram says. Raises Forbidden.
    """
    actor = call.actor
    if actor is None or actor.person_id in others:
        raise Forbidden(N_("档案要由另一个人核实：不能核实自己的登记，也不能核实自己经手的登记。"))
    held = [*actor.holdings, *(held for one in actor.stand_ins for held in one.holdings)]
    path = call.session.get_one(Organization, call.organization_id).path
    is_here = any(one.role in offices and one.organization_id == call.organization_id for one in held)
    if not is_here and not any(one.role in ABOVE and path.startswith(one.organization_path) for one in held):
        raise Forbidden(N_("您的职务不能核实这件登记，请转给有这个职务的同事。"))
    return actor.person_id


def _check_correction(call: Call, draft: EntryDraft, findings: Findings) -> None:
    if draft.corrects_id is None:
        return
    found = call.session.get(DossierEntry, draft.corrects_id, populate_existing=True)
    if found is None or found.person_id != draft.person_id or found.kind != draft.kind:
        findings.fault("corrects", N_("更正的登记要是同一个人、同一种类的，请重新选。"))
    elif found.replaced_at is not None or found.is_void:
        raise Conflict(N_("要更正的这条登记已经改过，请退回或者撤回后重新填写。"))


def _check_evidence(call: Call, draft: EntryDraft, findings: Findings) -> None:
    is_own = Attachment.instance_id.is_(None) | (Attachment.instance_id == call.instance_id)
    query = select(Attachment.id).where(Attachment.id.in_(draft.evidence), is_own)
    if {*call.session.scalars(query)} != {*draft.evidence}:
        findings.fault("evidence", N_("证明材料要传在这件事里，请重新上传。"))


def _look_for_twins(call: Call, draft: EntryDraft, particulars: Particulars, findings: Findings) -> None:
    """Point the verifier to an entry of the file that says the same."""
    twins = select(DossierEntry.id).where(
        DossierEntry.person_id == draft.person_id,
        DossierEntry.kind == draft.kind,
        DossierEntry.title == particulars.title,
        DossierEntry.class_name == particulars.class_name,
        DossierEntry.from_on == particulars.from_on,
        IS_LIVE,
        DossierEntry.id != (draft.corrects_id or 0),
    )
    if call.session.scalar(twins.limit(1)) is not None:
        findings.doubt(N_("档案里已有同一天、同一名称的登记，请核对是不是重复"))


def _school_of(call: Call, particulars: Particulars) -> int | None:
    """Return the school of a service, where one of its name is on the platform."""
    if particulars.kind != EntryKind.SERVICE:
        return None
    query = select(Organization.id).where(
        Organization.name == particulars.issuer, Organization.kind == OrganizationKind.SCHOOL
    )
    found = list(call.session.scalars(query.limit(2)))
    return found[0] if len(found) == 1 else None
