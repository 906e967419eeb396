"""Naming the mentor of each chosen host's studio: who it is, by which standard, and what the roster rules say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.db.rounds import Application, Round
from app.domain.identity import Actor
from app.domain.rounds import ApplicationKind, ApplicationResult
from app.domain.text import N_
from app.services.accounts.naming import named_people, names_of
from app.services.operations.findings import Findings
from app.services.selections import outcomes, sheets

FIELD = "mentors"
REQUIRED = "roster.mentor_required"
TWO_POSTS = N_("主持人、导师和成员不能是同一个人。")


@dataclass(frozen=True)
class Named:
    """A row as it was filled in: the host, the mentor by name or username, the standard that the mentor meets."""

    host: int
    mentor: str
    standard: str


def named_in(given: Any) -> list[Named]:
    """Return who is named as mentor of whose studio, as it was filled in."""
    return [Named(int(row["host"]), str(row["mentor"]), str(row["standard"])) for row in given or ()]


def judge(
    session: Session, round_: Round, actor: Actor | None, rows: Sequence[Named], findings: Findings
) -> Mapping[int, int]:
    """Return the mentors by host; note who is unclear or holds two posts, and whose studio stays without one."""
    hosts = chosen_hosts(session, round_)
    found: dict[int, int] = {}
    for at, row in enumerate(rows):
        if row.host not in hosts or row.host in found:
            findings.fault(f"{FIELD}.{at}.host", N_("请选这一批定下的主持人，每位只填一行。"))
        mentor = _person(session, round_, row.mentor, f"{FIELD}.{at}.mentor", findings)
        if mentor is not None:
            _judge_one(session, round_, actor, row.host, mentor, f"{FIELD}.{at}.mentor", findings)
            found[row.host] = mentor
    for host, application in hosts.items():
        if host not in found and findings.rule(REQUIRED):
            findings.doubt(N_("%(name)s的工作室还没有导师。"), REQUIRED, name=application.person.name)
    return found


def determine(session: Session, round_: Round, rows: Sequence[Named], mentors: Mapping[int, int]) -> None:
    """Write down who becomes the mentor of whose studio, in the applications and on the sheet of the hosts."""
    standards = {row.host: row.standard for row in rows}
    for host, application in chosen_hosts(session, round_).items():
        application.mentor_id, application.mentor_standard = mentors.get(host), standards.get(host)
    names = names_of(session, list(mentors.values()))
    sheet = sheets.drawn(session, round_)
    sheet.rows = [_told(row, mentors.get(row["person"]), names, standards) for row in sheet.rows]
    sheets.seal(sheet)
    session.flush()


def chosen_hosts(session: Session, round_: Round) -> dict[int, Application]:
    """Return the applications of those who were determined as hosts, by person."""
    hosts = outcomes.accepted(session, round_, ApplicationKind.HOST)
    return {one.person_id: one for one in hosts if one.result == ApplicationResult.CHOSEN}


def _person(session: Session, round_: Round, text: str, field: str, findings: Findings) -> int | None:
    named = named_people(session, round_.organization_id, text)
    for wrong in named.errors:
        findings.fault(field, wrong.message, **wrong.params)
    if len(named.people) > 1:
        findings.fault(field, N_("导师只填一位。"))
    return named.people[0] if len(named.people) == 1 else None


def _judge_one(
    session: Session, round_: Round, actor: Actor | None, host: int, mentor: int, field: str, findings: Findings
) -> None:
    if mentor == host or mentor in _members_of(session, round_, host):
        findings.fault(field, TWO_POSTS)
    elif actor is not None and actor.person_id == mentor:
        findings.fault(field, N_("您不能定自己为导师，请领导小组的另一位来定。"))


def _members_of(session: Session, round_: Round, host: int) -> Iterable[int]:
    members = outcomes.accepted(session, round_, ApplicationKind.MEMBER)
    return {one.person_id for one in members if one.studio_host_id == host and one.result == ApplicationResult.CHOSEN}


def _told(
    row: dict[str, Any], mentor: int | None, names: Mapping[int, str], standards: Mapping[int, str]
) -> dict[str, Any]:
    name, standard = (names[mentor], standards[row["person"]]) if mentor is not None else ("", None)
    return {**row, "mentor": mentor, "mentor_name": name, "mentor_standard": standard}
