import re
from itertools import combinations
from pathlib import Path

import pytest

from tests.unit.diagrams.drawings import Drawing

PATHS = sorted((Path(__file__).parents[3] / "processes").glob("*/*.bpmn"))
MOST_ELEMENTS = 20
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def drawing(request):
    return Drawing(request.param)


def test_a_person_can_take_it_in(drawing):
    assert len(drawing.nodes) <= MOST_ELEMENTS


def test_every_element_has_a_chinese_name(drawing):
    nameless = [
        node.get("id")
        for node in drawing.root.iter()
        if node.get("id") in drawing.nodes and not CHINESE.search(node.get("name", ""))
    ]
    assert nameless == []


def test_every_flow_that_leaves_a_gateway_says_when(drawing):
    assert [key for key, line in drawing.lines.items() if line.source in drawing.gateways and not line.name] == []


def test_elements_stand_in_their_lane_and_apart(drawing):
    assert [node for node, box in drawing.nodes.items() if not drawing.lane_of(node).holds(box)] == []
    assert [
        pair
        for pair in combinations(drawing.nodes, 2)
        if drawing.nodes[pair[0]].meets(drawing.nodes[pair[1]]) and frozenset(pair) not in drawing.attached
    ] == []


def test_lines_run_square_from_border_to_border(drawing):
    for key, line in drawing.lines.items():
        assert drawing.nodes[line.source].has_on_border(*line.points[0]), key
        assert drawing.nodes[line.target].has_on_border(*line.points[-1]), key
        assert all(part.left == part.right or part.top == part.bottom for part in line.parts), key


def test_no_line_crosses_a_line_or_an_element(drawing):
    for (one, first), (other, second) in combinations(drawing.lines.items(), 2):
        assert not any(_touch(a, b) for a in first.parts for b in second.parts), (one, other)
    for key, line in drawing.lines.items():
        assert [node for node, box in drawing.nodes.items() if any(part.meets(box) for part in line.parts)] == [], key


def test_labels_lie_clear_of_everything(drawing):
    parts = [part for line in drawing.lines.values() for part in line.parts]
    for element, label in drawing.labels.items():
        assert not any(label.meets(box) for box in (*drawing.nodes.values(), *parts)), element
    assert [
        pair for pair in combinations(drawing.labels, 2) if drawing.labels[pair[0]].meets(drawing.labels[pair[1]])
    ] == []


def _touch(one, other):
    return one.left <= other.right and other.left <= one.right and one.top <= other.bottom and other.top <= one.bottom
