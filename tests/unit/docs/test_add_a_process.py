import re
from pathlib import Path

import pytest

from app.engine.checks import check_package
from app.engine.package import load_package
from app.engine.scenarios import run_scenarios

GUIDE = Path(__file__).parents[3] / "docs" / "add-a-process.md"
# A block that is a file says so: ```toml processes/study_leave/process.toml
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def package(tmp_path):
    for name, text in BLOCK.findall(GUIDE.read_text("utf-8")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # The drawing comes in two blocks, its layout folded away.
        path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")
    return load_package("study_leave", tmp_path / "processes", tmp_path / "forms")


def test_what_the_guide_lets_people_write_may_be_published(package):
    assert [problem.text for problem in check_package(package)] == []


def test_the_scenarios_of_the_guide_hold_and_reach_everything(package):
    report = run_scenarios(package)
    assert report.is_good, report
