"""Running all scenarios of a package."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import ShenpiError
from app.domain.text import N_, Sentence, sentence
from app.engine.changes import Visit
from app.engine.compiler import CompiledProcess, compile_process
from app.engine.package import SCENARIOS, ProcessPackage
from app.engine.problems import PackageError, Problem
from app.engine.scenarios.comparing import Mismatch, explain
from app.engine.scenarios.coverage import missing_elements
from app.engine.scenarios.model import Scenario
from app.engine.scenarios.playing import Play
from app.engine.scenarios.reading import read_scenarios


@dataclass(frozen=True)
class Result:
    """How one scenario went: at which step it left the way (0 is the start), and why."""

    name: str
    step: int | None = None
    problem: Sentence | None = None

    @property
    def is_good(self) -> bool:
        """Tell whether the case went as the scenario says."""
        return self.problem is None


@dataclass(frozen=True)
class Report:
    """How all scenarios of a package went, and which elements and flows none of them reached."""

    key: str
    results: tuple[Result, ...]
    missing: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_good(self) -> bool:
        """Tell whether every scenario went as it says and everything was reached."""
        return not self.problems and not self.missing and all(result.is_good for result in self.results)


def run_scenarios(package: ProcessPackage, callees: Mapping[str, ProcessPackage] | None = None) -> Report:
    """Run every scenario of a package; what cannot be read or compiled is reported too."""
    try:
        process = compile_process(package, callees or {})
        scenarios = read_scenarios(package.scenarios or "")
    except PackageError as error:
        return Report(package.key, (), (), error.problems)
    steps: list[tuple[Visit, ...]] = []
    results = tuple(_play(process, scenario, steps) for scenario in scenarios)
    missing = missing_elements(process.model, steps)
    return Report(package.key, results, missing)


def problems_of(report: Report) -> list[Problem]:
    """Return a report as problems, as `shenpi check` shows them."""
    failed = [
        Problem(SCENARIOS, result.name, "scenario", _with_step(result.step or 0, result.problem))
        for result in report.results
        if result.problem is not None
    ]
    message = N_("没有一个情景走到这里，请补一个情景。")
    missing = [Problem(SCENARIOS, name, "coverage", sentence(message)) for name in report.missing]
    return [*report.problems, *failed, *missing]


def _with_step(step: int, problem: Sentence) -> Sentence:
    return sentence(N_("第 %(step)d 步：%(problem)s"), step=step, problem=problem.chinese())


def _play(process: CompiledProcess, scenario: Scenario, steps: list[tuple[Visit, ...]]) -> Result:
    play = Play(process, scenario)
    step = 0
    try:
        play.start()
        for step, one in enumerate(scenario.steps, start=1):  # noqa: B007 - the number is told where it went wrong
            play.take(one)
        step = len(scenario.steps) + 1
        play.finish()
    except Mismatch as mismatch:
        return Result(scenario.name, step, mismatch.sentence)
    except ShenpiError as error:
        return Result(scenario.name, step, sentence(N_("%(reason)s"), reason=explain(error)))
    finally:
        steps.extend(changes.visited for changes in play.steps)
    return Result(scenario.name)
