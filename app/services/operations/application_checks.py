"""The checks of an application: when, by which conditions, with which studio in mind, and once a round."""

from app.db.people import Person
from app.db.rounds import Application, Round
from app.domain.rounds import ApplicationKind
from app.domain.text import N_
from app.services.accounts.naming import named_people
from app.services.operations.application import ApplicationDraft
from app.services.operations.call import Call
from app.services.operations.findings import Findings
from app.services.rounds import eligibility
from app.services.rounds.applications import other_application
from app.services.rounds.materials import counted
from app.services.rounds.stages import ENDS
from app.services.rounds.windows import why_closed


def check_round(call: Call, found: Round, standing: Application | None, findings: Findings) -> None:
    """Demand a round that takes applications, and no other of the same person; a correction stays in its round."""
    closed = why_closed(found)
    if standing is None and closed is not None:
        findings.fault("round", closed.message, **closed.params)
    if standing is not None and (standing.round_id != found.id or found.stage in ENDS):
        findings.fault("round", N_("补正只能在原来的批次里，请改回原来的批次。"))
    other = other_application(call.session, found.id, call.required_initiator(), call.instance_id)
    if other is not None:
        message = N_("您已经申报了这一批次（%(serial)s）；要改报的话，请先撤回那一份。")
        findings.fault("round", message, serial=other.instance.serial)


def check_conditions(call: Call, draft: ApplicationDraft, found: Round, findings: Findings) -> None:
    """Refuse whom the rolls of posts and sanctions bar; what papers may prove is for whoever checks them."""
    asked = eligibility.own_eligibility(
        call.session, found, draft.kind, call.required_initiator(), call.organization_id
    )
    for missed in eligibility.barring(asked):
        message = N_("不符合“%(title)s”的条件：%(requirement)s。")
        findings.fault("kind", message, missed.parameter, title=missed.title, requirement=missed.requirement)


def check_wish(call: Call, draft: ApplicationDraft, findings: Findings) -> int | None:
    """Return with whom a member would work; somewhere or anywhere must be said."""
    if draft.kind != ApplicationKind.MEMBER:
        return None
    if not draft.wished_host and not draft.accepts_allocation:
        findings.fault("wished_host", N_("请写想去谁的工作室，或者勾选服从调配。"))
    named = named_people(call.session, call.organization_id, draft.wished_host)
    for wrong in named.errors:
        findings.fault("wished_host", wrong.message, **wrong.params)
    if call.initiator_id in named.people:
        findings.fault("wished_host", N_("请写别人；自己要做主持人的，请改成申报主持人。"))
    return named.people[0] if named.people else None


def check_materials(draft: ApplicationDraft, findings: Findings) -> None:
    """Demand that every material has a name of its own."""
    seen: set[str] = set()
    for place, one in enumerate(draft.materials):
        if one.name in seen:
            findings.fault(f"materials.{place}.name", N_("清单里已经有“%(name)s”，请换一个名称。"), name=one.name)
        seen.add(one.name)
    if draft.materials:
        findings.passed(N_("材料 %(count)s"), count=counted(draft.materials))


def name_of(call: Call) -> str:
    """Return the applicant's name."""
    return call.session.get_one(Person, call.required_initiator()).name
