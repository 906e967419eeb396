"""Every process does what its scenarios say, and the scenarios reach all of it."""

from pathlib import Path

import pytest

from app.engine.checks import load_siblings
from app.engine.package import load_package
from app.engine.scenarios import problems_of, run_scenarios

ROOT = Path(__file__).parents[2]
PROCESSES, FORMS = ROOT / "processes", ROOT / "forms"
FOLDERS = sorted(manifest.parent for manifest in PROCESSES.glob("*/process.toml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scenarios(folder):
    package = load_package(folder.name, PROCESSES, FORMS)
    report = run_scenarios(package, load_siblings(folder, FORMS))
    assert [f"{problem.element}: {problem.text}" for problem in problems_of(report)] == []
    assert report.results


def test_serial_numbers_tell_processes_apart():
    codes = [load_package(folder.name, PROCESSES, FORMS).manifest.code for folder in FOLDERS]
    assert FOLDERS
    assert len(set(codes)) == len(codes)
