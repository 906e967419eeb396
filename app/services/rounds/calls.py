"""The call of a round: everybody who may apply by the conditions is told once, school by school."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.rounds import Round
from app.domain import clock
from app.domain.rounds import ApplicationKind, RoundDate
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind
from app.services import outbox
from app.services.dossiers.explanations import Met
from app.services.homeroom.electorates import electorate
from app.services.rounds import opening
from app.services.rounds.eligibility import own_eligibility
from app.services.telling.notifications import News, tell_each
from app.services.texts import day

WORDS = {
    ApplicationKind.HOST: N_(
        "“%(title)s”开始申报：%(from)s到%(until)s。按规则您可以申报主持人，在“发起”里打开“主持人和成员申报”。"
    ),
    ApplicationKind.MEMBER: N_(
        "“%(title)s”开始申报：%(from)s到%(until)s。按规则您可以申报成员，在“发起”里打开“主持人和成员申报”。"
    ),
}


def call(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell the people of one school whom a round calls; an office above the schools has each of them called."""
    opened = session.get_one(Round, payload["round"])
    place = session.get_one(Organization, payload["organization"])
    if place.kind == OrganizationKind.SCHOOL:
        tell_each(session, [(person, _news(opened, kind)) for person, kind in _eligible(session, opened, place)])
        return
    below = Organization.path.startswith(place.path, autoescape=True), Organization.kind == OrganizationKind.SCHOOL
    for school_id in session.scalars(select(Organization.id).where(*below).order_by(Organization.id)):
        outbox.put(session, opening.CALL, {"round": opened.id, "organization": school_id})


def _eligible(session: Session, opened: Round, school: Organization) -> Iterator[tuple[int, ApplicationKind]]:
    """Yield who misses no condition as host, else as member; what the file does not prove yet keeps nobody away."""
    for line in electorate(session, school.id, clock.today()):
        for kind in (ApplicationKind.HOST, ApplicationKind.MEMBER):
            found = own_eligibility(session, opened, kind, line.person_id, school.id)
            if found is None or all(one.state is not Met.NOT_MET for one in found.conditions):
                yield line.person_id, kind
                break


def _news(opened: Round, kind: ApplicationKind) -> News:
    window = [day(date.fromisoformat(opened.dates[name])) for name in (RoundDate.APPLY_FROM, RoundDate.APPLY_UNTIL)]
    return News(WORDS[kind] % {"title": opened.title, "from": window[0], "until": window[1]})
