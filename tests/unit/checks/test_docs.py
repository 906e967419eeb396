"""The page on our BPMN vocabulary names everything that the code knows."""

import re
from pathlib import Path

import pytest

from app.domain.vocabulary import Verdict
from app.engine.attributes import ALLOWED, ANYWHERE, CHILDREN
from app.engine.checks.notices import FORMATS
from app.engine.checks.soundness.nets import IMPROPER, JOIN_TWICE, TWICE
from app.engine.forms import OPTION_LISTS
from app.engine.forms.builders import BUILDERS
from app.engine.forms.patterns import PATTERNS
from app.engine.functions import FUNCTIONS

PAGE_PATH = Path(__file__).parents[3] / "docs" / "bpmn.md"
PAGE = PAGE_PATH.read_text("utf-8")
ATTRIBUTES = {name for names in (*ALLOWED.values(), *CHILDREN.values(), ANYWHERE) for name in names}
NAMES = {*ALLOWED, *ATTRIBUTES, *BUILDERS, *PATTERNS, *OPTION_LISTS, *FUNCTIONS, *FORMATS, *Verdict}


@pytest.mark.parametrize("name", sorted(NAMES - {"text", "intermediateCatchEvent", "boundaryEvent"}))
def test_the_page_names(name):
    assert name in PAGE


# A rule is the first word in quotation marks behind one of these, without an upper-case letter in it.
RULE = re.compile(
    r"(?:report\.add|facts\.problem|self\._problem|self\.note|Refusal|Finding)\(\s*(?:[^\"\n]*?,\s*)?\"([a-z]+(?:-[a-z]+)*)\"\s*,"
)
CHECKED = ("app/engine", "app/engine/checks", "app/engine/checks/soundness")
SOURCES = [path for folder in CHECKED for path in sorted((PAGE_PATH.parents[1] / folder).glob("*.py"))]
RULES = {rule for path in SOURCES for rule in RULE.findall(path.read_text("utf-8"))} | {TWICE, JOIN_TWICE, IMPROPER}


def test_the_rules_are_found():
    assert {"plain-task", "name-too-early", "deadlock", "twice", "lane", "flow-crossing"} <= RULES


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_page_tells_how_to_mend_what_breaks(rule):
    assert f"`{rule}`" in PAGE
