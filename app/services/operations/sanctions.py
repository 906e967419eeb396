"""The operations of a sanction: checking it, and recording it once a second person has confirmed it."""

from typing import Any

from sqlalchemy import select

from app.db.people import Person, Position
from app.db.queries.offices import is_work
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.errors import Invalid
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.domain.vocabulary import Role
from app.services import outbox
from app.services.dossiers.recording import record
from app.services.operations import entry_drafts
from app.services.operations.call import Call
from app.services.operations.entry_drafts import EntryDraft

DRAFT = "enter_sanction"
OFFICES = frozenset({Role.DEPUTY_PRINCIPAL, Role.PRINCIPAL})
# It may leave the platform by mail: what it is about is read here, after signing in.
TOLD = N_("您的档案里有一条登记刚刚记入或者更正。请打开“档案”查看；有异议的，请找政教处。")


def check_sanction(call: Call) -> dict[str, Any]:
    """Check a sanction of a person of the school. Raises Refused with every fault by field."""
    draft = _draft(call)
    particulars, findings = entry_drafts.checked(call, draft)
    return entry_drafts.told(draft, particulars, findings)


def record_sanction(call: Call) -> dict[str, Any]:
    """Record a sanction that a second person has confirmed, and tell whom it concerns.

    Raises Forbidden, Refused by field, and Conflict where what it corrects has changed meanwhile.
    """
    draft = _draft(call)
    verifier_id = entry_drafts.verifier(call, OFFICES, {draft.person_id, call.required_initiator()})
    particulars, _findings = entry_drafts.checked(call, draft)
    entry_id = record(call.session, entry_drafts.entry_of(call, draft, particulars, verifier_id))
    about = {"instance": None, "kind": NotificationKind.RESULT, "people": [draft.person_id]}
    outbox.put(call.session, "notify", {**about, "text": TOLD})
    return {"entry": entry_id, "recorded_on": clock.today().isoformat()}


def _draft(call: Call) -> EntryDraft:
    values = call.values.get(DRAFT) or {}
    person_id: Any = values.get("person")
    works_here = select(Position.id).where(
        Position.person_id == person_id, Position.organization_id == call.organization_id, is_work(clock.today())
    )
    is_here = call.session.scalar(works_here.limit(1)) is not None
    if not is_here or call.session.get(Person, person_id) is None or person_id == call.initiator_id:
        raise Invalid.field("person", N_("请选本单位的另一位同事。"))
    return entry_drafts.draft_of(values, EntryKind.SANCTION, person_id)
