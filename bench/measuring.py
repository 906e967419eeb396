"""Time two things side by side: interleaved rounds, medians, so that a busy machine disturbs both alike."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Engine, event

ASIDE = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")
Work = Callable[[], object]


@dataclass(frozen=True)
class Cost:
    """The median of the rounds: by the clock on the wall and by the processor, in milliseconds."""

    wall: float
    cpu: float


def side_by_side(works: Mapping[str, Work], *, rounds: int, warm_up: int = 2) -> dict[str, Cost]:
    """Run each work once a round, and return the median cost of each.

    In another order each time: one that always came after a long work would always find the caches cold.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    names, lot = list(works), Random(1)  # noqa: S311 - an order, not a secret
    for number in range(rounds + warm_up):
        for name in lot.sample(names, len(names)):
            cost = _once(works[name])
            if number >= warm_up:
                taken[name].append(cost)
    return {name: Cost(*map(statistics.median, zip(*costs, strict=True))) for name, costs in taken.items()}


def _once(work: Work) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


@dataclass
class Counted:
    """How many statements were sent (transaction control aside) and how many commits made."""

    statements: int = 0
    commits: int = 0


@contextmanager
def counted(engine: Engine) -> Iterator[Counted]:
    """Count what an engine sends while the block runs."""
    found = Counted()

    def note_statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith(ASIDE):
            found.statements += 1

    def note_commit(_connection: Any) -> None:
        found.commits += 1

    event.listen(engine, "before_cursor_execute", note_statement)
    event.listen(engine, "commit", note_commit)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note_statement)
        event.remove(engine, "commit", note_commit)
