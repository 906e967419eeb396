"""Lanes name what stands in the process, each node once, and are named themselves; no diagram is nested too deep."""

from collections.abc import Iterator
from typing import Any

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.model import SubProcess
from app.engine.problems import Problem
from app.engine.xml import BPMN

# Beyond this nobody sees what belongs where; a called process is clearer.
MAX_DEPTH = 4


def check_lanes(facts: Facts) -> Iterator[Problem]:
    """Find lanes that name unknown nodes, or nodes of another lane, or have no name."""
    for lane_set in facts.root.iter(f"{BPMN}laneSet", f"{BPMN}childLaneSet"):
        seen: set[str] = set()
        for lane in lane_set.findall(f"{BPMN}lane"):
            yield from _references(facts, lane, seen)
            if not (lane.get("name") or "").strip():
                yield facts.problem(lane.get("id", ""), "lane", N_("泳道要有名称，请写明这一行由谁办。"))


def _references(facts: Facts, lane: Any, seen: set[str]) -> Iterator[Problem]:
    for reference in lane.findall(f"{BPMN}flowNodeRef"):
        name = (reference.text or "").strip()
        if name not in facts.model.elements:
            message = N_("泳道里的“%(name)s”不在图上，请从泳道里删去，或者改正编号。")
            yield facts.problem(lane.get("id", ""), "lane", message, name=name)
        elif name in seen:
            yield facts.problem(name, "lane", N_("一个环节只能在一条泳道里，请只留一条。"))
        seen.add(name)


def check_depth(facts: Facts) -> Iterator[Problem]:
    """Find subprocesses within subprocesses within subprocesses."""
    for item in facts.model.of_kind(SubProcess):
        depth, parent = 1, item.parent
        while parent is not None:
            depth, parent = depth + 1, facts.model.elements[parent].parent
        if depth == MAX_DEPTH + 1:
            message = N_("子流程一层套一层，超过 %(limit)d 层，请把里面的改成被调用的流程。")
            yield facts.problem(item.id, "depth", message, limit=MAX_DEPTH)
