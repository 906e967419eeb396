"""Lanes, depth, calls and borders say what can be."""

import pytest

from app.engine.checks.callees import check_callees
from app.engine.checks.lanes import MAX_DEPTH, check_depth, check_lanes
from app.engine.checks.paths import check_paths
from tests.unit.checks.drawing import facts_of, told_by
from tests.unit.engine.playing import border, call, diagram, ends, line, package, people, service, start, within

PLAIN = (start(), people("sign"), ends("done"), line("begin", "sign", "done"))


def lanes(*inside: tuple[str, str]) -> str:
    body = "".join(f'<bpmn:lane id="{name}" name="{name}">{body}</bpmn:lane>' for name, body in inside)
    return f'<bpmn:laneSet id="lanes">{body}</bpmn:laneSet>'


def held(*names: str) -> str:
    return "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in names)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (lanes(("one", held("begin", "sign")), ("two", held("done"))), []),
        (lanes(("one", held("begin", "sign")), ("two", held("sign"))), [("sign", "lane")]),
        (lanes(("one", held("nobody"))), [("one", "lane")]),
        (lanes(("one", held("sign"))).replace(' name="one"', ""), [("one", "lane")]),
        (lanes(("one", held("sign") + f'<bpmn:childLaneSet id="c"><bpmn:lane id="in" name="in">{held("sign")}</bpmn:lane></bpmn:childLaneSet>')), []),
    ],
)  # fmt: skip
def test_a_node_stands_in_one_lane_that_has_a_name(drawn, expected):
    assert told_by(check_lanes, facts_of(diagram(drawn, *PLAIN), has_form=False)) == expected


def nested(depth: int) -> str:
    if not depth:
        return ""
    name = f"p{depth}"
    inner = nested(depth - 1)
    first = f"p{depth - 1}" if depth > 1 else f"t{depth}"
    body = inner or people(first)
    return within(name, start(f"s{depth}"), body, ends(f"e{depth}"), line(f"s{depth}", first, f"e{depth}"))


def test_subprocesses_are_not_nested_without_end():
    for depth, expected in ((MAX_DEPTH, []), (MAX_DEPTH + 1, [("p1", "depth")])):
        text = diagram(start(), nested(depth), ends("done"), line("begin", f"p{depth}", "done"))
        assert told_by(check_depth, facts_of(text, has_form=False)) == expected


def test_a_border_event_stands_at_what_takes_time():
    hosts = (
        start(),
        people("sign"),
        service("check", "check_expense"),
        ends("done", "late"),
        line("begin", "sign", "check", "done"),
    )
    at_person = facts_of(diagram(*hosts, border("soon", "sign"), line("soon", "late")), has_form=False)
    at_system = facts_of(diagram(*hosts, border("soon", "check"), line("soon", "late")), has_form=False)
    assert told_by(check_paths, at_person) == []
    assert told_by(check_paths, at_system) == [("soon", "boundary-host")]


def calling(key: str, called: str, extensions: str = "") -> str:
    return diagram(start(), call("panel", called, extensions), ends("done"), line("begin", "panel", "done"), key=key)


def test_a_call_names_another_process_that_is_there():
    review = package(diagram(*PLAIN, key="review"), "review")
    back = package(calling("review", "case"), "review")
    assert told_by(check_callees, facts_of(calling("case", "review"), review, has_form=False)) == []
    assert told_by(check_callees, facts_of(calling("case", ""), has_form=False)) == [("panel", "callee")]
    assert told_by(check_callees, facts_of(calling("case", "other"), review, has_form=False)) == [("panel", "callee")]
    assert told_by(check_callees, facts_of(calling("case", "case"), has_form=False)) == [("panel", "callee-circle")]
    assert told_by(check_callees, facts_of(calling("case", "review"), back, has_form=False)) == [
        ("panel", "callee-circle")
    ]


def test_a_parameter_is_called_as_the_called_process_calls_it():
    body = people("sign").replace(
        'shenpi:role="teacher"', 'shenpi:role="teacher" shenpi:due="working_days(params.limit)"'
    )
    review = package(diagram(start(), body, *PLAIN[2:], key="review"), "review")
    for name, expected in (("limit", []), ("limitt", [("panel", "callee")])):
        text = calling("case", "review", f'<shenpi:in name="{name}" value="3"/>')
        assert told_by(check_callees, facts_of(text, review, has_form=False)) == expected
    assert told_by(check_callees, facts_of(calling("case", "review"), review, has_form=False)) == []
