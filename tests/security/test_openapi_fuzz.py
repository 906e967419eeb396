"""Whatever fits the API's own description, and much that does not, gets an answer and never breaks the server."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode, Response
from schemathesis.core.result import Ok

from app.domain.vocabulary import Role
from tests.integration.permission_world import Crowd, crowd

# The full run draws many more: SHENPI_FUZZ_EXAMPLES=500.
EXAMPLES = int(os.environ.get("SHENPI_FUZZ_EXAMPLES", "4"))
CALLERS = (("own", Role.STUDIO_HOST), ("own", Role.PROCESS_ADMIN), ("parent", Role.BUREAU_ADMIN))
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    yield from crowd(tmp_path_factory.mktemp("fuzz"))


# The fuzzer's own client leaves a downloaded file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_call_is_answered(everybody: Crowd) -> None:
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", everybody.app, headers=headers_of(everybody, CALLERS[0])
    )
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) >= 20
    for operation in operations:
        for mode in GenerationMode:
            hurl(everybody, operation.as_strategy(generation_mode=mode))


def hurl(everybody: Crowd, cases: SearchStrategy[Case[Any]]) -> None:
    """Send drawn calls, about things that there are and about others, as people of several offices."""

    @given(cases)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Case[Any]) -> None:
        drawn = dict(case.path_parameters or {})
        ids = ids_of(case.path, everybody)
        known = {name: ids[name] for name in drawn.keys() & ids}
        for who in CALLERS:
            # What names nothing in its path is the same both times.
            for named in ({}, known) if known else ({},):
                case.path_parameters = drawn | named
                check(case, case.call(headers=headers_of(everybody, who)))

    send()


def check(case: Case[Any], answer: Response) -> None:
    said = (case.method, case.formatted_path, case.query, case.body, answer.content)
    assert answer.status_code < 500, said
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == [PROBLEM], said


def headers_of(everybody: Crowd, who: tuple[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {everybody.tokens[who]}"}


def ids_of(path: str, everybody: Crowd) -> dict[str, str]:
    kind = "file" if "attachments" in path else "task" if "tasks" in path else "instance"
    return {"id": everybody.ids[kind]}
