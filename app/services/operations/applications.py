"""The operations of an application in a round: entered, returned, accepted or not, withdrawn, and its answer."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from app.db.people import Organization
from app.db.rounds import Application, Round
from app.domain.errors import Conflict
from app.domain.rounds import APPLICATION_KIND_TITLES, ApplicationResult, ApplicationStatus
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind, Verdict
from app.services.operations import application_checks as checks
from app.services.operations import leftovers
from app.services.operations.application import ApplicationDraft, draft_in
from app.services.operations.call import Call
from app.services.operations.findings import Findings, refuse
from app.services.rounds import applications, materials
from app.services.rounds.windows import why_closed


def submit_application(call: Call) -> dict[str, Any]:
    """Check an application and enter it in its round, or what was corrected in it. Raises Refused by field."""
    draft, findings = draft_in(call.values), Findings(call.rules)
    found = applications.held_round(call.session, draft.round_id)
    if found is None:
        raise refuse(call.rules, "round", N_("请选一个批次。"), None)
    standing = applications.application_of(call.session, call.instance_id)
    checks.check_round(call, found, standing, findings)
    checks.check_conditions(call, draft, found, findings)
    wished_host_id = checks.check_wish(call, draft, findings)
    checks.check_materials(draft, findings)
    findings.conclude()
    application = _entered(call, standing or _fresh(call, found), draft, wished_host_id)
    return _told(call, found, application, draft, findings)


def return_application(call: Call) -> None:
    """Note that an application waits for its applicant's correction."""
    _standing(call).status = ApplicationStatus.CORRECTING
    call.session.flush()


def accept_application(call: Call) -> dict[str, Any]:
    """Accept an application: who accepts it hands out receipts for its papers."""
    application = _standing(call)
    application.received_by_id = call.actor.person_id if call.actor else None
    if call.actor is not None:
        for paper in materials.expected(application):
            materials.receive(paper, call.serial, call.actor.person_id)
    applications.settle(call.session, application, ApplicationStatus.ACCEPTED)
    receipts = [one.receipt_number for one in application.materials if one.receipt_number]
    return {"receipts": "、".join(receipts)}


def reject_application(call: Call) -> None:
    """Note that an application was not accepted."""
    applications.settle(call.session, _standing(call), ApplicationStatus.REJECTED)


def lapse_application(call: Call) -> None:
    """Reject an application whose correction came too late, and keep what was filled in for another time."""
    applications.settle(call.session, _standing(call), ApplicationStatus.REJECTED)
    leftovers.keep(call)


def check_withdrawal(call: Call) -> None:
    """Let an applicant withdraw as long as the round takes applications. Raises Conflict with the day it ended."""
    application = applications.application_of(call.session, call.instance_id)
    if application is not None and why_closed(application.round) is not None:
        raise Conflict(N_("申报已经截止，不能撤回。如果确定为人选，到时候可以谢绝聘任；有特殊情况，请找受理的办公室。"))


def release_application(call: Call) -> None:
    """Take an application out of its round: withdrawn by its applicant, or ended by an administrator."""
    application = applications.application_of(call.session, call.instance_id)
    if application is not None:
        applications.settle(call.session, application, ApplicationStatus.WITHDRAWN)


def answer_appointment(call: Call) -> dict[str, Any]:
    """Tell the round whether somebody chosen accepts."""
    application, answer = _standing(call), str(call.params["answer"])
    if answer == Verdict.REFUSE:
        application.result = ApplicationResult.DECLINED
        call.session.flush()
    applications.tell_round(call.session, application, applications.ANSWERED, {"answer": answer})
    return {"answer": answer}


def _standing(call: Call) -> Application:
    found = applications.application_of(call.session, call.instance_id)
    if found is None:
        raise Conflict(N_("这件事还没有登记到批次里，请找流程管理员核对流程。"))
    return found


def _fresh(call: Call, found: Round) -> Application:
    return Application(
        round_id=found.id,
        instance_id=call.instance_id,
        organization_id=call.organization_id,
        person_id=call.required_initiator(),
    )


def _entered(call: Call, application: Application, draft: ApplicationDraft, wished_host_id: int | None) -> Application:
    """Write the application; two in the same instant leave one."""
    application.kind, application.wished_host_id = draft.kind, wished_host_id
    application.accepts_allocation = draft.accepts_allocation
    found = call.session.get_one(Round, draft.round_id)
    is_of_bureau = found.organization.kind != OrganizationKind.SCHOOL
    application.status = ApplicationStatus.RECOMMENDING if is_of_bureau else ApplicationStatus.SUBMITTED
    try:
        with call.session.begin_nested():
            call.session.add(application)
    except IntegrityError:
        raise refuse(call.rules, "round", N_("您已经申报了这一批次。"), None) from None
    materials.put(call.session, application, draft.materials)
    return application


def _told(
    call: Call, found: Round, application: Application, draft: ApplicationDraft, findings: Findings
) -> dict[str, Any]:
    school = call.session.get_one(Organization, call.organization_id)
    return {
        "application": application.id,
        "round": found.id,
        "round_title": found.title,
        "person_name": checks.name_of(call),
        "kind_name": APPLICATION_KIND_TITLES[draft.kind],
        "materials": materials.counted(draft.materials),
        "is_of_bureau": found.organization.kind != OrganizationKind.SCHOOL,
        "by_district": found.organization_id not in {school.id, school.parent_id},
        "checks": findings.checks,
    }
