"""What must hold of every verdict."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.handover.jobs import UploadJob
from app.engine.handover.judging import judge
from app.engine.handover.verdicts import Verdict, read_verdict
from app.engine.package import load_package
from app.services.rulebook.rule_packs import parameter_types
from tests.hostile.corpus.cases import FIT, REFUSED, ROOT, Case

_CHINESE = re.compile("[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{3,}(?:[ ,]+[A-Za-z]{3,}){2,}|Traceback|Error\b|Exception\b")
_QUOTED = re.compile("“[^”]*”")
KNOWN = {
    key: dict(load_package(key, ROOT / "processes", ROOT / "forms").files)
    for key in ("annual_budget", "expense_approval")
}
PARAMETERS = parameter_types()


def judged(file: str, content: bytes) -> Verdict:
    """Judge in this very process, through the pipe's format."""
    return read_verdict(judge(UploadJob(file, content, KNOWN, PARAMETERS)).written())


def rows_of(verdict: Verdict) -> list[dict[str, str]]:
    return [{"element": one.element, "file": one.file, "rule": one.rule, "text": one.text} for one in verdict.problems]


def assert_fits(case: Case, rows: Iterable[Mapping[str, Any]]) -> None:
    """Demand the verdict that the corpus expects, in sentences for people."""
    found = list(rows)
    for row in found:
        assert set(row) == {"file", "element", "rule", "text"}
        assert _CHINESE.search(row["text"]), row
        assert not _ENGLISH.search(_QUOTED.sub("", row["text"])), row
        assert len(row["text"]) < 2_000
    assert bool(found) is (case.rule != FIT), found[:3]
    if case.rule not in {FIT, REFUSED}:
        assert case.rule in {row["rule"] for row in found}, found[:3]
