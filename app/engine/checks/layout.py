"""Everything that is in the process is also drawn, once, and nothing else is."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.problems import Problem
from app.engine.xml import BPMN

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_FEWEST_WAYPOINTS = 2


def check_layout(facts: Facts) -> Iterator[Problem]:
    """Find nodes and lanes without a shape, and flows without a line."""
    shapes = {node.get("bpmnElement") for node in facts.root.iter(f"{_DI}BPMNShape") if _has_area(node)}
    edges = {
        node.get("bpmnElement")
        for node in facts.root.iter(f"{_DI}BPMNEdge")
        if len(node.findall(_WAYPOINT)) >= _FEWEST_WAYPOINTS
    }
    lanes = [node.get("id") for node in facts.root.iter(f"{BPMN}lane", f"{BPMN}participant")]
    for name in (*facts.model.elements, *lanes):
        if name not in shapes:
            yield facts.problem(name, "not-drawn", N_("图上没有画出这个环节，请在流程设计器里把它放到图上。"))
    for flow in facts.model.flows:
        if flow.id not in edges:
            yield facts.problem(flow.id, "not-drawn", N_("图上没有画出这条连线，请在流程设计器里重新连接。"))


def check_drawing(facts: Facts) -> Iterator[Problem]:
    """Find shapes and lines of nothing, and what is drawn more than once."""
    drawn = [node.get("bpmnElement", "") for node in facts.root.iter(f"{_DI}BPMNShape", f"{_DI}BPMNEdge")]
    ids = {node.get("id") for node in facts.root.iter() if node.get("id")}
    for name, count in Counter(drawn).items():
        if name not in ids:
            message = N_("图上画的“%(name)s”不在流程里，请在流程设计器里把它从图上删去。")
            yield facts.problem(name, "drawn-unknown", message, name=name)
        elif count > 1:
            yield facts.problem(name, "drawn-twice", N_("这个环节在图上画了两次，请只留一个。"))


def _has_area(shape: Any) -> bool:
    bounds = shape.find(f"{_DC}Bounds")
    try:
        return bounds is not None and float(bounds.get("width")) > 0 and float(bounds.get("height")) > 0
    except (TypeError, ValueError):
        return False
