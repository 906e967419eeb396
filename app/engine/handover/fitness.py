"""Whether a package may be published among those that hold: whoever asks, and wherever it comes from."""

from collections.abc import Mapping
from dataclasses import replace

from app.engine.checks import Registry, check_package
from app.engine.handover.replacing import check_code, check_replacement, check_rules_kept
from app.engine.model import CallActivity
from app.engine.package import ProcessPackage
from app.engine.problems import Problem
from app.engine.reader import read_model
from app.engine.scenarios import problems_of, run_scenarios


def check_fitness(package: ProcessPackage, packages: Mapping[str, ProcessPackage], registry: Registry) -> list[Problem]:
    """Return everything that keeps a package from being published among those that hold; nothing means that it may be."""
    held = packages.get(package.key)
    others = {key: one for key, one in packages.items() if key != package.key}
    problems = check_package(package, others, registry)
    # Whoever numbers cases under a code goes on doing so, whoever else may have taken it since.
    if held is None or held.manifest.code != package.manifest.code:
        problems += check_code(package, others.values())
    if held is not None:
        problems += [*check_replacement(package, held), *caller_problems(package, packages, registry)]
    return problems or [*check_rules_kept(package), *_scenario_problems(package, others)]


def caller_problems(
    package: ProcessPackage, packages: Mapping[str, ProcessPackage], registry: Registry
) -> list[Problem]:
    """Check what calls a package once more, with it in place of the one that holds: what is wrong now and was not."""
    now = {**packages, package.key: package}
    found: list[Problem] = []
    for caller in packages.values():
        if package.key in _called_by(caller):
            before = check_package(caller, packages, registry)
            found += [problem for problem in check_package(caller, now, registry) if problem not in before]
    return found


def _called_by(package: ProcessPackage) -> set[str]:
    """Return the keys of the processes that a package calls."""
    model = read_model(package.key, package.diagram_file, package.diagram)
    return {call.called for call in model.of_kind(CallActivity)}


def _scenario_problems(package: ProcessPackage, callees: dict[str, ProcessPackage]) -> list[Problem]:
    """Run the scenarios that came along; what they do not reach keeps nobody from publishing."""
    if package.scenarios is None:
        return []
    report = run_scenarios(package, callees)
    return problems_of(replace(report, missing=()))
