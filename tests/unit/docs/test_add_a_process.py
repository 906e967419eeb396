import re
from pathlib import Path

import pytest

from app.engine.checks import Registry, check_package, load_packages
from app.engine.package import load_package
from app.engine.scenarios import run_scenarios
from tests.unit.docs.walks import files_of

GUIDE = Path(__file__).parents[3] / "docs" / "add-a-process.md"
# A block that is a file says so: ```toml processes/study_leave/process.toml
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
WALKS = ("call", "timer", "message", "schedule", "decision")


def written() -> dict[str, str]:
    files: dict[str, str] = {}
    for name, text in BLOCK.findall(GUIDE.read_text("utf-8")):
        # The drawing comes in two blocks, its layout folded away.
        files[name] = files.get(name, "") + text
    return files


def keep(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture
def package(tmp_path):
    keep({name: text for name, text in written().items() if not name.startswith("walks/")}, tmp_path)
    return load_package("study_leave", tmp_path / "processes", tmp_path / "forms")


def test_what_the_guide_lets_people_write_may_be_published(package):
    assert [problem.text for problem in check_package(package)] == []


def test_the_scenarios_of_the_guide_hold_and_reach_everything(package):
    report = run_scenarios(package)
    assert report.is_good, report


def test_every_walk_of_the_guide_is_tried():
    found = {name.split("/")[1] for name in written() if name.startswith("walks/")}
    assert found == set(WALKS)


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_may_be_published_and_goes_as_its_scenarios_say(walk, tmp_path):
    files = written()
    guide = {name: text for name, text in files.items() if not name.startswith("walks/")}
    own = {name.split("/", 2)[2]: text for name, text in files.items() if name.startswith(f"walks/{walk}/")}
    keep(files_of(own, guide), tmp_path)
    packages = load_packages(tmp_path / "processes", tmp_path / "forms")
    for key, package in packages.items():
        others = {name: one for name, one in packages.items() if name != key}
        assert [f"{one.element}：{one.text}" for one in check_package(package, others, Registry())] == []
    tried = [key for key in packages if f"processes/{key}/scenarios.yaml" in own]
    assert tried
    for key in tried:
        report = run_scenarios(packages[key], packages)
        assert [result for result in report.results if not result.is_good] == []
