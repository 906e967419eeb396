"""The roll of a ballot against the confirmed list: nobody twice, nobody missing without being named."""

from datetime import date

import pytest
from sqlalchemy import update

from app.db.people import Person, Position
from app.domain import clock
from app.domain.vocabulary import Role
from app.services.ballots import openings, roll_checks, standings
from app.services.ballots.roll_checks import Remark, RollCheck
from app.services.transactions import writing
from tests.integration.ballot_world import KEEPERS, PASSPHRASES, ballot_of, start_vote
from tests.integration.homeroom_world import AUGUST, NOVEMBER, SEPTEMBER_1, Homeroom, staffed
from tests.integration.school import School


@pytest.fixture
def homeroom(world: School) -> Homeroom:
    return staffed(world)


def check(homeroom: Homeroom, ballot_id: int) -> RollCheck:
    homeroom.session.rollback()
    view = standings.ballot_view(homeroom.session, homeroom.school.actor("deputy"), ballot_id)
    return roll_checks.roll_check(homeroom.session, view)


def test_a_roll_goes_by_the_list_and_names_who_is_not_on_it(homeroom: Homeroom) -> None:
    people, school = homeroom.people, homeroom.school
    with clock.frozen(AUGUST):
        homeroom.confirm("一（1）班 甲 丁", "二（1）班 甲", "三（1）班 乙", "四（1）班 戊")
    place = {"organization_id": homeroom.place, "role": Role.HOMEROOM_TEACHER}
    with writing(homeroom.session) as session:
        left = (Position.person_id == people["乙"]) & (Position.role == Role.HOMEROOM_TEACHER)
        session.execute(update(Position).where(left).values(until_on=date(2026, 10, 31)))
        session.execute(update(Person).where(Person.id == people["戊"]).values(is_active=False))
        session.add(Position(person_id=people["丙"], from_on=SEPTEMBER_1, **place))
    with clock.frozen(NOVEMBER):
        ballot_id = ballot_of(homeroom.session, start_vote(school, school.people["office"], assistants_vote=True))
        before = check(homeroom, ballot_id)
        for name in KEEPERS:
            openings.set_passphrase(homeroom.session, school.actor(name), ballot_id, PASSPHRASES[name])
        after = check(homeroom, ballot_id)
    assert before.people == after.people == {people["甲"], people["丁"]}
    assert (before.is_frozen, after.is_frozen, after.list_from_on) == (False, True, SEPTEMBER_1)
    names = {person: homeroom.session.get_one(Person, people[person]).name for person in "甲乙丙戊"}
    told = {
        Remark.GONE: [names["乙"]],
        Remark.UNLISTED: [names["丙"]],
        Remark.CLOSED: [names["戊"]],
        Remark.TWICE: [names["甲"]],
    }
    assert before.names == after.names == told
