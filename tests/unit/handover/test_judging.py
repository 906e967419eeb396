"""What is judged of an upload, without a process of its own."""

import pytest

from app.engine.checks import Registry
from app.engine.handover.archives import write_archive
from app.engine.handover.fitness import caller_problems
from app.engine.handover.jobs import UploadJob
from app.engine.handover.judging import judge
from app.engine.handover.layouts import laid_out
from app.engine.package import package_from_files
from tests.integration.called_process import review, scoring
from tests.unit.handover.packages import BUILT_IN, KEY


def zipped(**changes: str) -> bytes:
    """Return the built-in package with some of its files changed, by their name with __ for a dot."""
    files = {**BUILT_IN.files, **{name.replace("__", "."): text for name, text in changes.items()}}
    return write_archive(laid_out(package_from_files(files)))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"process__toml": BUILT_IN.files["process.toml"].replace('"YS"', '"BX"')}, "replacement"),
        ({"process__toml": BUILT_IN.files["process.toml"].replace('"expense", ', "")}, "replacement"),
        ({"process__toml": 'programme = "rank"\n' + BUILT_IN.files["process.toml"]}, "replacement"),
        ({"scenarios__yaml": (BUILT_IN.scenarios or "").replace("outcome: confirmed", "outcome: lost")}, "scenario"),
    ],
)
def test_no_version_slips_out_of_the_rules(changes: dict[str, str], rule: str):
    verdict = judge(UploadJob("x.zip", zipped(**changes), {KEY: BUILT_IN.files}))
    assert rule in {one.rule for one in verdict.problems}
    assert verdict.files is None


def test_who_calls_it_is_checked_again_with_what_takes_its_place():
    caller = review()
    unlike = caller.diagram.replace('calledElement="scoring"', "calledElement = 'scoring'")
    assert unlike != caller.diagram
    respelled = package_from_files({**caller.files, caller.diagram_file: unlike})
    packages = {"review": respelled, "scoring": scoring(), KEY: BUILT_IN}
    assert caller_problems(scoring("填分数"), packages, Registry()) == []
    renamed = {name: text.replace("mark", "judge") for name, text in scoring().files.items()}
    (problem,) = caller_problems(package_from_files(renamed), packages, Registry())
    assert (problem.file, problem.element, problem.rule) == ("review.bpmn", "score", "name")
