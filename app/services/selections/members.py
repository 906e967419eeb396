"""Determining the members of each studio: whose wishes they follow, and what the roster rules say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.db.rounds import Application, Round
from app.domain.identity import Actor
from app.domain.rounds import ApplicationKind, ApplicationResult
from app.domain.selections import SheetKind
from app.domain.text import N_
from app.services.dossiers.facts import rule_values
from app.services.operations.findings import Findings
from app.services.selections import outcomes, sheets
from app.services.studios import rosters
from app.services.studios.rosters import Roster

FIELD = "members"
MENTOR = "roster.mentor_required"


@dataclass(frozen=True)
class Studios:
    """A round's chosen hosts and its accepted applications as members, by person."""

    hosts: Mapping[int, Application]
    applicants: Mapping[int, Application]


def gather(session: Session, round_: Round) -> Studios:
    """Read who may be placed with whom."""
    hosts = outcomes.accepted(session, round_, ApplicationKind.HOST)
    members = outcomes.accepted(session, round_, ApplicationKind.MEMBER)
    chosen = {one.person_id: one for one in hosts if one.result == ApplicationResult.CHOSEN}
    return Studios(chosen, {one.person_id: one for one in members})


def placements_in(given: Any) -> list[tuple[int, int]]:
    """Return who is placed with which host, as it was filled in."""
    return [(int(row["person"]), int(row["host"])) for row in given or ()]


def judge(session: Session, studios: Studios, placed: Sequence[tuple[int, int]], findings: Findings) -> None:
    """Note what is wrong with the members: strangers, twice, against a wish; roster rules refuse or warn."""
    people = [person for person, _host in placed]
    for at, (person, host) in enumerate(placed):
        _judge_one(studios, at, person, host, people[:at], findings)
    if findings.has_fault(*(f"{FIELD}.{at}.{key}" for at in range(len(placed)) for key in ("person", "host"))):
        return
    for host, application in studios.hosts.items():
        with_host = tuple(person for person, of in placed if of == host)
        _judge_roster(session, application, with_host, findings)


def determine(
    session: Session, round_: Round, actor: Actor | None, studios: Studios, placed: Sequence[tuple[int, int]]
) -> None:
    """Write down who becomes a member of whose studio."""
    hosts = dict(placed)
    for person, application in studios.applicants.items():
        application.studio_host_id = hosts.get(person)
        application.result = ApplicationResult.CHOSEN if person in hosts else ApplicationResult.RESERVE
    rows = [_row(one, studios) for one in studios.applicants.values()]
    sheet = sheets.keep(session, round_, SheetKind.MEMBER, rows, {})
    sheets.decide(sheet, rows, actor.person_id if actor else None)


def _judge_one(studios: Studios, at: int, person: int, host: int, before: Sequence[int], findings: Findings) -> None:
    application = studios.applicants.get(person)
    if application is None:
        findings.fault(f"{FIELD}.{at}.person", N_("这个人没有申报成员，或者没有受理，请重新选。"))
    elif person in before:
        findings.fault(f"{FIELD}.{at}.person", N_("%(name)s已经列过了。"), name=application.person.name)
    if host not in studios.hosts:
        findings.fault(f"{FIELD}.{at}.host", N_("请选这一批定下的主持人。"))
    elif (
        application is not None
        and application.wished_host_id not in {None, host}
        and not application.accepts_allocation
    ):
        words = N_("%(name)s只报了别的工作室，不服从调配。")
        findings.fault(f"{FIELD}.{at}.host", words, name=application.person.name)


def _judge_roster(session: Session, host: Application, members: tuple[int, ...], findings: Findings) -> None:
    values = rule_values(findings.rules)
    for found in rosters.find(session, host.organization_id, values, Roster(host.person_id, members)):
        # Who becomes the mentor is asked next.
        if found.parameter == MENTOR:
            continue
        words = N_("%(name)s的工作室：%(words)s")
        told = {"name": host.person.name, "words": found.words.chinese()}
        if found.is_hard:
            findings.fault(FIELD, words, found.parameter, **told)
        else:
            findings.doubt(words, found.parameter, **told)


def _row(application: Application, studios: Studios) -> dict[str, Any]:
    host = studios.hosts.get(application.studio_host_id or 0)
    wished = studios.hosts.get(application.wished_host_id or 0)
    return {
        "person": application.person_id,
        "application": application.id,
        "name": application.person.name,
        "school": application.organization.name,
        "proposed_by": [
            studios.hosts[one].person.name for one in application.proposed_by or () if one in studios.hosts
        ],
        "wished_host": wished.person.name if wished else "",
        "accepts_allocation": application.accepts_allocation,
        "host": application.studio_host_id,
        "host_name": host.person.name if host else "",
        "is_chosen": application.result == ApplicationResult.CHOSEN,
    }
