"""Unsound control flow is refused with the element and the path to it; what is sound raises no alarm."""

from random import Random

import pytest

from app.engine.checks.facts import Registry, read_facts
from app.engine.checks.soundness import check_soundness
from app.engine.problems import Problem
from tests.random_processes import draw_process
from tests.unit.engine.playing import (
    border,
    call,
    diagram,
    element,
    ends,
    flow,
    gateways,
    line,
    package,
    people,
    service,
    start,
    timer,
    within,
)

DONE = ends("done")
STOPPED = element("endEvent", "stopped", "<bpmn:terminateEventDefinition/>")


def problems(*body: str, key: str = "case") -> list[Problem]:
    return found_in(diagram(*body, key=key), key)


def found_in(text: str, key: str = "case") -> list[Problem]:
    reading = read_facts(package(text, key), {}, Registry())
    assert reading.facts is not None, [problem.text for problem in reading.problems]
    return list(check_soundness(reading.facts))


def found(*body: str) -> list[tuple[str, str]]:
    told = problems(*body)
    for problem in told:
        assert "请" in problem.text
        assert problem.text.endswith("。")
    return [(problem.element, problem.rule) for problem in told]


def choice(name: str, default: str) -> str:
    return element("exclusiveGateway", name, default=f"{name}_to_{default}")


FORK = (start(), gateways("parallel", "fork", "join"), people("a", "b"), line("begin", "fork", "a"), line("fork", "b"))
CHOICE = (
    start(),
    people("ask", "a", "b"),
    choice("x", "a"),
    line("begin", "ask", "x", "a"),
    flow("x", "b", "ask.n > 1"),
)


def test_branches_that_are_joined_as_they_were_parted_are_sound():
    assert found(*FORK, DONE, line("a", "join", "done"), line("b", "join")) == []
    assert found(*CHOICE, gateways("exclusive", "m"), DONE, line("a", "m", "done"), line("b", "m")) == []
    assert found(*CHOICE, ends("done", "other"), line("a", "done"), line("b", "other")) == []


def test_a_join_behind_a_choice_waits_for_ever():
    told = problems(*CHOICE, gateways("parallel", "join"), DONE, line("a", "join", "done"), line("b", "join"))
    assert [(problem.element, problem.rule) for problem in told] == [("join", "deadlock")]
    assert "begin → ask → x → a → join" in told[0].text
    assert "“b”" in told[0].text


def test_a_merge_behind_a_fork_is_passed_twice():
    told = problems(*FORK[:1], gateways("parallel", "fork"), *FORK[2:], gateways("exclusive", "m"), people("c"), DONE,
                    line("a", "m", "c", "done"), line("b", "m"))  # fmt: skip
    assert [(problem.element, problem.rule) for problem in told] == [("c", "twice")]
    assert "begin → fork → a → m → b → m → c" in told[0].text


def test_two_tokens_come_to_one_end_or_to_two():
    parted = (start(), gateways("parallel", "fork"), people("a", "b"), line("begin", "fork", "a"), line("fork", "b"))
    assert found(*parted, DONE, line("a", "done"), line("b", "done")) == [("done", "improper-completion")]
    told = problems(*parted, ends("done", "other"), line("a", "done"), line("b", "other"))
    assert [(problem.element, problem.rule) for problem in told] == [("done", "improper-completion")]
    assert "“b”还没有办完" in told[0].text
    assert found(*parted, ends("done"), STOPPED, line("a", "done"), line("b", "stopped")) == [
        ("done", "improper-completion")
    ]
    assert (
        found(
            *FORK,
            DONE,
            STOPPED,
            choice("x", "join"),
            line("a", "x", "join", "done"),
            line("b", "join"),
            flow("x", "stopped", "a.n > 1"),
        )
        == []
    )


def test_one_flow_of_a_join_gets_two_tokens():
    body = (
        *FORK,
        people("c"),
        gateways("exclusive", "m"),
        line("fork", "c", "join"),
        DONE,
        line("a", "m", "join", "done"),
        line("b", "m"),
    )
    assert found(*body) == [("join", "join-twice")]


def test_an_exit_from_a_parallel_branch_bypasses_the_join():
    branch = (*FORK, DONE, line("a", "join", "done"), line("b", "join"), border("late", "a"))
    for target in (
        (ends("lapsed"), line("late", "lapsed")),
        (people("c"), ends("lapsed"), line("late", "c", "lapsed")),
        (people("c"), line("late", "c"), line("c", "done")),
    ):
        told = problems(*branch, *target)
        assert [(problem.element, problem.rule) for problem in told] == [("late", "bypassed-join")]
        assert "fork → late" in told[0].text
    assert found(*branch, STOPPED, line("late", "stopped")) == []
    assert found(*branch, STOPPED, people("c"), line("late", "c", "stopped")) == []
    back = (
        *FORK,
        DONE,
        gateways("exclusive", "m"),
        line("a", "m", "join", "done"),
        line("b", "join"),
        border("late", "a"),
        line("late", "m"),
    )
    assert found(*back) == []
    assert found(*branch, people("c"), line("late", "c", "join")) == [("join", "deadlock")]


def test_what_nothing_leads_out_of_is_a_trap():
    trap = (start(), people("ask", "a", "b"), choice("x", "done"), gateways("exclusive", "m"), DONE, choice("y", "m"),
            line("begin", "ask", "x", "done"), flow("x", "m", "ask.n > 1"), line("m", "a", "y", "m"), flow("y", "b", "a.n > 1"),
            line("b", "m"))  # fmt: skip
    told = problems(*trap)
    assert [(problem.element, problem.rule) for problem in told] == [("a", "livelock")]
    assert "begin → ask → x → m → a" in told[0].text


def test_an_element_behind_what_never_comes_is_dead():
    inner = within("part", start("open"), people("one"), element("endEvent", "shut"), line("open", "one", "shut"))
    assert found(start(), inner, DONE, line("begin", "part", "done")) == []
    service_only = (
        start(),
        service("s", "check_expense"),
        border("late", "s"),
        ends("done", "lapsed"),
        line("begin", "s", "done"),
        line("late", "lapsed"),
    )
    assert found(*service_only) == []


def test_a_subprocess_is_a_scope_of_its_own():
    parted = (
        start("open"),
        gateways("parallel", "fork", "join"),
        people("a", "b"),
        line("open", "fork", "a", "join"),
        line("fork", "b", "join"),
    )
    good = within("part", *parted, ends("shut"), line("join", "shut"))
    bad = within("part", *parted[:1], gateways("parallel", "fork"), people("a", "b"), line("open", "fork", "a"), line("fork", "b"),
                 ends("shut"), line("a", "shut"), line("b", "shut"))  # fmt: skip
    around = (start(), DONE, line("begin", "part", "done"))
    assert found(*around, good) == []
    assert found(*around, good, border("late", "part"), ends("lapsed"), line("late", "lapsed")) == []
    assert found(*around, bad) == [("shut", "improper-completion")]
    stop = within("part", *parted[:1], gateways("parallel", "fork"), people("a", "b"), line("open", "fork", "a"), line("fork", "b"),
                  STOPPED, line("a", "stopped"), line("b", "stopped"))  # fmt: skip
    assert found(*around, stop) == []


def test_a_reminder_ends_by_itself():
    host = (start(), people("a"), border("soon", "a", interrupting=False), DONE, line("begin", "a", "done"))
    assert found(*host, service("tell", "check_expense"), ends("told"), line("soon", "tell", "told")) == []
    assert found(*host, people("b"), ends("told"), line("soon", "b", "told")) == []
    assert found(*host, STOPPED, line("soon", "stopped")) == []
    told = problems(*host, people("b"), line("soon", "b", "done"))
    assert [(problem.element, problem.rule) for problem in told] == [("soon", "reminder-merges")]
    assert "begin → a → soon → b → done" in told[0].text
    again = (
        start(),
        people("a"),
        choice("x", "done"),
        gateways("exclusive", "m"),
        DONE,
        line("begin", "m", "a", "x", "done"),
        flow("x", "m", "a.n > 1"),
    )
    assert (
        found(*again, border("soon", "a", interrupting=False), people("b"), ends("told"), line("soon", "b", "told"))
        == []
    )
    forked = (
        *host,
        gateways("parallel", "f"),
        people("c", "d"),
        ends("told", "other"),
        line("soon", "f", "c", "told"),
        line("f", "d", "other"),
    )
    assert found(*forked) == [("told", "improper-completion")]


def test_events_race_and_calls_are_waited_for():
    race = (start(), gateways("eventBased", "race"), timer("first"), timer("second"), call("panel", "review"), gateways("exclusive", "m"), DONE,
            line("begin", "race", "first", "panel", "m", "done"), line("race", "second", "m"))  # fmt: skip
    assert found(*race) == []
    joined = (*race[:5], gateways("parallel", "m"), *race[6:])
    assert found(*joined) == [("m", "deadlock")]


def test_the_same_question_is_answered_the_same_way_twice():
    """Two forks and joins that the same verdict decides are sound together, though not each for itself."""

    def twice(second: str, between: str = "") -> list[tuple[str, str]]:
        return found(
            start(), element("userTask", "ask", shenpi_role="teacher", shenpi_verdicts="agree return"), people("a", "b", "c"), DONE,
            gateways("parallel", "fork", "join"), choice("x", "m"), choice("y", "m2"), gateways("exclusive", "m", "m2", "m3"),
            # When agreed, b runs beside a, and is waited for.
            line("begin", "ask", "x"), flow("x", "fork", "ask.verdict == 'agree'"), line("fork", "b", "join"), line("fork", "m"),
            line("x", "m", "a", "y"), flow("y", "join", second), line("join", "m3"), line("y", "m2", "c", "m3", "done"), between,
        )  # fmt: skip

    assert twice("ask.verdict == 'agree'") == []
    assert twice("ask.verdict != 'return' and ask.verdict != null") == []
    assert twice("ask.verdict == 'return'") != []
    assert twice("a.n > 1") != []


def test_too_many_positions_are_refused():
    names = [f"t{place}" for place in range(16)]
    branches = (line("fork", name, "join") for name in names)
    body = (
        start(),
        people(*names),
        gateways("parallel", "fork", "join"),
        DONE,
        line("begin", "fork"),
        line("join", "done"),
        *branches,
    )
    assert found(*body) == [("begin", "too-complicated")]


@pytest.mark.parametrize("seed", range(60))
def test_processes_that_are_sound_by_construction_are_accepted(seed):
    drawing = draw_process(Random(seed), size=20)  # noqa: S311 - nothing secret is drawn
    for key, text in {"case": drawing.text, **drawing.callees}.items():
        assert found_in(text, key) == []
