"""The Dockerfile builds in one stage, runs in another that is not root, and copies what there is."""

import json
from pathlib import Path

import pytest

from tests.servers import compose
from tests.servers.programs import ROOT


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word.upper(), rest.strip()) for word, _blank, rest in (line.strip().partition(" ") for line in lines)]


def last(instructions: list[tuple[str, str]], wanted: str) -> str:
    return [rest for word, rest in instructions if word == wanted][-1]


def test_two_stages_on_a_pinned_slim_image(instructions: list[tuple[str, str]]) -> None:
    stages = [rest for word, rest in instructions if word == "FROM"]
    assert len(stages) == 2
    assert all(stage.startswith("python:3.11-slim-") for stage in stages)


def test_the_running_stage_is_nobody_and_builds_nothing(instructions: list[tuple[str, str]]) -> None:
    running = instructions[[word for word, _ in instructions].index("FROM", 1) :]
    assert int(last(running, "USER")) > 0
    for word, rest in running:
        assert not (word == "RUN" and any(tool in rest for tool in ("apt-get", "gcc", "pip "))), rest
    assert ("COPY", "--from=build /opt/shenpi /opt/shenpi") in running


def test_image_and_compose_run_the_same_web(instructions: list[tuple[str, str]]) -> None:
    web = compose.read()["services"]["web"]
    assert json.loads(last(instructions, "CMD")) == web["command"]
    check = last(instructions, "HEALTHCHECK").partition("CMD ")[2]
    assert json.loads(check) == web["healthcheck"]["test"][1:]


def test_only_what_the_wheel_needs_is_handed_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    taken = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert "*" in lines
    assert all(Path(ROOT, name).exists() for name in taken)
    assert set(taken) >= {"app", "tasks", "migrations", "processes", "forms", "web", "pyproject.toml", "README.md"}
