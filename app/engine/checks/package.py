"""All checks of a package, as at publication."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from app.engine.checks.ballots import check_ballots
from app.engine.checks.callees import check_callees
from app.engine.checks.collective import check_collective
from app.engine.checks.confidential import check_confidential
from app.engine.checks.decisions import check_decision_files, check_decision_tasks
from app.engine.checks.expressions import check_expressions
from app.engine.checks.facts import Facts, Registry, read_facts
from app.engine.checks.gateways import check_gateways
from app.engine.checks.handling import check_handling
from app.engine.checks.labels import check_labels
from app.engine.checks.lanes import check_depth, check_lanes
from app.engine.checks.layout import check_drawing, check_layout
from app.engine.checks.manifest import check_manifest
from app.engine.checks.messages import check_senders
from app.engine.checks.notices import check_notices
from app.engine.checks.overdue import check_overdue
from app.engine.checks.panels import check_panels
from app.engine.checks.parameters import check_form_clauses
from app.engine.checks.paths import check_paths
from app.engine.checks.readings import check_readings
from app.engine.checks.references import (
    check_clauses,
    check_forms,
    check_links,
    check_named,
    check_operations,
    check_roles,
    check_verdicts,
)
from app.engine.checks.schedules import check_schedule
from app.engine.checks.schema import check_schema
from app.engine.checks.soundness import check_soundness
from app.engine.compiler import compile_process
from app.engine.package import ProcessPackage, load_package
from app.engine.problems import PackageError, Problem

CHECKS: tuple[Callable[[Facts], Iterable[Problem]], ...] = (
    check_paths,
    check_gateways,
    check_soundness,
    check_lanes,
    check_depth,
    check_forms,
    check_roles,
    check_named,
    check_operations,
    check_callees,
    check_links,
    check_verdicts,
    check_clauses,
    check_decision_files,
    check_decision_tasks,
    check_collective,
    check_ballots,
    check_panels,
    check_confidential,
    check_overdue,
    check_handling,
    check_readings,
    check_form_clauses,
    check_expressions,
    check_manifest,
    check_schedule,
    check_notices,
    check_senders,
    check_labels,
    check_layout,
    check_drawing,
)


def check_package(
    package: ProcessPackage, callees: Mapping[str, ProcessPackage] | None = None, registry: Registry | None = None
) -> list[Problem]:
    """Return everything that keeps a package from being published; nothing means that it may be."""
    reading = read_facts(package, callees or {}, registry or Registry())
    problems = list(reading.problems)
    # Of a drawing that is far too large the schema would say the same thing thousands of times.
    if reading.root is not None and "size" not in {problem.rule for problem in problems}:
        problems += check_schema(reading.root, package.diagram_file)
    if reading.facts is not None:
        problems += [problem for check in CHECKS for problem in check(reading.facts)]
    return problems or _compilation(package, callees or {})


def _compilation(package: ProcessPackage, callees: Mapping[str, ProcessPackage]) -> list[Problem]:
    """Return what only the engine notices, once nothing else is wrong."""
    try:
        compile_process(package, callees)
    except PackageError as error:
        return list(error.problems)
    return []


def load_siblings(folder: Path, forms: Path, lent: Path | None = None) -> dict[str, ProcessPackage]:
    """Load the other packages beside a folder; those that cannot be read are left out."""
    found = load_packages(folder.parent, forms, lent)
    return {key: package for key, package in found.items() if key != folder.name}


def load_packages(processes: Path, forms: Path, lent: Path | None = None) -> dict[str, ProcessPackage]:
    """Load the packages in a folder; those that cannot be read are left out."""
    found = {}
    for manifest in sorted(processes.glob("*/process.toml")):
        try:
            found[manifest.parent.name] = load_package(manifest.parent.name, processes, forms, lent)
        except PackageError:
            continue
    return found
