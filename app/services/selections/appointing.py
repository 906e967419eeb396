"""Appointing: a studio for each host with its members, their posts from the term's first day, their letters."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import Studio
from app.db.people import Person
from app.db.rounds import Application, Round
from app.db.selections import AppointmentLetter
from app.domain import canonical, clock
from app.domain.errors import Conflict
from app.domain.rounds import ApplicationKind, ApplicationResult
from app.domain.serial import verification_code
from app.domain.text import N_, sentence
from app.domain.vocabulary import Programme, Role, StudioLevel
from app.services.selections import lists
from app.services.selections.answers import has_declined
from app.services.studios.rosters import Roster
from app.services.studios.staffing import restaff

LEVELS = {Programme.SCHOOL_STUDIO: StudioLevel.SCHOOL, Programme.CITY_STUDIO: StudioLevel.CITY}
STUDIO_NAME = N_("%(name)s名班主任工作室")
LATER_NAME = N_("%(name)s名班主任工作室（%(from)d—%(until)d）")


def appoint(session: Session, round_: Round, working_days: int) -> Sequence[AppointmentLetter]:
    """Appoint all who were chosen, stood on a notice long enough and did not decline.

    Raises Conflict where somebody did not stand: no diagram leads round the public notice.
    """
    meant = [one for one in lists.chosen(session, round_) if not has_declined(one)]
    _require_notice(session, round_, meant, working_days)
    hosts = [one for one in meant if one.kind == ApplicationKind.HOST]
    letters = [letter for host in hosts for letter in _found_studio(session, round_, host, meant)]
    session.add_all(letters)
    # Members whose host is gone with nobody in the place: the end of the round tells them.
    for one in meant:
        one.result = ApplicationResult.RESERVE
    for letter in letters:
        letter.application.result = ApplicationResult.APPOINTED
    session.flush()
    return letters


def _require_notice(session: Session, round_: Round, meant: Iterable[Application], working_days: int) -> None:
    known = lists.stood(session, round_, working_days)
    missing = "、".join(one.person.name for one in meant if one.person_id not in known)
    if missing:
        raise Conflict(N_("%(names)s还没有公示满规定的天数，不能聘任。"), names=missing)


def _found_studio(
    session: Session, round_: Round, host: Application, meant: Sequence[Application]
) -> list[AppointmentLetter]:
    members = [one for one in meant if one.studio_host_id == host.person_id]
    studio = Studio(
        organization=host.organization,
        name=_name_for(session, round_, host),
        level=LEVELS[Programme(round_.programme)],
        programme=round_.programme,
        from_on=round_.term_from,
        until_on=round_.term_until,
    )
    session.add(studio)
    session.flush()
    begins_on = min(max(clock.today(), studio.from_on), studio.until_on)
    roster = Roster(host.person_id, tuple(one.person_id for one in members), host.mentor_id)
    restaff(session, studio, roster, clock.today(), begins_on)
    posts = [(host, host.person, Role.STUDIO_HOST), *((one, one.person, Role.STUDIO_MEMBER) for one in members)]
    mentor = [(host, host.mentor, Role.STUDIO_MENTOR)] if host.mentor is not None else []
    return [_letter(*post, studio, begins_on) for post in (*posts, *mentor)]


def _letter(application: Application, person: Person, role: Role, studio: Studio, begins_on: date) -> AppointmentLetter:
    said = {
        "application": application.id,
        "person": person.id,
        "studio": studio.id,
        "role": str(role),
        "from_on": begins_on.isoformat(),
        "until_on": studio.until_on.isoformat(),
    }
    return AppointmentLetter(
        application=application,
        person=person,
        studio=studio,
        role=role,
        from_on=begins_on,
        until_on=studio.until_on,
        content_hash=canonical.content_hash(said),
        code=verification_code(),
    )


def _name_for(session: Session, round_: Round, host: Application) -> str:
    """Return a name that no studio of the school has: a host may have led one before."""
    name = sentence(STUDIO_NAME, name=host.person.name).chinese()
    there = select(Studio.id).where(Studio.organization_id == host.organization_id, Studio.name == name)
    if session.scalar(there) is None:
        return name
    years = {"from": round_.term_from.year, "until": round_.term_until.year}
    return sentence(LATER_NAME, name=host.person.name, **years).chinese()
