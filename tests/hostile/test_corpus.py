"""Whatever is handed over gets its verdict in sentences, and the server keeps serving.

All of the corpus is judged in this process, and so much of it as time allows by a real server; with
SHENPI_WHOLE_CORPUS=1, as under `make fuzz`, all of it.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.hostile.corpus import BYTES, CASES, WORDS
from tests.hostile.corpus.cases import FIT, TOO_LARGE, Case
from tests.hostile.judging import assert_fits, judged, rows_of
from tests.servers.clients import Reply
from tests.servers.deployments import Embedded

SENT = CASES if os.environ.get("SHENPI_WHOLE_CORPUS") else (*BYTES, *WORDS[::20])
# Two are judged at a time; the server has threads for others.
AT_ONCE = 2


def test_the_corpus_is_large_and_named():
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert len(names) >= 400
    assert len(SENT) >= 150


@pytest.mark.parametrize("case", [case for case in CASES if case.rule != TOO_LARGE], ids=lambda case: case.name)
def test_every_file_gets_its_verdict(case: Case):
    assert_fits(case, rows_of(judged(case.file, case.make())))


@pytest.fixture(scope="module")
def replies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Reply]]]:
    """Hand the files over to a real server while somebody else asks how it is."""
    deployment = Embedded(tmp_path_factory.mktemp("hostile"))
    school = deployment.settle().organizations["school"]
    deployment.start()
    admin, ended = deployment.as_("admin"), threading.Event()
    answers = [deployment.answers("/healthz")]

    def watch() -> None:
        while not ended.wait(0.5):
            answers.append(deployment.answers("/healthz"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield {case.name: pool.submit(_handed, admin.hand_over, case, school) for case in SENT}
    finally:
        ended.set()
        watcher.join()
        deployment.stop()
    assert all(answers), f"{answers.count(False)} of {len(answers)} times the server did not answer"
    assert_quiet(deployment.programs["run"].console)


def _handed(hand_over, case: Case, school: int) -> Reply:
    reply: Reply = hand_over(case.make(), case.file, school)
    return reply


def assert_quiet(console: Path) -> None:
    said = console.read_text("utf-8", errors="replace")
    assert "Traceback" not in said, said[-3000:]


@pytest.mark.parametrize("case", SENT, ids=lambda case: case.name)
def test_the_server_answers_every_file(replies: dict[str, Future[Reply]], case: Case):
    reply = replies[case.name].result()
    if case.rule == TOO_LARGE:
        assert (reply.status, reply.kind) == (413, "application/problem+json")
    elif case.rule == FIT:
        assert (reply.status, reply.body["status"]) == (201, "draft"), reply
    else:
        assert (reply.status, reply.kind) == (422, "application/problem+json"), reply
        assert_fits(case, reply.body["problems"])
