"""Whoever uses up time or memory is ended, and that is the verdict."""

import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from app.engine.handover import children
from app.engine.handover.children import judge_upload
from app.engine.handover.jobs import UploadJob
from app.engine.handover.limits import Limits
from tests.hostile.corpus.cases import BUILT_IN, KEY, ROOT
from tests.hostile.corpus.sizes import attributes, grown

KNOWN = {KEY: dict(BUILT_IN.files)}
HARMLESS = UploadJob("a.bpmn", BUILT_IN.diagram.encode(), KNOWN)


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        (Limits(memory=1 << 27), b" " * 150_000_000),
        (Limits(cpu=1), grown(attributes(45_000))),
        (Limits(wall=0.01), BUILT_IN.diagram.encode()),
    ],
    ids=["memory", "processor", "clock"],
)
def test_what_uses_up_its_share_is_ended(limits: Limits, content: bytes):
    (problem,) = judge_upload(UploadJob("a.bpmn", content, KNOWN), limits).problems
    assert (problem.file, problem.rule) == ("a.bpmn", "limits")
    assert problem.text.startswith("检查用的时间或内存超过了上限")


def test_the_harmless_pass_within_half_of_it():
    verdict = judge_upload(HARMLESS, Limits(memory=1 << 29, cpu=5))
    assert (verdict.problems, verdict.files is None) == ((), False)


def test_who_comes_while_many_are_judged_comes_again():
    with ExitStack() as taken:
        for _ in range(4):
            taken.enter_context(children._ADMITTED)
        with pytest.raises(children.Busy, match="请 1 分钟后再交"):
            judge_upload(HARMLESS)
    assert judge_upload(HARMLESS).files is not None


def test_neither_secrets_nor_the_database_reach_the_judge(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SHENPI_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("PYTHONPATH", "/nonexistent")
    assert judge_upload(HARMLESS).files is not None
    loaded = "import app.engine.handover.judging, sys; print([n for n in ('sqlalchemy', 'flask', 'celery') if n in sys.modules])"
    command = [sys.executable, "-I", "-c", loaded]
    done = subprocess.run(
        command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
