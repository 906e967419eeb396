"""The operations by which a host recruits a member, whose school has its say."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.money import Studio
from app.db.people import Organization, Person, Position
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.text import N_, sentence
from app.domain.vocabulary import OrganizationKind, Role
from app.services.accounts.actors import holds_today
from app.services.accounts.naming import named_people
from app.services.accounts.terms import Term, place_person
from app.services.dossiers.facts import rule_values
from app.services.journal import record_organization
from app.services.operations import post_news
from app.services.operations.call import Call
from app.services.operations.findings import Findings
from app.services.studios import rosters
from app.services.studios.rosters import Roster
from app.services.studios.staffing import roster_on

DRAFT = "recruit_member"
CHECKED = "check_member"
FEWEST = "roster.min"


def check_recruitment(call: Call) -> dict[str, Any]:
    """Check whom a host wants as a member, and find who speaks for that school. Raises Refused by field."""
    values, findings = call.values[DRAFT], Findings(call.rules)
    studio, person = _studio(call), _person(call, values, findings)
    school = _school_of(call, person, findings) if person else None
    findings.conclude()
    if person is None or school is None:
        raise Conflict
    _judge(call, studio, person, findings)
    return {
        "person": person.id,
        "member_name": person.name,
        "school": school.name,
        "principal": _principal(call, school),
        "checks": findings.checks,
    }


def join_studio(call: Call) -> dict[str, Any]:
    """Let a member join whose school agreed. Raises Refused where the rules do not allow it by now."""
    studio, told = _studio(call), call.values[CHECKED]
    person = call.session.get_one(Person, told["person"])
    _judge(call, studio, person, Findings(call.rules))
    today = clock.today()
    begins_on = min(max(today, studio.from_on), studio.until_on)
    term = Term(begins_on, studio.until_on)
    place_person(call.session, person.id, studio.organization, Role.STUDIO_MEMBER, term, studio.id)
    details = {"studio": studio.id, "person": person.id, "case": call.serial, "from_on": begins_on.isoformat()}
    record_organization(call.session, call.organization_id, call.actor, "join_studio", details)
    what = sentence(N_("加入%(studio)s，任成员"), studio=studio.name).chinese()
    post_news.put(call, [person.id], what, begins_on)
    return {"joined_on": begins_on.isoformat()}


def _studio(call: Call) -> Studio:
    """Return the host's studio, held, so that two joining at once are counted one after the other."""
    query = select(Studio).where(Studio.id == call.values[DRAFT]["studio"], Studio.id == call.studio_id)
    found = call.session.scalar(query.with_for_update(key_share=True))
    if found is None or found.ended_on is not None:
        raise Conflict(N_("这个工作室已经结束，不能再招收成员。"))
    return found


def _person(call: Call, values: Mapping[str, Any], findings: Findings) -> Person | None:
    named = named_people(call.session, call.organization_id, values["member"])
    for wrong in named.errors:
        findings.fault("member", wrong.message, **wrong.params)
    if not named.errors and len(named.people) != 1:
        findings.fault("member", N_("一次招收一位，请只填一个人。"))
    return call.session.get(Person, named.people[0]) if len(named.people) == 1 else None


def _school_of(call: Call, person: Person, findings: Findings) -> Organization | None:
    """Return the school where somebody is a homeroom teacher, or else a teacher."""
    teaches = (Role.HOMEROOM_TEACHER, Role.TEACHER)
    query = select(Organization).join(Position, Position.organization_id == Organization.id)
    query = query.where(Position.person_id == person.id, Position.role.in_(teaches), holds_today())
    schools = call.session.scalars(query.where(Organization.kind == OrganizationKind.SCHOOL).order_by(Position.role))
    found = schools.first()
    if found is None:
        findings.fault("member", N_("%(name)s现在不是学校的老师，不能招收。"), name=person.name)
    return found


def _judge(call: Call, studio: Studio, person: Person, findings: Findings) -> None:
    """Refuse who belongs already, and one more than the rules allow; too few are no fault while one is added."""
    before = roster_on(call.session, studio.id, max(clock.today(), studio.from_on))
    if before is None or person.id in {before.host_id, before.mentor_id, *before.member_ids}:
        findings.fault("member", N_("%(name)s已经是这个工作室的人。"), name=person.name)
        findings.conclude()
        return
    after = Roster(before.host_id, (*before.member_ids, person.id), before.mentor_id)
    for found in rosters.find(call.session, studio.organization_id, rule_values(call.rules), after):
        if found.is_hard and found.parameter != FEWEST:
            findings.fault("member", found.words.message, found.parameter, **found.words.params)
        else:
            findings.doubt(found.words.message, found.parameter, **found.words.params)
    findings.conclude()


def _principal(call: Call, school: Organization) -> int | None:
    held = select(Position.person_id).where(
        Position.organization_id == school.id, Position.role == Role.PRINCIPAL, holds_today()
    )
    return call.session.scalar(held.order_by(Position.id).limit(1))
