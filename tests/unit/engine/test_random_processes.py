"""Random walks through random processes: the engine, pruned, stored and remembered, beside the token game.

`SHENPI_WALKS` sets how many processes are drawn; a failure tells what was done, in order.
"""

import os
from dataclasses import replace
from random import Random

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import run
from app.engine.changes import Changes
from app.engine.compiler import CompiledProcess
from app.engine.memo import Memo
from tests.random_processes import draw_process
from tests.unit.engine.walking import Walk, Walker

WALKS = int(os.environ.get("SHENPI_WALKS", "120"))
STEPS = 25


def walked(process: CompiledProcess, random: Random) -> Walk:
    """Walk at random and then to the end, comparing at each step."""
    walk = Walk(process, random)
    while not walk.is_ended and len(walk.actions) < STEPS:
        walk.step()
    walk.finish()
    return walk


def repeated(process: CompiledProcess, walk: Walk) -> Walker:
    """Do the same again in another case."""
    again = Walker(process, rules=walk.player.context["rules"])
    again.start(**walk.values)
    for action in walk.actions:
        again.act(action)
    return again


def exact(player: Walker) -> list[tuple[Changes, bytes]]:
    """Return each step's changes so that 1, 1.0 and true are told apart."""
    return [(changes, orjson.dumps(changes.values)) for changes in player.history]


def cancelled(process: CompiledProcess, player: Walker) -> None:
    """End the case from some of the places where it stood: nothing waits any more, nothing is left out."""
    for changes in player.history[::4]:
        waiting = run.waiting_tasks(process, changes.state)
        ended = run.cancel(process, changes.state)
        assert (set(ended.closed), ended.is_ended) == (set(waiting), True)
        assert run.waiting_tasks(process, ended.state) == {}


@settings(max_examples=WALKS, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_engine_goes_the_way_of_the_token_game(seed):
    random = Random(seed)  # noqa: S311 - a seed must give the same again
    process = draw_process(random, size=random.choice((6, 12, 20))).compiled()
    for walk in [walked(process, random) for _ in range(2)]:
        before = process.memo.hits
        assert exact(repeated(process, walk)) == exact(walk.player)
        # What armed a timer, awaited a message or ran an operation is done by the engine again, everything else is known.
        known = [changes for changes in walk.player.history if not did_more(process, changes)]
        assert process.memo.hits - before == len(known)
        cancelled(process, walk.player)
        assert exact(repeated(replace(process, memo=Memo(max_bytes=0)), walk)) == exact(walk.player)


def did_more(process: CompiledProcess, changes: Changes) -> bool:
    return bool(changes.armed or changes.awaited) or any(
        process.element(visit.element).id.startswith("service") for visit in changes.visited
    )
