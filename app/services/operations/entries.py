"""The operations of a teacher's own entry: checking it, and recording it once the office has verified it."""

from typing import Any

from app.domain import clock
from app.domain.dossiers import OWN_KINDS, EntryKind
from app.domain.errors import Invalid
from app.domain.text import N_
from app.domain.vocabulary import Role
from app.services.dossiers.recording import record
from app.services.operations import entry_drafts
from app.services.operations.call import Call
from app.services.operations.entry_drafts import EntryDraft

DRAFT = "submit_entry"
OFFICES = frozenset({Role.MORAL_EDUCATION_OFFICE, Role.MORAL_EDUCATION_DIRECTOR, Role.DEPUTY_PRINCIPAL, Role.PRINCIPAL})


def check_entry(call: Call) -> dict[str, Any]:
    """Check what a teacher enters into the own file. Raises Refused with every fault by field."""
    draft = _draft(call)
    particulars, findings = entry_drafts.checked(call, draft)
    return entry_drafts.told(draft, particulars, findings)


def record_entry(call: Call) -> dict[str, Any]:
    """Record an entry that another person of the office has verified.

    Raises Forbidden, Refused by field, and Conflict where what it corrects has changed meanwhile.
    """
    draft = _draft(call)
    verifier_id = entry_drafts.verifier(call, OFFICES, {draft.person_id})
    particulars, _findings = entry_drafts.checked(call, draft)
    entry_id = record(call.session, entry_drafts.entry_of(call, draft, particulars, verifier_id))
    return {"entry": entry_id, "recorded_on": clock.today().isoformat()}


def _draft(call: Call) -> EntryDraft:
    values = call.values.get(DRAFT) or {}
    kind = values.get("kind")
    if kind not in OWN_KINDS:
        raise Invalid.field("kind", N_("请选登记的种类。"))
    return entry_drafts.draft_of(values, EntryKind(kind), call.required_initiator())
