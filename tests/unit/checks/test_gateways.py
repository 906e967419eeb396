"""Exclusive gateways always find a way on, and each of their ways is taken sometimes."""

from dataclasses import replace

import pytest

from app.engine.checks.facts import Facts
from app.engine.checks.gateways import check_gateways
from app.engine.plans import Plan
from tests.unit.checks.drawing import BEGIN, facts_of, told_by
from tests.unit.engine.playing import border, diagram, element, ends, flow, gateways, line, people, play, start, timer

SIGN = element("userTask", "sign", shenpi_role="principal", shenpi_verdicts="agree return refuse")
PARTS = ("one", "two", "three", "four")


def choose(*conditions: str, default: str = "", between: str = "") -> Facts:
    """Draw a start with a form, a task with a verdict, and a gateway with these conditions."""
    marked = element("exclusiveGateway", "x", **({"default": f"x_to_{default}"} if default else {}))
    named = zip(PARTS, conditions, strict=False)
    ways = [flow("x", name, condition) for name, condition in named]
    extra = [ends(default), flow("x", default)] if default else []
    return facts_of(
        diagram(
            BEGIN, SIGN, marked, ends(*PARTS[: len(conditions)]), line("begin", "sign", "x"), *ways, *extra, between
        )
    )


def found(*conditions: str, default: str = "") -> list[tuple[str, str]]:
    return told_by(check_gateways, choose(*conditions, default=default))


@pytest.mark.parametrize(
    "conditions",
    [
        ("sign.verdict == 'agree'", "sign.verdict in ['return', 'refuse']"),
        ("sign.verdict == 'agree'", "not sign.verdict == 'agree'"),
        ("begin.urgent", "not begin.urgent"),
        ("begin.urgent == true", "begin.urgent == false"),
        ("begin.kind == 'a'", "begin.kind == 'b'", "begin.kind == 'c'"),
        ("begin.kind == 'a' and begin.urgent", "begin.kind == 'a' and not begin.urgent", "begin.kind != 'a'"),
        ("begin.amount < 100", "begin.amount >= 100"),
        ("begin.amount <= 100", "100 < begin.amount <= 200", "begin.amount > 200"),
        ("begin.amount <= 5", "begin.amount >= 6"),
        ("begin.people <= 5", "begin.people >= 6", "begin.people == null"),
        ("begin.note == 'x'", "begin.note != 'x'"),
        ("begin.note == null", "begin.note != null"),
        ("begin.amount > begin.people", "not begin.amount > begin.people"),
        ("params.ready", "not params.ready"),
    ],
)  # fmt: skip
def test_conditions_that_cover_everything_need_no_default(conditions):
    assert found(*conditions) == []


@pytest.mark.parametrize(
    "conditions",
    [
        ("sign.verdict == 'agree'", "sign.verdict == 'return'"),
        ("begin.kind == 'a'", "begin.kind == 'b'"),
        ("begin.urgent", "begin.kind == 'a'"),
        ("begin.amount < 100", "begin.amount > 100"),
        ("begin.amount < 5", "begin.amount > 6"),
        ("begin.people < 5", "begin.people >= 5"),
        ("begin.amount > begin.people", "begin.amount <= begin.people"),
        ("begin.note == 'x'", "begin.note == 'y'"),
        ("params.limit > 3", "params.limit <= 3"),
        ("sum([begin.amount]) > 1", "sum([begin.amount]) == 0"),
    ],
)
def test_where_none_may_hold_a_default_is_asked_for(conditions):
    assert found(*conditions) == [("x", "no-match")]
    assert found(*conditions, default="other") == []


def test_the_sentence_names_a_case_in_which_nothing_holds():
    problem = next(iter(check_gateways(choose("sign.verdict == 'agree'", "sign.verdict == 'return'"))))
    assert "sign.verdict是refuse" in problem.text
    missing = next(iter(check_gateways(choose("begin.people < 5", "begin.people >= 5"))))
    assert "begin.people是空" in missing.text


@pytest.mark.parametrize(
    "condition", ["false", "1 > 2", "begin.amount < 0", "begin.kind == 'a' and begin.kind == 'b'", "sign.verdict == null", "begin.people > 20"]
)  # fmt: skip
def test_a_condition_that_never_holds_is_refused(condition):
    assert found(condition, default="other") == [("x_to_one", "condition")]


def test_a_condition_behind_one_that_says_the_same_is_refused():
    assert found("begin.amount > 5", "begin.amount > 10", default="other") == [("x_to_two", "condition-shadowed")]
    assert found("begin.amount > 10", "begin.amount > 5", default="other") == []


def test_of_two_that_hold_the_engine_takes_the_one_written_first():
    for first, second in (("one", "two"), ("two", "one")):
        text = diagram(
            start(), people("ask", "one", "two"), element("exclusiveGateway", "x", default="x_to_done"), ends("done"),
            line("begin", "ask", "x"), flow("x", "done"), flow("x", first, "ask.n > 1"), flow("x", second, "ask.n > 2"),
            line("one", "done"), line("two", "done"),
        )  # fmt: skip
        assert play(text).start().complete("ask", n=3).at == [first]


def test_a_verdict_may_be_missing_where_the_task_was_passed_by():
    late = (border("late", "sign"), line("late", "x"))
    facts = choose("sign.verdict == 'agree'", "sign.verdict in ['return', 'refuse']", between="".join(late))
    assert ("x", "no-match") in told_by(check_gateways, facts)


def test_a_join_brings_together_what_both_branches_have_answered():
    asks = [element("userTask", name, shenpi_role="principal", shenpi_verdicts="agree return") for name in ("a", "b")]
    facts = facts_of(diagram(
        BEGIN, *asks, gateways("parallel", "fork", "join"), gateways("exclusive", "x"), ends("one", "two"),
        line("begin", "fork", "a", "join", "x"), line("fork", "b", "join"),
        flow("x", "one", "a.verdict == 'agree' and b.verdict == 'agree'"),
        flow("x", "two", "a.verdict == 'return' or b.verdict == 'return'"),
    ))  # fmt: skip
    assert told_by(check_gateways, facts) == []


def test_so_many_answers_that_they_cannot_be_gone_through_ask_for_a_default():
    asks = [
        element("userTask", f"t{place}", shenpi_role="teacher", shenpi_verdicts="agree return") for place in range(13)
    ]
    every = " and ".join(f"t{place}.verdict == 'agree'" for place in range(13))
    text = diagram(
        BEGIN, *asks, gateways("exclusive", "x"), ends("one", "two"), line("begin", *(f"t{place}" for place in range(13)), "x"),
        flow("x", "one", every), flow("x", "two", f"not ({every})"),
    )  # fmt: skip
    assert told_by(check_gateways, facts_of(text)) == [("x", "no-match")]


def test_a_case_that_begins_by_itself_may_lack_what_a_person_must_fill_in():
    facts = choose("begin.amount < 100", "begin.amount >= 100")
    manifest = replace(facts.package.manifest, schedule=Plan("yearly 09-01"))
    assert told_by(check_gateways, facts) == []
    assert told_by(check_gateways, replace(facts, package=replace(facts.package, manifest=manifest))) == [
        ("x", "no-match")
    ]


def test_a_gateway_does_one_thing():
    idle = diagram(start(), people("a"), gateways("exclusive", "x"), ends("done"), line("begin", "x", "a", "done"))
    mixed = diagram(
        start(), people("a", "b"), gateways("parallel", "fork", "x"), ends("one", "two"),
        line("begin", "fork", "a", "x", "one"), line("fork", "b", "x", "two"),
    )  # fmt: skip
    alone = diagram(
        start(), gateways("eventBased", "race"), timer("wait"), ends("done"), line("begin", "race", "wait", "done")
    )
    assert told_by(check_gateways, facts_of(idle, has_form=False)) == [("x", "gateway-idle")]
    assert told_by(check_gateways, facts_of(mixed, has_form=False)) == [("x", "gateway-mixed")]
    assert told_by(check_gateways, facts_of(alone, has_form=False)) == [("race", "event-gateway")]
