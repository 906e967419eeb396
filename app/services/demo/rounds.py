"""The story of a round of host selection that is over: from its opening to the appointments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import cycle
from typing import Any

from sqlalchemy import select

from app.db.collectives import CollectiveTask
from app.db.queries import ballots as queries
from app.db.rounds import Round
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.ballots import counting, openings, votes
from app.services.collective import collective_closings
from app.services.completions import Completion
from app.services.demo import desk
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.staff import DEMO_PASSWORD
from app.services.demo.world import World
from app.services.timing import ticks, wakes
from app.services.transactions import connection_of

Told = Mapping[str, Any]
MORNING, AFTERNOON, EVENING = (9, 20), (15, 30), (16, 40)
# Months that a round's studios begin after it: with the next semester.
SEMESTERS = ((2, 1), (9, 1))


@dataclass
class Playing:
    """The round while it is played: its case, and the applications' by who made them."""

    world: World
    told: Told
    case: int = 0
    applications: dict[str, int] = field(default_factory=dict)

    @property
    def school(self) -> str:
        """Return the code of the school."""
        return str(self.told["school"])

    @property
    def office(self) -> str:
        """Return who runs the round."""
        return self.world.holder(self.school, "office")

    @property
    def leader(self) -> str:
        """Return who leads the group."""
        return self.world.holder(self.school, "principal")

    @property
    def hosts(self) -> list[str]:
        """Return who applied as a host, the best first."""
        return [self.homeroom(place) for place in self.told["hosts"]]

    def homeroom(self, place: int) -> str:
        """Return a homeroom teacher by place."""
        return self.world.posts[self.school, "homeroom"][place]

    def day(self, name: str) -> date:
        """Return the day of a step."""
        return self.world.days.back(self.told[name])

    def do(self, case: int, element: str, person_id: int, verdict: str, values: Mapping[str, Any]) -> None:
        """Complete a person's open task of a case."""
        query = select(WorkItem).where(WorkItem.instance_id == case, IS_OPEN, WorkItem.element.endswith(element))
        items = self.world.session.scalars(query).all()
        item = next((one for one in items if one.assignee_id == person_id), items[0])
        asked = Completion(revision=item.revision, verdict=verdict, values=values)
        completions.complete(self.world.session, load_actor(self.world.session, person_id), item.id, asked)
        ticks.empty_outbox(self.world.session)

    def wake(self) -> None:
        """Do what is due in the round."""
        wakes.wake(self.world.session, self.case)
        ticks.empty_outbox(self.world.session)

    def task(self, element: str) -> CollectiveTask:
        """Return the latest task of many at an element of the round."""
        wanted = CollectiveTask.instance_id == self.case, CollectiveTask.element.endswith(element)
        query = select(CollectiveTask).where(*wanted).order_by(CollectiveTask.id.desc()).limit(1)
        return self.world.session.scalars(query).one()


def stories(world: World) -> list[Story]:
    """Return the one story of a round."""
    return [_story(Playing(world, load("rounds")["round"]))]


def _story(playing: Playing) -> Story:
    yield clock.at(playing.day("opened"), *MORNING)
    playing.case = desk.start(playing.world, playing.office, "host_selection", playing.school, _opening(playing))
    yield clock.at(playing.day("applied"), *AFTERNOON)
    _apply(playing)
    yield clock.at(playing.day("checked"), *MORNING)
    for case in playing.applications.values():
        playing.do(case, "check_application", playing.world.people[playing.office], "accept", {})
    yield clock.at(playing.day("reviewed"), *MORNING)
    playing.wake()
    _arrange_vote(playing)
    # On one day: holidays of the school between two of them would outlast a deadline.
    yield clock.at(playing.day("reviewed"), *AFTERNOON)
    _score(playing)
    yield from _vote(playing)
    yield from _decide(playing)
    yield clock.at(playing.day("released"), *MORNING)
    playing.do(playing.case, "release_notice", playing.world.people[playing.leader], "accept", {})
    yield clock.at(playing.day("accepted"), *MORNING)
    playing.wake()
    _accept(playing)


def _opening(playing: Playing) -> dict[str, Any]:
    term_from = _next_semester(playing.day("accepted"))
    until = term_from.replace(year=term_from.year + playing.told["years"])
    return {
        **{name: playing.told[name] for name in ("title", "seats")},
        "term_from": term_from.isoformat(),
        "term_until": date.fromordinal(until.toordinal() - 1).isoformat(),
        "apply_from": playing.day("opened").isoformat(),
        "apply_until": playing.day("window_ends").isoformat(),
    }


def _next_semester(day: date) -> date:
    starts = [date(year, *start) for year in (day.year, day.year + 1) for start in SEMESTERS]
    return next(start for start in starts if start > day)


def _apply(playing: Playing) -> None:
    ticks.empty_outbox(playing.world.session)
    round_id = _round_id(playing)
    for place, username in enumerate(playing.hosts):
        told = {name: playing.told[name][place] for name in ("works", "plans", "years_told")}
        filled = {"kind": "host", "work": told["works"], "plan": told["plans"], "stays": True}
        _hand_in(playing, username, {**filled, "round": round_id, "homeroom_years": told["years_told"]})
    for place, host in playing.told["members"]:
        filled = {"kind": "member", "work": playing.told["member_work"], "accepts_allocation": True}
        wished = playing.world.names[playing.hosts[host]]
        _hand_in(
            playing,
            playing.homeroom(place),
            {**filled, "wished_host": wished, "round": round_id, "homeroom_years": 2},
        )


def _hand_in(playing: Playing, username: str, values: dict[str, Any]) -> None:
    case = desk.start(playing.world, username, "host_application", playing.school, {**values, "agreed": True})
    playing.applications[username] = case
    ticks.empty_outbox(playing.world.session)


def _round_id(playing: Playing) -> int:
    return playing.world.session.scalars(select(Round.id).where(Round.instance_id == playing.case)).one()


def _arrange_vote(playing: Playing) -> None:
    keepers = [playing.world.people[username] for username in playing.told["keepers"]]
    chosen = dict(zip(("first", "second", "third"), keepers, strict=True))
    playing.do(playing.case, "arrange_vote", playing.world.people[playing.office], "submit", chosen)


def _score(playing: Playing) -> None:
    """Let every member of the group score every candidate, a point or two up or down."""
    world, people = playing.world, playing.world.people
    query = select(WorkItem.assignee_id).where(WorkItem.collective_id == playing.task("score_candidates").id)
    for member in world.session.scalars(query).all():
        rows = [
            {
                "candidate": people[host],
                "points": [points - world.chance.randint(0, 2) for points in playing.told["points"][place]],
                "opinion": playing.told["opinions"][place],
            }
            for place, host in enumerate(playing.hosts)
        ]
        playing.do(playing.case, "score_candidates", member or 0, "submit", {"scores": rows})


def _vote(playing: Playing) -> Iterator[datetime]:
    world, told, ballot = playing.world, playing.told, playing.task("vote").id
    for username in told["keepers"]:
        openings.set_passphrase(world.session, world.actor(username), ballot, DEMO_PASSWORD)
    yield clock.at(playing.day("reviewed"), *EVENING)
    hosts = [str(world.people[host]) for host in playing.hosts]
    roll = queries.voters_of(connection_of(world.session), ballot)
    for person_id, paper in zip(roll, cycle(told["papers"]), strict=False):
        votes.vote(world.session, load_actor(world.session, person_id), ballot, [hosts[place] for place in paper])
    yield clock.at(playing.day("counted"), *MORNING)
    collective_closings.close(world.session, ballot, playing.case)
    first, second, _third = told["keepers"]
    counting.count(world.session, world.actor(first), ballot, DEMO_PASSWORD)
    for username in (second, first):
        counting.confirm(world.session, world.actor(username), ballot, DEMO_PASSWORD)
    ticks.empty_outbox(world.session)


def _decide(playing: Playing) -> Iterator[datetime]:
    yield clock.at(playing.day("decided"), *MORNING)
    people, leader = playing.world.people, playing.world.people[playing.leader]
    chosen = [people[host] for host in playing.hosts[: playing.told["seats"]]]
    playing.do(playing.case, "determine_hosts", leader, "submit", {"hosts": chosen, "departures": []})
    yield clock.at(playing.day("decided"), *AFTERNOON)
    placed = [
        {"person": people[playing.homeroom(place)], "host": people[playing.hosts[host]]}
        for place, host in playing.told["members"]
    ]
    playing.do(playing.case, "determine_members", leader, "submit", {"members": placed})
    yield clock.at(playing.day("drafted"), *MORNING)
    playing.do(playing.case, "prepare_notice", people[playing.office], "submit", {})


def _accept(playing: Playing) -> None:
    chosen = [*playing.hosts[: playing.told["seats"]], *(playing.homeroom(row[0]) for row in playing.told["members"])]
    for username in chosen:
        case, person_id = playing.applications[username], playing.world.people[username]
        playing.do(case, "accept_appointment", person_id, "accept", {})
