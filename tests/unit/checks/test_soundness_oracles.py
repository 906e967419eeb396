"""The explorer agrees with others: with a published analyzer on random graphs, and with the engine on what it accepts."""

import os
from random import Random
from typing import Any

import pytest
import rust_bpmn_analyzer_bindings as analyzer

from app.engine.checks.facts import Registry, read_facts
from app.engine.checks.soundness import check_soundness
from tests.random_graphs import Graph, draw_graph
from tests.unit.engine.playing import Player, compiled, package

GRAPHS = int(os.environ.get("SHENPI_RANDOM_GRAPHS", "300"))
WALKS, STEPS = 3, 60
# In a circle these make ever more tokens, and the analyzer never comes to an end.
GROWING = frozenset({"twice", "join-twice", "improper-completion", "bypassed-join", "loop"})
PROPERTIES = (
    analyzer.analyze_safeness,
    analyzer.analyze_option_to_complete,
    analyzer.analyze_proper_completion,
    analyzer.analyze_dead_activities,
)


def rules_broken(graph: Graph) -> set[str]:
    reading = read_facts(package(graph.text()), {}, Registry())
    problems = reading.problems if reading.facts is None else list(check_soundness(reading.facts))
    return {problem.rule for problem in problems}


@pytest.fixture(scope="module")
def judged() -> list[tuple[Graph, set[str]]]:
    graphs = [draw_graph(Random(seed)) for seed in range(GRAPHS)]  # noqa: S311 - nothing secret is drawn
    return [(graph, rules_broken(graph)) for graph in graphs]


def test_the_analyzer_finds_the_same_graphs_sound(judged):
    asked = [(graph, rules) for graph, rules in judged if not (rules & GROWING and graph.has_circles)]
    for graph, rules in asked:
        text = graph.oracle_text()
        is_sound = all(analyze(text).fulfilled for analyze in PROPERTIES)
        assert is_sound is not bool(rules), (graph, rules)
    assert sum(not rules for _graph, rules in asked) > len(asked) / 5
    assert sum(bool(rules) for _graph, rules in asked) > len(asked) / 5


def test_the_engine_never_gets_stuck_in_a_graph_that_was_accepted(judged):
    accepted = [graph for graph, rules in judged if not rules and graph.has_forks]
    assert len(accepted) > GRAPHS / 20
    for place, graph in enumerate(accepted[:40]):
        process = compiled(graph.text())
        for walk in range(WALKS):
            _walk(Player(process), Random(place * WALKS + walk))  # noqa: S311 - nothing secret is drawn


def _walk(player: Player, random: Random) -> None:
    """Let people and timers act in any order; at each point somebody can, and nothing is asked twice at once."""
    player.start()
    for _ in range(STEPS):
        if player.changes.is_ended:
            assert player.changes.outcome == "done"
            assert not player.waiting
            return
        tasks, timers = sorted(player.waiting.values()), sorted(player.timers.values())
        assert tasks or timers
        assert len(set(tasks)) == len(tasks)
        chosen: Any = random.choice(
            [*((player.complete, name) for name in tasks), *((player.wake, name) for name in timers)]
        )
        act, name = chosen
        act(name, **({"n": random.choice((0, 5))} if act == player.complete else {}))
