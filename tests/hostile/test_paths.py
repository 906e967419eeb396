"""`shenpi check` may be pointed at anything."""

import os
import shutil
from pathlib import Path

import pytest

from app.engine.handover.jobs import PathJob
from app.engine.handover.judging import judge
from tests.hostile.corpus.cases import KEY, REFUSED, ROOT, Case, package
from tests.hostile.corpus.kinds import workbook
from tests.hostile.judging import PARAMETERS, assert_fits, rows_of


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT / "processes" / KEY, folder / KEY))


def in_gbk(folder: Path) -> Path:
    found = copied(folder)
    manifest = found / "process.toml"
    manifest.write_bytes(manifest.read_text("utf-8").encode("gbk"))
    return found


def with_folder_as_notice(folder: Path) -> Path:
    found = copied(folder)
    (found / "notices" / "x.txt").mkdir()
    return found


def with_pipe_as_scenarios(folder: Path) -> Path:
    found = copied(folder)
    (found / "scenarios.yaml").unlink()
    os.mkfifo(found / "scenarios.yaml")
    return found


def with_endless_diagram(folder: Path) -> Path:
    found = copied(folder)
    (found / f"{KEY}.bpmn").unlink()
    (found / f"{KEY}.bpmn").symlink_to("/dev/zero")
    return found


def circle(folder: Path) -> Path:
    (folder / "a.bpmn").symlink_to("b.bpmn")
    (folder / "b.bpmn").symlink_to("a.bpmn")
    return folder / "a.bpmn"


def large(folder: Path) -> Path:
    path = folder / "a.bpmn"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    return path


def spreadsheet(folder: Path) -> Path:
    (folder / "a.bpmn").write_bytes(workbook())
    return folder / "a.bpmn"


def form(folder: Path) -> Path:
    (folder / "a.json").write_text("[" * 100_000, "utf-8")
    return folder / "a.json"


def archive(folder: Path) -> Path:
    (folder / "a.zip").write_bytes(package(forms___budget__json="{"))
    return folder / "a.zip"


def nothing(folder: Path) -> Path:
    return folder


MAKERS = (
    in_gbk,
    with_folder_as_notice,
    with_pipe_as_scenarios,
    with_endless_diagram,
    circle,
    large,
    spreadsheet,
    form,
    archive,
    nothing,
)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_every_path_gets_its_verdict(tmp_path: Path, make):
    verdict = judge(PathJob(make(tmp_path), ROOT / "forms", PARAMETERS))
    assert_fits(Case(make.__name__, "", bytes, REFUSED), rows_of(verdict))
