"""The file is BPMN 2.0 as the standard's schema has it."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from threading import Lock

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.problems import Problem

_PLACE = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'(?:, attribute '(?:\{[^}]*\})?([^']+)')?")
# libxml2's compiled schema keeps its errors in itself.
_ONE_AT_A_TIME = Lock()


@lru_cache(maxsize=1)
def _validator() -> BpmnValidator:
    return BpmnValidator()


def check_schema(facts: Facts) -> Iterator[Problem]:
    """Find the first place where the diagram departs from the BPMN schema."""
    # The validator mends correlation properties in place: it gets a copy.
    copy = deepcopy(facts.root)
    try:
        with _ONE_AT_A_TIME:
            _validator().validate(copy)
    except (ValidationException, etree.LxmlError) as error:
        line = getattr(error, "line_number", None) or 0
        message = N_("第 %(line)d 行的 %(place)s 不合 BPMN 2.0 标准，请用流程设计器打开再保存一次。")
        yield facts.problem("", "bpmn-schema", message, line=line, place=_place(str(error)))


def _place(reason: str) -> str:
    """Return the tag, and the attribute if there is one, that libxml2 names."""
    found = _PLACE.search(reason)
    if found is None:
        return "<>"
    return f"<{found[1]}>" if found[2] is None else f"<{found[1]} {found[2]}=…>"
