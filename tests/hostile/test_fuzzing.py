"""A short run of every fuzz target with inputs that are made up; `make fuzz` runs them for long."""

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile import fuzz_targets as targets
from tests.hostile import strategies
from tests.hostile.corpus.cases import ROOT

# How many times longer than in the suite.
TIMES = int(os.environ.get("SHENPI_FUZZ", "1"))
FEW = settings(max_examples=40 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=250 * TIMES, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(strategies.DIAGRAMS | strategies.NOISE)
def test_diagrams(data: bytes):
    targets.fuzz_diagram(data)


@FEW
@given(strategies.archives() | strategies.NOISE)
def test_archives(data: bytes):
    targets.fuzz_archive(data)


@FEW
@given(strategies.MANIFESTS)
def test_manifests(data: bytes):
    targets.fuzz_manifest(data)


@FEW
@given(strategies.SCENARIOS)
def test_scenarios(data: bytes):
    targets.fuzz_scenarios(data)


@MANY
@given(strategies.EXPRESSIONS | st.text(max_size=30))
def test_expressions(text: str):
    targets.fuzz_expression(text.encode("utf-8", errors="surrogatepass"))


@MANY
@given(strategies.forms() | strategies.NOISE)
def test_forms(data: bytes):
    targets.fuzz_form(data)


@MANY
@given(strategies.CELL_TEXTS)
def test_decision_cells(text: str):
    targets.fuzz_decision(text.encode("utf-8", errors="surrogatepass"))


@pytest.mark.parametrize("target", ["expression", "form", "decision"])
def test_a_moment_of_fuzzing_by_coverage(target: str):
    pytest.importorskip("atheris", reason="there is no wheel of atheris for this Python")
    command = [sys.executable, "-m", "tests.hostile.fuzz_atheris", target, "-runs=500", "-seed=1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
