"""W1: a case of three user-task steps through the services, beside stock SpiffWorkflow with its JSON in one row."""

import os
import statistics
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from bench.databases import Database
from bench.diagrams import FIELDS, Drawing, chain, ten_elements
from bench.figures import Figure, Limit
from bench.measuring import counted, side_by_side
from bench.offices import AGAIN, ONWARD, THREE_STEPS, Offices
from bench.yardstick import Stock

STEPS = len(THREE_STEPS)
BOUND = {"SQLite": 1.7, "PostgreSQL": 1.2}
BOUND_OF_LONGER = 1.5
ROUNDS, SHORT_ROUNDS, WARM_UP = 300, 4, 10
# Tasks that are finished in the long case before it is measured.
BEHIND = 70
STOCK = "SpiffWorkflow 整份 JSON 存一行"


def run(database: Database, *, short: bool) -> list[Figure]:
    """Measure three steps of a case of 10 elements, then single steps with 60 elements behind and ahead."""
    rounds, ten, six = SHORT_ROUNDS if short else ROUNDS, ten_elements(), chain("six", 6, ahead=True)
    behind, ahead = chain("behind", 56, ahead=False), chain("ahead", 56, ahead=True)
    offices = Offices(database, ten, six, behind, ahead)
    figures = _three_steps(database, offices, ten, rounds)
    short_one, *longer = (_Loop(database, offices, drawing) for drawing in (six, behind, ahead))
    longer[0].finish(BEHIND)
    for loop in longer:
        loop.copy_stock(rounds + WARM_UP)
    names = ("前面走过 70 步", "后面还有 56 步")
    return figures + _single_steps(database, short_one, dict(zip(names, longer, strict=True)), rounds)


def _three_steps(database: Database, offices: Offices, drawing: Drawing, rounds: int) -> list[Figure]:
    cases = _Cases(database, offices, drawing)
    works = {"start": cases.start, "steps": cases.steps, "stock start": cases.stock_start, "stock": cases.stock_steps}
    costs = side_by_side(works, rounds=rounds, warm_up=WARM_UP)
    notes = {
        **_sent(database, cases.steps, STEPS),
        "每步 CPU": f"{costs['steps'].cpu / STEPS:.2f} ms",
        "对照每步 CPU": f"{costs['stock'].cpu / STEPS:.2f} ms",
        "一次 fsync": f"{_fsync(database.folder):.2f} ms",
    }
    begun = {**_sent(database, cases.start, 1), "CPU": f"{costs['start'].cpu:.2f} ms"}
    three, stock, start, stock_start = (costs[name].wall for name in ("steps", "stock", "start", "stock start"))
    bound = BOUND[database.name]
    return [
        Figure("W1", "一件事的三步", database.name, three, stock, STOCK, Limit.AT_LEAST, bound, notes=notes),
        Figure("W1", "发起", database.name, start, stock_start, STOCK, notes=begun),
    ]


def _single_steps(database: Database, short: "_Loop", longer: dict[str, "_Loop"], rounds: int) -> list[Figure]:
    stocks = {f"stock {name}": loop.stock_step for name, loop in longer.items()}
    works = {"short": short.step, **{name: loop.step for name, loop in longer.items()}, **stocks}
    costs = side_by_side(works, rounds=rounds, warm_up=WARM_UP)
    return [
        Figure(
            workload="W1",
            name=f"60 个元素，{name}：一步",
            database=database.name,
            cost=costs[name].wall,
            yardstick=costs["short"].wall,
            yardstick_name="10 个元素的一步",
            limit=Limit.AT_MOST,
            bound=BOUND_OF_LONGER,
            notes={
                **_sent(database, loop.step, 1),
                "CPU": f"{costs[name].cpu:.2f} ms",
                "SpiffWorkflow 的一步": f"{costs[f'stock {name}'].wall:.2f} ms",
            },
        )
        for name, loop in longer.items()
    ]


class _Cases:
    """Cases that were started and wait to be moved, ours and the yardstick's."""

    def __init__(self, database: Database, offices: Offices, drawing: Drawing) -> None:
        self._offices, self._drawing = offices, drawing
        self._stock = Stock(database, drawing)
        self._waiting: deque[int] = deque()
        self._rows: deque[int] = deque()
        # Works take turns: some begin a round with a case of the round before.
        self.start()
        self.stock_start()

    def start(self) -> None:
        """Start a case."""
        self._waiting.append(self._offices.start(self._drawing))

    def steps(self) -> None:
        """Move a case to its end."""
        item = self._waiting.popleft()
        for answer in THREE_STEPS:
            item = self._offices.step(item, answer)

    def stock_start(self) -> None:
        """Start a case of the yardstick."""
        self._rows.append(self._stock.start(FIELDS))

    def stock_steps(self) -> None:
        """Move a case of the yardstick to its end."""
        row = self._rows.popleft()
        for answer in THREE_STEPS:
            self._stock.step(row, {**answer.values, "verdict": answer.verdict})


class _Loop:
    """One case that is asked the same task again and again, after some that it has finished.

    The yardstick moves copies of its row as it stands then: SpiffWorkflow keeps every round in the state, and stops
    finding the task that is ready once it lies a few hundred tasks deep (its iterator's `max_depth`).
    """

    def __init__(self, database: Database, offices: Offices, drawing: Drawing) -> None:
        self._offices, self._drawing, self._stock = offices, drawing, Stock(database, drawing)
        self._item, self._row = offices.start(drawing), self._stock.start(FIELDS)
        self._copies: deque[int] = deque()

    def finish(self, tasks: int) -> None:
        """Finish the tasks before the one that is measured, and this one as often as is left."""
        for number in range(1, tasks + 1):
            answer = ONWARD if number < len(self._drawing.tasks) else AGAIN
            self._item = self._offices.step(self._item, answer)
            self._stock.step(self._row, {"verdict": answer.verdict})

    def copy_stock(self, number: int) -> None:
        """Copy the yardstick's row for that many steps."""
        self._copies.extend(self._stock.copies(self._row, number))

    def step(self) -> None:
        """Move our case."""
        self._item = self._offices.step(self._item, AGAIN)

    def stock_step(self) -> None:
        """Move a copy of the yardstick's case."""
        self._stock.step(self._copies.popleft(), {"verdict": AGAIN.verdict})


def _sent(database: Database, work: Callable[[], None], times: int) -> dict[str, str]:
    """Count what a work sends, for each of its steps."""
    with counted(database.engine) as found:
        work()
    return {"每步语句": f"{found.statements / times:.3g}", "每步提交": f"{found.commits / times:.3g}"}


def _fsync(folder: Path) -> float:
    """Return how long the disk takes to keep 4 KiB, in milliseconds."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(50):
            file.write(b"\0" * 4096)
            since = time.perf_counter()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - since) * 1000)
    return statistics.median(taken)
