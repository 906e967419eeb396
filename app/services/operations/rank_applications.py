"""The operations of an application for a rank: entered, verified, voted on, determined, and taken out of its review."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.db.people import Person
from app.db.rank_reviews import RankApplication, RankReview
from app.domain import clock
from app.domain.dossiers import RANK_TITLES
from app.domain.errors import Conflict
from app.domain.filings import RowStatus
from app.domain.ranks import (
    RANK_APPLICATION_KIND_TITLES,
    RankApplicationResult,
    RankApplicationStatus,
)
from app.domain.text import N_
from app.domain.vocabulary import Verdict
from app.services.operations import leftovers
from app.services.operations import rank_checks as checks
from app.services.operations.call import Call
from app.services.operations.findings import Findings, refuse
from app.services.operations.rank_checks import RankDraft
from app.services.rank_reviews import applications, moves, refusals, reviews, votes
from app.services.rank_reviews.entitlements import Entitlement

PASSED, NOT_PASSED, NO_QUORUM = "passed", "not_passed", "no_quorum"
LOOKS = "rank.second_looks"
A_YEAR = timedelta(days=366)
VOTED = N_("评审组已经表决，不能撤回：不予认定的可以申请复核，放弃认定的请找政教处。")
FILED = N_(
    "这份申报已经列在上报的名单里，不能单独中止：还没有备案的，请主管教育局退回，由政教处在补正时撤下；已经生效的，请报职级更正。"
)


def submit_rank_application(call: Call) -> dict[str, Any]:
    """Check an application and enter it in its review, or what was corrected in it. Raises Refused by field."""
    draft, findings = checks.draft_in(call.values), Findings(call.rules)
    standing = applications.application_of(call.session, call.instance_id)
    held = checks.review_of(call, draft)
    checks.check_review(call, held, standing, findings)
    found = checks.entitlement(call, draft)
    checks.check_rank(draft, found, findings)
    checks.note_years(draft, found, findings)
    checks.note_conditions(found, findings)
    findings.conclude()
    application = _entered(call, standing or _fresh(call, held), draft, found)
    return {
        "application": application.id,
        "review": held.id,
        "person_name": call.session.get_one(Person, application.person_id).name,
        "rank_name": RANK_TITLES[draft.rank],
        "kind_name": RANK_APPLICATION_KIND_TITLES[application.kind],
        "is_exceptional": draft.is_exceptional,
        "checks": findings.checks,
    }


def record_rank_verification(call: Call) -> None:
    """Keep what came of the look at the originals: who saw them, when, and whether the application is judged."""
    application, verdict = _standing(call), call.params["verdict"]
    if verdict == Verdict.RETURN:
        application.status = RankApplicationStatus.CORRECTING
    elif verdict == Verdict.REFUSE:
        applications.settle(call.session, application, RankApplicationStatus.REJECTED)
        leftovers.keep(call)
    else:
        seen_on = date.fromisoformat(call.params["seen_on"])
        if not clock.today() - A_YEAR <= seen_on <= clock.today():
            message = N_("看原件的日期不能晚于今天，也不能早于一年以前。")
            raise refuse(call.rules, "seen_on", message, None)
        application.status = RankApplicationStatus.VERIFIED
        application.seen_by_id = call.actor.person_id if call.actor else None
        application.seen_at = clock.at(seen_on)
    call.session.flush()


def lapse_rank_application(call: Call) -> None:
    """Reject an application whose correction came too late; what was typed is kept as a draft."""
    applications.settle(call.session, _standing(call), RankApplicationStatus.REJECTED)
    leftovers.keep(call)


def record_rank_vote(call: Call) -> dict[str, Any]:
    """Keep what the panel's votes came to by the rules, and say it for whoever determines the rank.

    Raises Conflict where the panel has not voted, whatever the diagram says.
    """
    application, findings = _standing(call), Findings(call.rules)
    result = _result(votes.judgement(call.session, application, call.rules))
    note = findings.passed if result == PASSED else findings.doubt
    note(checks.VOTES[result], "rank.pass_ratio")
    if votes.looks_taken(call.session, call.instance_id) and application.second_looked_at is None:
        application.second_looked_at = clock.now()
    application.counts = {**votes.last_votes(call.session, call.instance_id), "result": result}
    call.session.flush()
    return {"result": result, "checks": findings.checks}


def record_rank_determination(call: Call) -> dict[str, Any]:
    """Take the decision of the leading group's head.

    Raises Conflict where there is none since the vote, and Refused where the panel has not agreed.
    """
    application = _standing(call)
    if votes.determination(call.session, call.instance_id) == Verdict.AGREE:
        if (application.counts or {}).get("result") != PASSED:
            message = N_("评审组没有通过，不能认定：请选不予认定，写明理由。")
            raise refuse(call.rules, "verdict", message, "rank.pass_ratio")
        return {"next": "determined"}
    most = Findings(call.rules).rule(LOOKS, 0)
    return {"next": "ask" if votes.looks_taken(call.session, call.instance_id) < most else "refused"}


def settle_rank_application(call: Call) -> dict[str, str]:
    """Keep the school's conclusion, tell its review, and say why it refused; who has left the school is told what follows.

    Raises Conflict where a rank is determined that the panel or the leading group's head has not agreed to.
    """
    application = _standing(call)
    is_determined = call.params["verdict"] == "determined"
    if is_determined:
        _require_agreement(call, application)
    result = RankApplicationResult.DETERMINED if is_determined else RankApplicationResult.REFUSED
    applications.settle(call.session, application, RankApplicationStatus.SETTLED, result)
    moves.tell_of_move(call.session, application)
    if is_determined:
        return {"words": ""}
    leftovers.keep(call)
    return {"words": refusals.words(call.session, call.instance_id)}


def record_rank_result(call: Call) -> None:
    """Keep what the filing made of an application, unless it left the list before; a new school's office is told.

    The filing itself says it, whatever the case was told. Raises Conflict where it has not been answered.
    """
    application = _standing(call)
    if application.result == RankApplicationResult.DETERMINED:
        row = applications.answered_row(call.session, application)
        if row is None:
            raise Conflict(N_("这份申报的备案还没有结果，不能记下：请等主管教育局答复。"))
        is_effective = row.status == RowStatus.EFFECTIVE
        application.result = RankApplicationResult.EFFECTIVE if is_effective else RankApplicationResult.REFUSED_ABOVE
        moves.tell_of_result(call.session, application)
        call.session.flush()


def check_rank_withdrawal(call: Call) -> None:
    """Let an applicant withdraw as long as the review takes applications and the panel has not voted. Raises Conflict."""
    application = applications.application_of(call.session, call.instance_id)
    if application is not None and application.counts is not None:
        raise Conflict(VOTED)
    if application is not None and reviews.why_closed(application.review) is not None:
        raise Conflict(N_("申报已经截止，不能撤回；有特殊情况，请找政教处。"))


def release_rank_application(call: Call) -> None:
    """Take an application out of its review: withdrawn by its applicant, or ended by an administrator.

    Raises Conflict where it stands on a list that was filed: only the list takes it back.
    """
    application = applications.application_of(call.session, call.instance_id)
    if application is None:
        return
    # A list is filed under the same lock.
    reviews.locked(call.session, application.review_id)
    if applications.is_filed(call.session, application):
        raise Conflict(FILED)
    applications.settle(call.session, application, RankApplicationStatus.WITHDRAWN)


def _require_agreement(call: Call, application: RankApplication) -> None:
    has_passed = (application.counts or {}).get("result") == PASSED
    if not has_passed or votes.determination(call.session, call.instance_id) != Verdict.AGREE:
        raise Conflict(N_("不能认定：要评审组表决通过、领导小组组长认定。请找流程管理员核对流程图。"))


def _result(verdict: object) -> str:
    if verdict == Verdict.AGREE:
        return PASSED
    return NOT_PASSED if verdict == Verdict.DISAGREE else NO_QUORUM


def _standing(call: Call) -> RankApplication:
    found = applications.application_of(call.session, call.instance_id)
    if found is None:
        raise Conflict(N_("这件事还没有登记到评审里，请找流程管理员核对流程。"))
    return found


def _fresh(call: Call, held: RankReview) -> RankApplication:
    return RankApplication(
        review_id=held.id,
        instance_id=call.instance_id,
        organization_id=call.organization_id,
        person_id=call.required_initiator(),
    )


def _entered(call: Call, application: RankApplication, draft: RankDraft, found: Entitlement) -> RankApplication:
    """Write the application, with no vote on what it was before; two in the same instant leave one."""
    application.kind, application.rank, application.held = draft.kind_by(found), draft.rank, found.reach.held
    application.explanation = found.kept
    application.status, application.counts = RankApplicationStatus.SUBMITTED, None
    application.last_vote_before = votes.last_vote(call.session, call.instance_id)
    try:
        with call.session.begin_nested():
            call.session.add(application)
    except IntegrityError:
        raise refuse(call.rules, "review", checks.TWICE, None) from None
    return application
