"""Decisions: DMN tables and literal expressions, read, checked and made by shenpi itself."""

from app.engine.decisions.deciding import Outcome, decide, find_decision
from app.engine.decisions.errors import CellError, DecisionError, Fault
from app.engine.decisions.model import Decision, DecisionFile
from app.engine.decisions.parsing import parse_expression
from app.engine.decisions.reading import read_decisions
from app.engine.decisions.unary_tests import parse_unary_tests

__all__ = [
    "CellError",
    "Decision",
    "DecisionError",
    "DecisionFile",
    "Fault",
    "Outcome",
    "decide",
    "find_decision",
    "parse_expression",
    "parse_unary_tests",
    "read_decisions",
]
