"""What happens in the city from the last evening of August until its ranks are effective."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from app.domain import clock
from bench.september.cities import City, Place

YEAR = 2026
# A token of that evening still holds the next morning.
EVE = clock.at(date(YEAR, 8, 31), 23)
FIRST = clock.at(date(YEAR, 9, 1), 8)
CLOSED = clock.at(date(YEAR, 9, 11), 8)
NOTICED = clock.at(date(YEAR, 9, 22), 8)
# Whatever sends bureaus back to their tasks, they do not go on for ever.
MOST_TURNS = 5


class Act(StrEnum):
    """What people of places are asked to do."""

    APPLY = "apply"
    WORK = "work"


class Platform(Protocol):
    """The platform at work: its clock, its people, and what goes on by itself."""

    def at(self, instant: datetime) -> None:
        """Set the clock."""

    def play(self, act: Act, places: Sequence[Place]) -> int:
        """Let the people of places do something; return how many acts that was."""

    def settle(self) -> None:
        """Wait until nothing goes on by itself any more."""


@dataclass(frozen=True)
class Phase:
    """A part of the story: what it took, and how many acts of people there were."""

    title: str
    seconds: float
    acts: int


def begin(platform: Platform) -> Phase:
    """Let the first of September come: every school's review begins."""

    def come() -> int:
        platform.at(FIRST)
        platform.settle()
        return 0

    return _timed("九月一日，评审自动开始", come)


def go_on(platform: Platform, city: City) -> Iterator[Phase]:
    """Play from the applications to the ranks that are effective."""
    yield _timed("申报", lambda: platform.play(Act.APPLY, city.schools))
    yield _timed("核对、表决、认定", lambda: _work(platform, city.schools))
    platform.at(CLOSED)
    yield _timed("申报截止，拟定、发布公示", lambda: _work(platform, city.schools))
    platform.at(NOTICED)
    yield _timed("公示结束，校长签名单，报送", lambda: _work(platform, city.schools))
    yield _timed("区县审核、汇总、上报", lambda: _work(platform, city.districts))
    yield _timed("市里审核、备案、生效", lambda: _work(platform, [city.bureau]))


def _work(platform: Platform, places: Sequence[Place]) -> int:
    """Let people do what waits for them, until nothing comes after it."""
    platform.settle()
    acts = 0
    for _turn in range(MOST_TURNS):
        done = platform.play(Act.WORK, places)
        platform.settle()
        acts += done
        if not done:
            break
    return acts


def _timed(title: str, act: Callable[[], int]) -> Phase:
    since = time.perf_counter()
    acts = act()
    return Phase(title, time.perf_counter() - since, acts)
