"""The decisions of a process package: all its DMN files."""

from collections.abc import Mapping

from app.domain.text import N_
from app.engine.decisions.model import DecisionFile
from app.engine.decisions.reading import read_decisions
from app.engine.problems import PackageError, Problem, Report

UNKNOWN_DECISION = N_("流程的 .dmn 文件里没有决策“%(name)s”，请在 shenpi:decision 里写一个有的编号。")


def read_decision_files(texts: Mapping[str, str], problems: list[Problem]) -> dict[str, DecisionFile]:
    """Return the file of each decision by the decision's id, noting what is wrong in any file."""
    found: dict[str, DecisionFile] = {}
    for name, text in texts.items():
        try:
            file = read_decisions(name, text)
        except PackageError as error:
            problems.extend(error.problems)
            continue
        report = Report(name)
        for decision in file.decisions.keys() & found.keys():
            message = N_("决策“%(id)s”在 %(other)s 里也有，请改一个编号。")
            report.add(decision, "dmn-id", message, id=decision, other=found[decision].file)
        problems.extend(report.problems)
        found |= dict.fromkeys(file.decisions, file)
    return found
