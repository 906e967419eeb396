"""The operations that check a change of a studio's people and put it into force as dated positions."""

from typing import Any

from app.domain.errors import Conflict, Forbidden
from app.domain.text import N_
from app.domain.vocabulary import Role
from app.services.attention.holders import by_role
from app.services.journal import record_organization
from app.services.operations import post_news
from app.services.operations import studio_change_checks as checks
from app.services.operations.call import Call
from app.services.operations.findings import Findings, refuse
from app.services.operations.studio_change import ChangeKind, StudioChange, change_in
from app.services.operations.studio_change_facts import Facts, gather
from app.services.operations.studio_change_words import summary
from app.services.operations.studio_rosters import roster_after
from app.services.studios.rosters import Roster
from app.services.studios.staffing import end_posts, posts_of, restaff

CHECKED = "check_change"


def check_studio_change(call: Call) -> dict[str, Any]:
    """Check a change of a studio's people against the roster rules and the studio's term. Raises Refused."""
    change, findings = change_in(call.values), Findings(call.rules)
    checks.check_not_past(change.from_on, findings)
    facts, after = _judged(call, change, findings)
    return {
        "studio_name": facts.studio.name,
        "level": facts.studio.level,
        "summary": summary(call.session, facts.roster, after).chinese(),
        "effective_on": facts.effective_on.isoformat(),
        "people": _people(after),
        "checks": findings.checks,
    }


def change_studio_posts(call: Call) -> dict[str, Any]:
    """End and begin the posts of a studio as it was agreed, or end it with all its posts.

    Raises Refused where it breaks a rule by now, Conflict where it would make other people of it than
    was agreed, and Forbidden for who agrees to a change of an own post.
    """
    facts, after = _judged(call, change_in(call.values), Findings(call.rules))
    if call.values[CHECKED]["people"] != _people(after):
        raise Conflict(N_("工作室的人刚才有变动，请退回给提出的人，核对后再提交。"))
    concerned = _applied(call, facts, after)
    if call.actor is not None and call.actor.person_id in concerned:
        raise Forbidden(N_("这项变动牵涉您本人，请另一个人来办。"))
    from_on = facts.effective_on.isoformat()
    details = {"studio": facts.studio.id, "case": call.serial, "from_on": from_on, "people": sorted(concerned)}
    record_organization(call.session, call.organization_id, call.actor, "change_studio", details)
    what = f"{facts.studio.name}：{summary(call.session, facts.roster, after).chinese()}"
    post_news.put(call, concerned, what, facts.effective_on)
    _tell_office(call, concerned, what)
    return {"effective_on": from_on}


def _judged(call: Call, change: StudioChange, findings: Findings) -> tuple[Facts, Roster | None]:
    """Return the studio, and its people after the change; raises Refused."""
    facts = gather(call, change)
    if facts is None:
        raise refuse(call.rules, "studio", N_("请选本单位有主持人的工作室。"), None)
    checks.check_studio(call, facts, findings)
    checks.check_day(facts, findings)
    after = roster_after(call, change, facts.roster, findings)
    if after is None:
        checks.check_end(call, facts, findings)
    else:
        checks.check_roster(call, change, facts.roster, after, findings)
    if after is not None and change.kind == ChangeKind.HOST:
        checks.tell_of_host(call, facts, after, findings)
    findings.conclude()
    return facts, after


def _applied(call: Call, facts: Facts, after: Roster | None) -> set[int]:
    """Write the posts, and return whom it concerned."""
    if after is not None:
        return restaff(call.session, facts.studio, after, facts.effective_on, facts.effective_on)
    posts = posts_of(call.session, facts.studio.id)
    facts.studio.ended_on = facts.effective_on
    end_posts(call.session, posts, facts.effective_on)
    return {post.person_id for post in posts}


def _tell_office(call: Call, concerned: set[int], what: str) -> None:
    """Copy the case to the office that keeps the studios, whoever proposed it."""
    office = by_role(call.session, call.organization_id, [Role.MORAL_EDUCATION_OFFICE])
    told = office.get(Role.MORAL_EDUCATION_OFFICE, set()) - concerned - {call.required_initiator()}
    if told:
        post_news.copy(call, told, N_("%(what)s，已同意。") % {"what": what})


def _people(roster: Roster | None) -> dict[str, Any]:
    if roster is None:
        return {}
    return {"host": roster.host_id, "members": sorted(roster.member_ids), "mentor": roster.mentor_id}
