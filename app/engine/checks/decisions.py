"""The package's decisions are sound, and business rule tasks give them what they need."""

from collections.abc import Iterator

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.checks.names import is_known
from app.engine.checks.scope import names_of
from app.engine.decisions import DecisionFile
from app.engine.decisions.checks import check_decisions
from app.engine.decisions.model import root_of
from app.engine.decisions.packages import UNKNOWN_DECISION, read_decision_files
from app.engine.model import DecisionTask
from app.engine.problems import Problem


def check_decision_files(facts: Facts) -> Iterator[Problem]:
    """Find what is wrong in the package's DMN files."""
    problems: list[Problem] = []
    files = read_decision_files(facts.package.decisions, problems)
    yield from problems
    for file in {file.file: file for file in files.values()}.values():
        yield from check_decisions(file)


def check_decision_tasks(facts: Facts) -> Iterator[Problem]:
    """Find tasks whose decision is not there, or is not given what it looks at."""
    unread: list[Problem] = []
    read_decision_files(facts.package.decisions, unread)
    is_unread = bool(unread)
    for task in facts.model.of_kind(DecisionTask):
        file = facts.decisions.get(task.decision)
        if file is None and is_unread:
            # What is wrong with a file is said there; the decision may well be in it.
            continue
        if file is None:
            yield facts.problem(task.id, "decision", UNKNOWN_DECISION, name=task.decision)
        else:
            yield from _inputs(facts, task, file)
            yield from _outputs(facts, task, file)


def _inputs(facts: Facts, task: DecisionTask, file: DecisionFile) -> Iterator[Problem]:
    needs, scope = file.needs(task.decision), names_of(facts)
    for name in sorted(task.params.keys() - {root_of(need) for need in needs}):
        message = N_("决策“%(decision)s”用不到参数“%(name)s”，请删去或者改正名称。")
        yield facts.problem(task.id, "decision", message, decision=task.decision, name=name)
    for need in sorted(needs):
        if root_of(need) not in task.params and not is_known(need, scope):
            message = N_("决策“%(decision)s”要看“%(name)s”，请用 shenpi:param 给出它的值。")
            yield facts.problem(task.id, "decision", message, decision=task.decision, name=need)


def _outputs(facts: Facts, task: DecisionTask, file: DecisionFile) -> Iterator[Problem]:
    for name in file.decisions[task.decision].outputs:
        if not name.isidentifier():
            message = N_("决策的输出“%(name)s”在算式里写不出来，请给它一个只有文字、数字和下划线的名称。")
            yield facts.problem(task.id, "decision", message, name=name)
