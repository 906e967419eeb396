"""Operations take what released diagrams give them, and give what these read: cases run on them for years.

Each line of `released_operations.txt` names an operation, the sets of parameters that some diagram gave it, and what
diagrams read of its result. Lines grow with the diagrams; nothing is taken from them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from app.engine.operations import OPERATIONS

ROOT = Path(__file__).parents[3]
SHENPI, BPMN = "{urn:shenpi:bpmn:1}", "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


class Use(NamedTuple):
    """How diagrams use an operation."""

    given: list[set[str]]
    read: set[str]


def released() -> dict[str, Use]:
    lines = (Path(__file__).parent / "released_operations.txt").read_text("utf-8").splitlines()
    return dict(map(_use, lines))


def _use(line: str) -> tuple[str, Use]:
    name, rest = line.split(" ", 1)
    given, read = rest.split(" > ")
    return name, Use([_names(one) for one in given.split(" | ")], _names(read))


def _names(text: str) -> set[str]:
    return set(text.split()) - {"-"}


def shipped() -> Iterator[tuple[str, set[str], set[str]]]:
    for path in sorted((ROOT / "processes").glob("*/*.bpmn")):
        text = path.read_text("utf-8") + path.with_name("process.toml").read_text("utf-8")
        for task in etree.parse(path).iter(f"{BPMN}serviceTask"):
            read = set(re.findall(rf"(?<![\w/.]){task.get('id')}\.(\w+)", text))
            given = {str(one.get("name")) for one in task.iter(f"{SHENPI}param")}
            yield str(task.get(f"{SHENPI}operation")), given, read


@pytest.mark.parametrize(("name", "use"), released().items())
def test_an_operation_serves_every_diagram_that_was_ever_released(name: str, use: Use) -> None:
    signature = OPERATIONS[name]
    needed, known = set(signature.params) - signature.optional, set(signature.params)
    assert [one for one in use.given if not needed <= one <= known] == []
    assert use.read <= set(signature.results)


def test_what_the_shipped_diagrams_give_and_read_is_on_record() -> None:
    kept = released()
    for name, given, read in shipped():
        assert name in kept
        assert given in kept[name].given
        assert read <= kept[name].read
