"""The story of a secret ballot in mid-course: three scrutineers are ready, some have voted, others have yet to."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from sqlalchemy import select

from app.db.collectives import CollectiveTask
from app.db.queries import ballots as queries
from app.domain import clock
from app.services.accounts.actors import load_actor
from app.services.ballots import openings, votes
from app.services.demo import desk
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.staff import DEMO_PASSWORD
from app.services.demo.world import World
from app.services.transactions import connection_of

Told = Mapping[str, Any]
# Asking for the vote, the last scrutineer's passphrase, and when people vote on that day and the next.
ASKED, READY, FIRST, SECOND = (9, 10), (10, 30), (15, 40), (11, 20)


def stories(world: World) -> list[Story]:
    """Return the one story of a ballot."""
    return [_story(world, load("votes")["vote"])]


def _story(world: World, told: Told) -> Story:
    opened = world.days.back(told["opened"])
    yield clock.at(opened, *ASKED)
    instance = desk.start(
        world, world.holder(told["school"], "office"), "school_vote", told["school"], _asked(world, told)
    )
    ballot_id = world.session.scalars(select(CollectiveTask.id).where(CollectiveTask.instance_id == instance)).one()
    yield clock.at(opened, *READY)
    for username in told["keepers"]:
        openings.set_passphrase(world.session, world.actor(username), ballot_id, DEMO_PASSWORD)
    waiting = {world.people[username] for username in told["waiting"]}
    roll = queries.voters_of(connection_of(world.session), ballot_id)
    voters = [person_id for person_id in roll if person_id not in waiting]
    papers = cycle(told["papers"])
    yield clock.at(opened, *FIRST)
    _vote(world, ballot_id, voters[: told["first"]], papers)
    yield clock.at(world.days.back(told["opened"] - 1), *SECOND)
    _vote(world, ballot_id, voters[told["first"] :][: told["second"]], papers)


def _asked(world: World, told: Told) -> dict[str, Any]:
    """Return what the office fills in."""
    homeroom = world.posts[told["school"], "homeroom"]
    names = [{"name": world.names[homeroom[place]], "hint": hint} for place, hint in told["names"]]
    keepers = [world.people[username] for username in told["keepers"]]
    return {
        "topic": told["topic"].format(year=world.days.today.year),
        "names": names,
        "custody": "scrutineers",
        **{name: told[name] for name in ("seats", "places", "working_days")},
        **dict(zip(("first", "second", "third"), keepers, strict=True)),
    }


def _vote(world: World, ballot_id: int, voters: Sequence[int], papers: Iterator[list[int]]) -> None:
    for person_id, paper in zip(voters, papers, strict=False):
        actor = load_actor(world.session, person_id)
        votes.vote(world.session, actor, ballot_id, [str(place) for place in paper])
