"""What a person may not see shows nowhere: not in a list, a count, a search, an export, a drawing or an error.

That no route that reads answers with a word of it is seen where all are asked: test_permissions.py. Here: searches;
and that a case that is hidden is answered as one that does not exist, with the same number of statements.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.domain.vocabulary import Role
from app.views.database import db
from tests.integration.permission_requests import path_of
from tests.integration.permission_table import EXPECTED
from tests.integration.permission_world import ENDLESS, STRANGERS, Crowd, crowd, told

SEARCHES = (
    "/inbox?q={word}", "/inbox?box=done&q={word}", "/inbox?box=initiated&q={word}", "/inbox?box=copied&q={word}",
    "/api/v1/tasks?q={word}", "/api/v1/tasks?box=done&q={word}", "/api/v1/instances?q={word}",
    "/api/v1/instances?process=expense_approval", "/api/v1/instances?status=running",
)  # fmt: skip
WORDS = ("跨校主题班会", "BX-2026", "周敏")
ABSENT = {
    "ballot": "987654",
    "notice": "987654",
    "panel": "987654",
    "round": "987654",
    "instance": "987654",
    "task": "987654",
    "file": "f" * 32,
    "submission": "987654",
    "studio": "987654",
}


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    yield from crowd(tmp_path_factory.mktemp("strangers"))


def reads(made: Crowd) -> list[Any]:
    return [rule for rule in made.app.url_map.iter_rules() if f"GET {rule.rule}" in EXPECTED and rule.rule != ENDLESS]


def strangers(made: Crowd) -> list[tuple[str, str]]:
    return [who for who in STRANGERS if who in made.clients]


def ask(made: Crowd, who: tuple[str, str], path: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {made.tokens[who]}"} if path.startswith("/api/") else {}
    answer = made.clients[who].get(path, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def test_no_search_finds_it(everybody: Crowd) -> None:
    for template in SEARCHES:
        for word in WORDS:
            for who in strangers(everybody):
                answer = ask(everybody, who, template.format(word=word))
                # The word searched for stands in the page's own field.
                assert [secret for secret in told(answer) if secret != word] == [], (who, template, word)
                assert '"items":[]' in answer.text or answer.mimetype == "text/html", (who, answer.text)


def test_the_owner_finds_what_strangers_do_not(everybody: Crowd) -> None:
    owner = ("own", Role.STUDIO_HOST)
    found = ask(everybody, owner, "/api/v1/instances?q=跨校主题班会").get_json()["items"]
    assert ["跨校主题班会" in one["title"] for one in found] == [True]
    assert "跨校主题班会" in ask(everybody, owner, "/inbox?box=initiated&q=跨校主题班会").text


@contextmanager
def statements(made: Crowd) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        seen.append(text)

    with made.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_hidden_and_absent_are_one_answer(everybody: Crowd) -> None:
    """The sentences are the same, and so is the work: nobody learns by a watch what there is."""
    absent, compared, apart = everybody.ids | ABSENT, 0, set()
    for rule in reads(everybody):
        hidden, missing = (path_of(rule, "GET", ids) for ids in (everybody.ids, absent))
        if hidden == missing:
            continue
        for who in strangers(everybody):
            with statements(everybody) as for_hidden:
                answer = ask(everybody, who, hidden)
            if answer.status_code != 404:
                continue
            with statements(everybody) as for_missing:
                other = ask(everybody, who, missing)
            compared += 1
            assert other.status_code == 404, (who, missing)
            assert plain(answer, everybody.ids) == plain(other, absent), (who, hidden)
            if for_hidden != for_missing:
                apart.add(rule.rule)
    assert apart == set()
    assert compared > 100


def plain(answer: TestResponse, ids: dict[str, str]) -> str:
    """Return an answer without the ids that were asked for and without what differs each time."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    for one in ids.values():
        text = text.replace(f"/{one}", "/…")
    return text
