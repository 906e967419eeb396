"""A hostile expression is refused at every place that takes one, and does nothing where it is evaluated."""

import pytest

from app.engine.dues import parse_due
from app.engine.expressions import MAX_LENGTH, ExpressionError
from app.engine.problems import Report
from app.engine.reader import read_model
from app.engine.semantics import check_semantics
from tests.hostile import places
from tests.hostile.corpus.expressions import HOSTILE, PLACES, everywhere
from tests.hostile.judging import judged
from tests.hostile.places import diagram_of

# These can be read: what they name is not there, or they cannot be worked out.
READABLE = frozenset(
    {"a rule that is none", "a field that is none", "an element that is none", "a comment", "a format bomb"}
)
SHORT = {name: text for name, text in HOSTILE.items() if len(text) <= MAX_LENGTH}


@pytest.mark.parametrize("name", SHORT)
def test_every_place_refuses_it(name: str):
    found = {one.element for one in judged("a.bpmn", everywhere(HOSTILE[name])).problems}
    assert set(PLACES) <= found


@pytest.mark.parametrize("name", sorted(SHORT.keys() - READABLE))
def test_no_kind_of_place_reads_it(name: str):
    report = Report("places.bpmn")
    check_semantics(read_model("places", "places.bpmn", diagram_of(HOSTILE[name])), report)
    assert {one.element for one in report.problems if one.rule == "expression"} == places.PLACES


def test_every_kind_of_place_reads_an_expression():
    report = Report("places.bpmn")
    check_semantics(read_model("places", "places.bpmn", diagram_of("begin.x")), report)
    assert [one for one in report.problems if one.rule == "expression"] == []


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - READABLE))
def test_it_cannot_be_read(name: str):
    with pytest.raises(ExpressionError, match=r"算式|期限"):
        parse_due(HOSTILE[name])
