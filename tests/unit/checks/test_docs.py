"""The page on our BPMN vocabulary names everything that the code knows."""

from pathlib import Path

import pytest

from app.domain.vocabulary import Verdict
from app.engine.attributes import ALLOWED, ANYWHERE, CHILDREN
from app.engine.checks.notices import FORMATS
from app.engine.forms import OPTION_LISTS
from app.engine.forms.builders import BUILDERS
from app.engine.forms.patterns import PATTERNS
from app.engine.functions import FUNCTIONS

PAGE = (Path(__file__).parents[3] / "docs" / "bpmn.md").read_text("utf-8")
ATTRIBUTES = {name for names in (*ALLOWED.values(), *CHILDREN.values(), ANYWHERE) for name in names}
NAMES = {*ALLOWED, *ATTRIBUTES, *BUILDERS, *PATTERNS, *OPTION_LISTS, *FUNCTIONS, *FORMATS, *Verdict}


@pytest.mark.parametrize("name", sorted(NAMES - {"text", "intermediateCatchEvent", "boundaryEvent"}))
def test_the_page_names(name):
    assert name in PAGE
