"""The checks of a studio's change: when, by which rules, and what follows from it."""

from datetime import date

from app.db.queries import money
from app.domain import clock
from app.domain.money import yuan
from app.domain.text import N_
from app.services.accounts.naming import names_of
from app.services.operations.call import Call
from app.services.operations.findings import Findings
from app.services.operations.studio_change import ChangeKind, StudioChange
from app.services.operations.studio_change_facts import Facts, open_cases, other_changes, tasks_in_hand
from app.services.studios import rosters
from app.services.studios.rosters import Roster
from app.services.texts import full_day

# Where the form shows that a roster breaks a rule.
ROSTER_FIELDS = {ChangeKind.HOST: "new_host", ChangeKind.MEMBERS: "joining", ChangeKind.MENTOR: "new_mentor"}


def check_studio(call: Call, facts: Facts, findings: Findings) -> None:
    """Demand a running studio that no other case is changing."""
    if call.studio_id not in {None, facts.studio.id}:
        findings.fault("studio", N_("办理中不能换工作室；请撤回后另起一单。"))
    if facts.studio.ended_on is not None:
        message = N_("工作室已定于 %(on)s 终止，不能再变动。")
        findings.fault("studio", message, on=full_day(facts.studio.ended_on))
    for serial in other_changes(call, facts.studio.id):
        message = N_("这个工作室已有一项变动在办（%(serial)s），请先办完那一项。")
        findings.fault("studio", message, serial=serial)


def check_not_past(wanted: date, findings: Findings) -> None:
    """Demand that a change is asked for from today on; agreed later, it holds from the day it is agreed."""
    if wanted < clock.today():
        findings.fault("from_on", N_("生效日期不能早于今天。"))


def check_day(facts: Facts, findings: Findings) -> None:
    """Demand a day within the term, and not before a change that is agreed already."""
    if facts.effective_on > facts.studio.until_on:
        message = N_("工作室的工作周期到 %(on)s 止，生效日期不能晚于这一天。")
        findings.fault("from_on", message, on=full_day(facts.studio.until_on))
    elif facts.begins_on is not None:
        message = N_("已经定下 %(on)s 起的变动，请选这一天或者以后。")
        findings.fault("from_on", message, on=full_day(facts.begins_on))
    else:
        findings.passed(N_("%(on)s起生效"), on=full_day(facts.effective_on))


def check_roster(call: Call, change: StudioChange, before: Roster, after: Roster, findings: Findings) -> None:
    """Refuse what breaks a hard rule further than it is broken already; point at the rest."""
    values = {key: pinned.get("value") for key, pinned in call.rules.items()}
    stood = {
        found.parameter: found.excess for found in rosters.find(call.session, call.organization_id, values, before)
    }
    broken = rosters.find(call.session, call.organization_id, values, after)
    for found in broken:
        if found.is_hard and found.excess > stood.get(found.parameter, 0):
            findings.fault(ROSTER_FIELDS[change.kind], found.words.message, found.parameter, **found.words.params)
        else:
            findings.doubt(found.words.chinese(), found.parameter)
    if not broken:
        findings.passed(N_("变动以后成员 %(count)d 人，符合规定"), "roster.max", count=len(after.member_ids))


def tell_of_host(call: Call, facts: Facts, after: Roster, findings: Findings) -> None:
    """Say from when who signs, and what the one who leaves has in hand."""
    names = names_of(call.session, [after.host_id, facts.roster.host_id])
    message = N_("%(on)s起预算和报销由%(name)s签字，此前签过的仍然有效")
    findings.passed(message, on=full_day(facts.effective_on), name=names[after.host_id])
    count = tasks_in_hand(call, facts.studio.id, facts.roster.host_id)
    if count and facts.roster.host_id not in after.member_ids:
        message = N_("%(name)s手里还有工作室的 %(count)d 件事，生效后转给新主持人")
        findings.doubt(message, name=names[facts.roster.host_id], count=count)


def check_end(call: Call, facts: Facts, findings: Findings) -> None:
    """Demand that nothing of the studio's is undone, and point at money that is left."""
    count = open_cases(call, facts.studio.id)
    if count:
        findings.fault("kind", N_("工作室还有 %(count)d 件没有办完的事，请先办完或者撤回，再终止。"), count=count)
    else:
        findings.passed(N_("工作室没有未办完的事"))
    year = facts.effective_on.year
    left = sum(line.available for line in money.lines_of(call.session, facts.studio.id, year))
    if left:
        message = N_("%(year)d 年的预算还有 %(left)s 元没有用，终止以后不能再用")
        findings.doubt(message, year=year, left=yuan(left))
