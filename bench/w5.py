"""W5, secret ballots: a vote costs the same with 100 voters and with 10,000, and counting them all takes seconds."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

from nacl.public import PrivateKey, SealedBox
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.db.ballots import Ballot, BallotSeat
from app.db.base import table_of
from app.db.collectives import CollectiveTask
from app.db.people import Position
from app.domain import ballots, clock
from app.domain.identity import Actor
from app.domain.vocabulary import Role
from app.engine.package import load_package
from app.services.accounts.actors import load_actor
from app.services.ballots import counting, envelopes, openings, votes
from app.services.collective import collective_closings
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from bench.databases import Database
from bench.figures import Figure, Limit
from bench.measuring import counted, side_by_side
from bench.w3 import school_of

WORKLOAD = "W5"
ROOT = Path(__file__).parents[1]
SIZES, SHORT_SIZES = (100, 10_000), (20, 60)
ROUNDS, SHORT_ROUNDS = 40, 6
COUNTS = 3
MOST_GROWTH, MOST_TIMES_OPENED = 1.3, 2.0
SPOKEN = "半亩方塘 一鉴 开"
NAMES = 9


def run(database: Database, *, short: bool) -> list[Figure]:
    """Measure votes at both sizes in turn, then the count of the larger one."""
    sizes = SHORT_SIZES if short else SIZES
    with Session(database.engine) as session:
        ballot, calling = (load_package(key, ROOT / "processes", ROOT / "forms") for key in ("ballot", "school_vote"))
        with writing(session):
            definitions.publish_built_in(session, ballot)
            definitions.publish_built_in(session, calling, {ballot.key: ballot})
        held = {size: _Held(session, size) for size in sizes}
        with counted(database.engine) as sent:
            held[sizes[0]].vote()
        works: dict[str, Callable[[], object]] = {str(size): one.vote for size, one in held.items()}
        costs = side_by_side(works, rounds=SHORT_ROUNDS if short else ROUNDS)
        held[sizes[-1]].end()
        both: dict[str, Callable[[], object]] = {"count": held[sizes[-1]].count, "open": _bare_opening(sizes[-1])}
        counts = side_by_side(both, rounds=1 if short else COUNTS, warm_up=1)
    small, large = (costs[str(size)].wall for size in sizes)
    told = {"语句": str(sent.statements), "提交": str(sent.commits)}
    name, beside = f"{sizes[-1]} 人投票，一票", f"{sizes[0]} 人时"
    return [
        Figure(WORKLOAD, name, database.name, large, small, beside, Limit.AT_MOST, MOST_GROWTH, notes=told),
        Figure(
            WORKLOAD,
            f"{sizes[-1]} 张选票，计票一次",
            database.name,
            counts["count"].wall,
            counts["open"].wall,
            "算一次口令、只拆同样多个信封",
            Limit.AT_MOST,
            MOST_TIMES_OPENED,
            notes={"处理器": f"{counts['count'].cpu:.0f} ms"},
        ),
    ]


class _Held:
    """A ballot that a number of people vote in; three of them are its scrutineers."""

    def __init__(self, session: Session, size: int) -> None:
        self._session = session
        school, office = school_of(session, size)
        self._people = _people(session, school, office)
        self.ballot_id = self._start(school, office.person_id)
        self._voters = self._next_voters()

    def vote(self) -> None:
        """Let the next voter vote."""
        votes.vote(self._session, next(self._voters), self.ballot_id, ["1", "3"])

    def end(self) -> None:
        """Fill every seat, let the deadline pass, and let one scrutineer open the ballots."""
        session, seat = self._session, table_of(BallotSeat)
        public_key = session.get_one(Ballot, self.ballot_id).public_key or b""
        filled = update(seat).where(seat.c.ballot_id == self.ballot_id, seat.c.person_id == bindparam("voter"))
        rows = [{"voter": one, "sealed": _envelope(one, public_key)} for one in self._people]
        with writing(session):
            session.connection().execute(filled.values(envelope=bindparam("sealed")), rows)
        due_at = session.get_one(CollectiveTask, self.ballot_id).due_at or clock.now()
        with clock.frozen(due_at + timedelta(minutes=1)):
            collective_closings.sweep(session)
        counting.count(session, load_actor(session, self._people[0]), self.ballot_id, SPOKEN)

    def count(self) -> None:
        """Count all ballots once more."""
        found = counting.count(self._session, load_actor(self._session, self._people[1]), self.ballot_id, SPOKEN)
        assert found is not None  # noqa: S101 - a measurement of nothing is none
        assert found.tally.answered == len(self._people)  # noqa: S101

    def _start(self, school: int, office_id: int) -> int:
        session, (first, second, third) = self._session, self._people[:3]
        values = {
            "topic": "投票",
            "names": [{"name": f"候选人{number}", "hint": ""} for number in range(NAMES)],
            "seats": 3,
            "working_days": 3,
            "custody": "scrutineers",
            "first": first,
            "second": second,
            "third": third,
        }
        instance = starts.start(session, load_actor(session, office_id), "school_vote", school, values).instance
        found = select(CollectiveTask.id).where(CollectiveTask.instance_id == instance)
        ballot_id = session.scalars(found).one()
        for person_id in (first, second, third):
            openings.set_passphrase(session, load_actor(session, person_id), ballot_id, SPOKEN)
        return ballot_id

    def _next_voters(self) -> Iterator[Actor]:
        loaded = [load_actor(self._session, one) for one in self._people[:ROUNDS]]
        self._session.rollback()
        return cycle(loaded)


def _people(session: Session, school: int, office: Actor) -> list[int]:
    """Make the asker the office, and return the voters."""
    since = clock.today() - timedelta(days=30)
    place = partial(Position, organization_id=school, from_on=since)
    with writing(session):
        session.add(place(person_id=office.person_id, role=Role.MORAL_EDUCATION_OFFICE))
    query = select(Position.person_id).where(Position.organization_id == school, Position.role == Role.HOMEROOM_TEACHER)
    return list(session.scalars(query.order_by(Position.person_id)))


def _bare_opening(number: int) -> Callable[[], object]:
    """Return a work that derives a key from a passphrase and opens as many envelopes, by libsodium alone."""
    salt, private = envelopes.new_salt(), PrivateKey.generate()
    sealed = [_envelope(one, bytes(private.public_key)) for one in range(number)]

    def work() -> None:
        envelopes.key_of(SPOKEN, salt)
        box = SealedBox(private)
        for one in sealed:
            box.decrypt(one)

    return work


def _envelope(voter: int, public_key: bytes) -> bytes:
    chosen = (voter % NAMES, (voter + 1) % NAMES)
    return envelopes.seal(ballots.pack(chosen, voter.to_bytes(ballots.RECEIPT_BYTES, "big")), public_key)
