"""The operations that check a hand-over of posts and put it into force as dated positions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.db.people import Position
from app.domain.errors import Conflict, Forbidden
from app.domain.text import N_, sentence
from app.domain.vocabulary import ROLE_TITLES
from app.services.accounts.naming import names_of
from app.services.accounts.terms import Term, finish, place_person
from app.services.journal import record_organization
from app.services.operations import post_change_checks as checks
from app.services.operations import post_news
from app.services.operations.call import Call
from app.services.operations.findings import Findings, refuse
from app.services.operations.post_change import PostChange, change_in
from app.services.operations.post_change_facts import Facts, gather, held_from

CHECKED = "check_change"


def check_post_change(call: Call) -> dict[str, Any]:
    """Check who hands which posts over to whom, and when. Raises Refused."""
    change, findings = change_in(call.values), Findings(call.rules)
    checks.check_day(change.from_on, findings)
    facts, successor = _judged(call, change, findings)
    return {
        "summary": _summary(call, change, facts, successor),
        "successor_name": names_of(call.session, [successor])[successor],
        "effective_on": facts.effective_on.isoformat(),
        "is_head": change.is_head,
        "people": _people(facts, successor),
        "checks": findings.checks,
    }


def change_posts(call: Call) -> dict[str, Any]:
    """End the leaver's posts and begin the successor's, from the day asked for or from today.

    Raises Refused where the leaver does not hold them any more, Conflict where the name fits another person
    by now, and Forbidden for who agrees to a hand-over of an own post.
    """
    change = change_in(call.values)
    facts, successor = _judged(call, change, Findings(call.rules))
    if call.values[CHECKED]["people"] != _people(facts, successor):
        raise Conflict(N_("接任的人和核对时不是同一个人，请退回给登记的人，核对后再提交。"))
    if call.actor is not None and call.actor.person_id in {facts.leaver.id, successor}:
        raise Forbidden(N_("这项变动牵涉您本人，请另一个人来办。"))
    _end(call, change, facts)
    _begin(call, change, facts, successor)
    from_on = facts.effective_on.isoformat()
    details = {"case": call.serial, "posts": [str(post) for post in change.posts], "from_on": from_on}
    people = {"leaver": facts.leaver.id, "successor": successor, "leaves_school": change.leaves_school}
    record_organization(call.session, call.organization_id, call.actor, "change_posts", details | people)
    what = _summary(call, change, facts, successor)
    post_news.put(call, [facts.leaver.id, successor], what, facts.effective_on)
    return {"effective_on": from_on}


def _judged(call: Call, change: PostChange, findings: Findings) -> tuple[Facts, int]:
    """Return what is known of the leaver, and the successor; raises Refused."""
    facts = gather(call, change)
    if facts is None:
        raise refuse(call.rules, "leaver", N_("请选本单位现任的人。"), None)
    checks.check_leaver(call, change, facts, findings)
    successor = checks.check_successor(call, change, facts, findings)
    findings.conclude()
    if successor is None:
        raise Conflict
    checks.tell_of_consequences(call, change, facts, successor, findings)
    return facts, successor


def _end(call: Call, change: PostChange, facts: Facts) -> None:
    last_on = facts.effective_on - timedelta(days=1)
    for position in facts.held:
        if change.leaves_school or position.role in change.posts:
            finish(call.session, position, last_on if last_on >= position.from_on else None)


def _begin(call: Call, change: PostChange, facts: Facts, successor: int) -> None:
    for post in change.posts:
        held = held_from(call, successor, post, facts.effective_on)
        if held:
            _prolong(call, held, facts)
        else:
            place_person(call.session, successor, facts.organization, post, Term(facts.effective_on))


def _prolong(call: Call, held: Sequence[Position], facts: Facts) -> None:
    """Let a post go on that the successor holds for a time only, or begin one earlier that comes later."""
    first, *others = held
    first.from_on, first.until_on = min(first.from_on, facts.effective_on), None
    for other in others:
        call.session.delete(other)
    call.session.flush()


def _people(facts: Facts, successor: int) -> dict[str, int]:
    return {"leaver": facts.leaver.id, "successor": successor}


def _summary(call: Call, change: PostChange, facts: Facts, successor: int) -> str:
    return sentence(
        N_("%(posts)s由%(old)s换成%(new)s"),
        posts="、".join(ROLE_TITLES[post] for post in change.posts),
        old=facts.leaver.name,
        new=names_of(call.session, [successor])[successor],
    ).chinese()
