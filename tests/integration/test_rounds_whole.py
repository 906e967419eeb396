"""A round of a school walks from its opening to the appointments, on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.money import Studio
from app.db.people import Position
from app.db.rounds import Round
from app.db.work import Notification
from app.domain import clock
from app.domain.rounds import ApplicationResult, RoundStage
from app.domain.vocabulary import Role
from app.services.ballots import counting, openings, votes
from app.services.reading.cases import case_view
from app.services.reading.history import timeline
from app.services.starting import starts
from tests.integration.ballot_world import KEEPERS, PASSPHRASES
from tests.integration.prepared import database, school
from tests.integration.round_world import GROUP, Days, Selecting, close_window, selecting, selecting_city
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def days() -> Iterator[Days]:
    found = Days()
    yield found
    found.leave()


def review(world: Selecting, seen: Round, points: dict[int, list[int]]) -> None:
    """Have every member of the group score every candidate."""
    rows = [{"candidate": person, "points": given, "opinion": "好"} for person, given in points.items()]
    for name in GROUP:
        world.respond(seen.instance_id, "score_candidates", world.school.people[name], {"scores": rows})
    world.settle()


def hold_vote(world: Selecting, seen: Round, days: Days, chosen: int, voters: list[int]) -> None:
    """Open the ballot with three passphrases, vote, let it end, and count."""
    ballot, school = world.task_of(seen.instance_id, "vote").id, world.school
    for name in KEEPERS:
        openings.set_passphrase(school.session, school.actor(name), ballot, PASSPHRASES[name])
    for person in voters:
        votes.vote(school.session, world.actor(person), ballot, [str(chosen)])
    due_at = world.task_of(seen.instance_id, "vote").due_at
    assert due_at is not None
    days.go(due_at + timedelta(minutes=1))
    world.settle()
    assert counting.count(school.session, school.actor("deputy"), ballot, PASSPHRASES["deputy"]) is None
    for name in ("finance", "deputy"):
        counting.confirm(school.session, school.actor(name), ballot, PASSPHRASES[name])
    world.settle()


def sees_decision(world: Selecting, person: int, case: int) -> bool:
    """Tell whether a reader of the round's case finds anything of the decision in its values or its history."""
    view = case_view(world.school.session, world.actor(person), case)
    done = [one for one in timeline(world.school.session, view) if (one.element or "").endswith("determine_hosts")]
    path = "decide_hosts/determine_hosts"
    assert [one.element for one in done] == [path]
    return "decide_hosts" in view.values or bool(view.shown(path, {"hosts": [1]})) or bool(done[0].values)


def test_a_round_walks_from_opening_to_appointed(school: School, days: Days) -> None:
    world = selecting(school)
    seen, leader = world.open(), school.people["legal"]
    world.settle()
    assert world.again(seen).stage == RoundStage.APPLYING
    told = set(school.session.scalars(select(Notification.person_id).where(Notification.text.contains("开始申报"))))
    assert told >= {*world.candidates, *world.members}

    hosts = [world.apply(seen, person) for person in world.candidates]
    members = [world.apply(seen, person, "member") for person in world.members]
    for case in (*hosts, *members):
        world.do(case, "check_application", world.office, "accept")
    close_window(world, seen, days)

    case, first, second = seen.instance_id, world.candidates[0], world.candidates[1]
    three = dict(zip(("first", "second", "third"), (school.people[name] for name in KEEPERS), strict=True))
    world.do(case, "arrange_vote", world.office, values=three)
    assert world.again(seen).stage == RoundStage.REVIEWING
    review(world, seen, {person: [30 - place, 25, 20, 18] for place, person in enumerate(world.candidates)})
    hold_vote(world, seen, days, first, [*world.candidates, *world.members])
    assert (world.again(seen).results or {})["answered"] == len(world.candidates) + len(world.members)

    world.do(case, "determine_hosts", leader, values={"hosts": [first], "departures": []})
    assert world.again(seen).stage == RoundStage.DECIDING
    # Whoever voted sees the round's case; who was chosen and why, only whoever decides and prepares it.
    readers = (leader, world.office, first, second, world.members[0])
    assert [one for one in readers if sees_decision(world, one, case)] == [leader, world.office]
    placed = [{"person": one, "host": first} for one in world.members]
    world.do(case, "determine_members", leader, values={"members": placed})
    world.do(case, "prepare_notice", world.office)
    world.do(case, "release_notice", leader, "accept")
    assert world.again(seen).stage == RoundStage.NOTICING
    days.go(clock.now() + timedelta(days=15))
    world.settle()
    for chosen in (hosts[0], *members):
        world.do(chosen, "accept_appointment", world.application(chosen).person_id, "accept")
    world.settle()

    ended = world.again(seen)
    assert (ended.stage, world.case_of(seen).outcome) == (RoundStage.ENDED, "appointed")
    assert [world.application(one).result for one in hosts] == [
        ApplicationResult.APPOINTED,
        ApplicationResult.NOT_CHOSEN,
        ApplicationResult.NOT_CHOSEN,
    ]
    studio = school.session.scalars(select(Studio).where(Studio.name.contains("老师0"))).one()
    posts = select(Position.person_id, Position.role).where(Position.studio_id == studio.id)
    assert set(map(tuple, school.session.execute(posts))) == {
        (first, Role.STUDIO_HOST),
        *((one, Role.STUDIO_MEMBER) for one in world.members),
    }
    assert second not in {person for person, _role in school.session.execute(posts)}


def test_a_citys_round_climbs_from_schools_votes_not_and_leaves_members_to_the_host(school: School, days: Days) -> None:
    world = selecting_city(school)
    seen, candidate = world.open("city", term_from=clock.today().isoformat()), world.candidates[0]
    world.settle()
    applied = world.apply(seen, candidate)
    world.do(applied, "recommend_in_school", school.people["legal"], "agree")
    world.do(applied, "recommend_in_district", world.holder(Role.BUREAU_REVIEWER), "agree")
    world.do(applied, "check_in_bureau", world.office, "accept")
    close_window(world, seen, days)

    # No vote: the group of the city reviews, and its leader decides.
    case, leader = seen.instance_id, world.holder(Role.LEADERSHIP_GROUP_LEADER)
    rows = [{"candidate": candidate, "points": [30, 28, 18, 17], "opinion": "好"}]
    for person in (leader, *(world.holder(Role.LEADERSHIP_GROUP_MEMBER, one) for one in range(2))):
        world.respond(case, "score_candidates", person, {"scores": rows})
    world.settle()
    assert not (world.again(seen).results or {})["tally"]
    world.do(case, "determine_hosts", leader, values={"hosts": [candidate], "departures": []})
    mentors = [{"host": candidate, "mentor": "legal", "standard": "principal"}]
    world.do(case, "determine_mentors", leader, values={"mentors": mentors})
    world.do(case, "prepare_bureau_notice", world.office)
    world.do(case, "release_notice", leader, "accept")
    days.go(clock.now() + timedelta(days=15))
    world.settle()
    world.do(applied, "accept_appointment", candidate, "accept")
    world.settle()
    assert (world.again(seen).stage, world.case_of(seen).outcome) == (RoundStage.ENDED, "appointed")
    assert world.application(applied).result == ApplicationResult.APPOINTED

    # The members are the host's to recruit, each with the consent of the member's school.
    session, place = school.session, school.organizations["school"]
    studio = session.scalars(select(Studio).where(Studio.name.contains("老师0"))).one().id
    asked = {"studio": studio, "member": "other_host", "reason": "长于班级文化建设", "agreed": True}
    consent = starts.start(session, world.actor(candidate), "member_consent", place, asked).instance
    school.act(consent, "other_legal", "agree")
    held = select(Position.person_id, Position.role).where(Position.studio_id == studio).order_by(Position.role)
    assert list(map(tuple, session.execute(held))) == [
        (candidate, Role.STUDIO_HOST),
        (school.people["other_host"], Role.STUDIO_MEMBER),
        (school.people["legal"], Role.STUDIO_MENTOR),
    ]
