"""A small city's September in one process: what `make simulate-september` plays with workers, and the same proof."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.registers import DossierEntry
from app.domain import clock
from app.services.publishing import definitions
from app.services.timing import ticks
from app.services.transactions import writing
from bench.september import cities, proofs, stories
from bench.september.cities import Place
from bench.september.hands import Hands
from bench.september.stories import Act
from tests.databases import copied

SCHOOLS, APPLICANTS = 5, 2


class Alone:
    """The platform in this process, with the clock at an instant."""

    def __init__(self, session: Session) -> None:
        self.session, self.hands = session, Hands(session)
        self.held = ExitStack()

    def at(self, instant: datetime) -> None:
        self.held.close()
        self.held.enter_context(clock.frozen(instant))

    def play(self, act: Act, places: Sequence[Place]) -> int:
        do = self.hands.apply if act == Act.APPLY else self.hands.work
        return sum(map(do, places))

    def settle(self) -> None:
        ticks.tick(self.session)
        ticks.empty_outbox(self.session)
        self.session.rollback()


@pytest.fixture
def alone(empty_sqlite: Path, tmp_path: Path) -> Iterator[Alone]:
    for engine in copied(empty_sqlite, tmp_path):
        with Session(engine) as session:
            platform = Alone(session)
            with platform.held:
                yield platform


def test_every_rank_is_effective_once_and_a_wrong_one_is_found(alone: Alone) -> None:
    session = alone.session
    alone.at(stories.EVE)
    with writing(session):
        definitions.seed_built_in(session, Settings.processes_dir, Settings.forms_dir)
    city = cities.build(session, SCHOOLS, APPLICANTS)
    stories.begin(alone)
    acts = [phase.acts for phase in stories.go_on(alone, city)]
    # Applied; verified, voted by three and determined; posted and released; signed; bureaus.
    assert acts == [10, 50, 10, 5, 4, 2]
    assert list(proofs.faults(session, SCHOOLS, APPLICANTS)) == []
    with writing(session):
        session.execute(update(DossierEntry).where(DossierEntry.id == 1).values(category="senior_1"))
    assert list(proofs.faults(session, SCHOOLS, APPLICANTS)) == ["人、职级、学校、备案号都对：应为 10，实为 9"]
