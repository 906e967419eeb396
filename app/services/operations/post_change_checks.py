"""The checks of a hand-over of posts: who, when, and what follows from it."""

from datetime import date, timedelta

from app.domain import clock
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services.accounts.naming import named_people
from app.services.operations.call import Call
from app.services.operations.findings import Findings
from app.services.operations.post_change import PostChange
from app.services.operations.post_change_facts import SIGNERS, Facts, other_changes, roles_of, tasks_in_hand
from app.services.texts import full_day

FURTHEST = timedelta(days=366)
NOT_ONESELF = N_("不能登记自己的任免，请另一位管理员来办。")


def check_day(wanted: date, findings: Findings) -> None:
    """Demand that a hand-over is asked for from today on, and soon enough for its year to be meant."""
    if wanted < clock.today():
        findings.fault("from_on", N_("接任的日期不能早于今天。"))
    elif wanted > clock.today() + FURTHEST:
        findings.fault("from_on", N_("接任的日期不能晚于一年以后，请核对年份。"))
    else:
        findings.passed(N_("%(on)s起接任"), on=full_day(wanted))


def check_leaver(call: Call, change: PostChange, facts: Facts, findings: Findings) -> None:
    """Demand who holds the posts, is not the one who asks, and is not being replaced already."""
    name = facts.leaver.name
    if facts.leaver.id == call.initiator_id:
        findings.fault("leaver", NOT_ONESELF)
    for post in change.posts:
        if not facts.holds(post):
            findings.fault("posts", N_("%(name)s现在不任%(title)s。"), name=name, title=ROLE_TITLES[post])
    for serial in other_changes(call, facts.leaver.id):
        findings.fault("leaver", N_("%(name)s的任职交接已有一件在办（%(serial)s）。"), name=name, serial=serial)
    if change.leaves_school and facts.holds(Role.STUDIO_HOST):
        message = N_("%(name)s还是工作室主持人，请先办工作室变动，再调离。")
        findings.fault("leaves_school", message, name=name)


def check_successor(call: Call, change: PostChange, facts: Facts, findings: Findings) -> int | None:
    """Return the one who takes the posts: another than who leaves them and than who asks."""
    named = named_people(call.session, call.organization_id, change.successor)
    for wrong in named.errors:
        findings.fault("successor", wrong.message, **wrong.params)
    if named.errors:
        return None
    if len(named.people) != 1:
        findings.fault("successor", N_("请填一位接任的人。"))
        return None
    successor = named.people[0]
    if successor == facts.leaver.id:
        findings.fault("successor", N_("接任的人不能是换下的人自己。"))
    if successor == call.initiator_id:
        findings.fault("successor", NOT_ONESELF)
    return successor


def tell_of_consequences(call: Call, change: PostChange, facts: Facts, successor: int, findings: Findings) -> None:
    """Say what follows the posts by itself, and what does not."""
    findings.passed(N_("这些职务的待办和签字从那天起由接任的人办，此前签过的仍然有效"))
    if Role.LEGAL_REPRESENTATIVE in change.posts:
        findings.passed(N_("原法定代表人签的代签委托随之失效，需要的请重新登记"))
    both = roles_of(call, successor) & SIGNERS
    if Role.LEGAL_REPRESENTATIVE in change.posts and both:
        title = "、".join(sorted(ROLE_TITLES[role] for role in both))
        findings.doubt(N_("接任的人又是%(title)s，同一笔报销不能签两处，要另请人代签"), title=title)
    count = tasks_in_hand(call, facts.leaver.id)
    if count:
        message = N_("%(name)s名下还有 %(count)d 件自己发起的事，离校的请办离职交接")
        findings.doubt(message, name=facts.leaver.name, count=count)
