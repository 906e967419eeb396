"""What a studio's people become by a change: who is named exists, and nobody holds two posts."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.domain.text import N_
from app.services.accounts.naming import named_people
from app.services.operations.call import Call
from app.services.operations.findings import Findings
from app.services.operations.studio_change import ChangeKind, StudioChange
from app.services.studios.rosters import Roster

TWO_POSTS = N_("主持人、导师和成员不能是同一个人。")


def roster_after(call: Call, change: StudioChange, before: Roster, findings: Findings) -> Roster | None:
    """Return who belongs to the studio after a change, or None where it ends; faults go to the findings."""
    made = _MAKERS.get(change.kind)
    return made(call, change, before, findings) if made else None


def _with_host(call: Call, change: StudioChange, before: Roster, findings: Findings) -> Roster:
    found = _people(call, change.new_host, "new_host", findings)
    if findings.has_fault("new_host"):
        return before
    if len(found) != 1:
        findings.fault("new_host", N_("请填一位新主持人。"))
        return before
    host = found[0]
    if host == before.host_id:
        findings.fault("new_host", N_("此人现在就是主持人。"))
    if host == before.mentor_id:
        findings.fault("new_host", TWO_POSTS)
    others = tuple(member for member in before.member_ids if member != host)
    return Roster(host, (*others, before.host_id) if change.host_stays else others, before.mentor_id)


def _with_members(call: Call, change: StudioChange, before: Roster, findings: Findings) -> Roster:
    joining = _people(call, change.joining, "joining", findings)
    staying = tuple(member for member in before.member_ids if member not in change.leaving)
    if not set(change.leaving) <= set(before.member_ids):
        findings.fault("leaving", N_("离开的人里有人不是这个工作室的成员，请重新选。"))
    if set(joining) & {before.host_id, before.mentor_id}:
        findings.fault("joining", TWO_POSTS)
    elif set(joining) & set(before.member_ids):
        findings.fault("joining", N_("加入的人里有人已经是成员。"))
    elif not (joining or change.leaving or findings.has_fault("joining")):
        findings.fault("joining", N_("请选离开的人，或者填加入的人。"))
    return replace(before, member_ids=(*staying, *joining))


def _with_mentor(call: Call, change: StudioChange, before: Roster, findings: Findings) -> Roster:
    found = _people(call, change.new_mentor, "new_mentor", findings)
    mentor = found[0] if found else None
    if len(found) > 1:
        findings.fault("new_mentor", N_("导师只填一位。"))
    elif mentor == before.mentor_id and not findings.has_fault("new_mentor"):
        findings.fault("new_mentor", N_("请填新的导师；现在没有导师的，不用办不再聘。"))
    elif mentor in {before.host_id, *before.member_ids}:
        findings.fault("new_mentor", TWO_POSTS)
    return replace(before, mentor_id=mentor)


def _people(call: Call, text: str, field: str, findings: Findings) -> list[int]:
    named = named_people(call.session, call.organization_id, text)
    for wrong in named.errors:
        findings.fault(field, wrong.message, **wrong.params)
    return named.people


_MAKERS: Mapping[ChangeKind, Callable[[Call, StudioChange, Roster, Findings], Roster]] = {
    ChangeKind.HOST: _with_host,
    ChangeKind.MEMBERS: _with_members,
    ChangeKind.MENTOR: _with_mentor,
}
