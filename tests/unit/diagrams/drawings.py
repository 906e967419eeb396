"""What a drawn diagram looks like: boxes, lines and labels, read from its diagram interchange."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from app.engine.xml import BPMN

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
KINDS = (
    "startEvent",
    "endEvent",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "callActivity",
    "exclusiveGateway",
    "parallelGateway",
    "boundaryEvent",
    "eventBasedGateway",
    "intermediateCatchEvent",
)
NODES = frozenset(f"{BPMN}{kind}" for kind in KINDS)


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def has_on_border(self, x: float, y: float) -> bool:
        is_beside = x in {self.left, self.right} and self.top <= y <= self.bottom
        return is_beside or (y in {self.top, self.bottom} and self.left <= x <= self.right)


@dataclass(frozen=True)
class Line:
    source: str
    target: str
    name: str
    points: tuple[tuple[float, float], ...]

    @property
    def parts(self) -> tuple[Box, ...]:
        """The straight parts; of no width across, so a touch at the border does not meet."""
        return tuple(
            Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)) for (ax, ay), (bx, by) in pairwise(self.points)
        )


class Drawing:
    def __init__(self, path: Path) -> None:
        root: Any = etree.parse(path).getroot()
        self.root = root
        shown: dict[str, Any] = {item.get("bpmnElement"): item for item in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
        nodes = [node.get("id") for node in root.iter(*NODES)]
        self.nodes = {node: _box(shown[node]) for node in nodes}
        self.lanes = {lane.get("id"): _box(shown[lane.get("id")]) for lane in root.iter(f"{BPMN}lane")}
        self.lines = {flow.get("id"): _line(flow, shown) for flow in root.iter(f"{BPMN}sequenceFlow")}
        # What stands on the border of an activity, with that activity.
        self.attached = {
            frozenset((node.get("id"), node.get("attachedToRef"))) for node in root.iter(f"{BPMN}boundaryEvent")
        }
        self.labels = dict(self._labels(shown))
        self.gateways = [node.get("id") for node in root.iter(f"{BPMN}exclusiveGateway")]

    def lane_of(self, node: str) -> Box:
        lane = next(ref.getparent() for ref in self.root.iter(f"{BPMN}flowNodeRef") if ref.text == node)
        return self.lanes[lane.get("id")]

    def _labels(self, shown: dict[str, Any]) -> Iterator[tuple[str, Box]]:
        for element, item in shown.items():
            label = item.find(f"{DI}BPMNLabel")
            if label is not None:
                yield element, _box(label)


def _box(item: Any) -> Box:
    bounds = item.find(f"{DC}Bounds")
    left, top, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return Box(left, top, left + width, top + height)


def _line(flow: Any, shown: dict[str, Any]) -> Line:
    points = tuple((float(at.get("x")), float(at.get("y"))) for at in shown[flow.get("id")].iter(WAYPOINT))
    return Line(flow.get("sourceRef"), flow.get("targetRef"), flow.get("name", ""), points)
