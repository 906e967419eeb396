"""Permission as a table: every route × every role × own school, sibling school and the bureau above.

The routes are read from the application: one without an expectation fails. Each expectation reads
`status who; …; status else`, the first that fits counts; who is a place, or a place with roles.
"""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from app.views.session import BACKGROUND
from tests.integration.permission_requests import body_of, path_of
from tests.integration.permission_table import EXPECTED, PUBLIC
from tests.integration.permission_world import ENDLESS, STRANGERS, Crowd, crowd, told

_WHO = re.compile(r"(\w+)(?:\(([^)]*)\))?")


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    yield from crowd(tmp_path_factory.mktemp("crowd"))


def routes(made: Crowd) -> dict[str, tuple[Rule, str]]:
    return {
        f"{method} {rule.rule}": (rule, method)
        for rule in made.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def expected(text: str, place: str, role: str) -> int:
    for clause in text.split(";"):
        status, who = clause.strip().split(" ", 1)
        for found, roles in _WHO.findall(who):
            if found == "else" or (found == place and (not roles or role in roles.split())):
                return int(status)
    raise AssertionError(text)


def test_every_route_has_an_expectation(everybody):
    assert set(routes(everybody)) == set(EXPECTED)


@pytest.mark.parametrize("route", sorted(EXPECTED))
def test_each_role_gets_what_the_table_says_and_strangers_no_word_of_the_case(everybody, route):
    rule, method = routes(everybody)[route]
    path, body = path_of(rule, method, everybody.ids), body_of(route, everybody.ids)
    found, wanted, slips = {}, {}, {}
    for who in everybody.clients:
        answer = everybody.send(who, method, path, body)
        found[who], wanted[who] = answer.status_code, expected(EXPECTED[route], *who)
        if method == "GET" and path != ENDLESS and who in STRANGERS:
            slips[who] = told(answer)
    assert {who: found[who] for who in found if found[who] != wanted[who]} == {}
    assert {who: words for who, words in slips.items() if words} == {}


def test_nobody_gets_anywhere_without_signing_in(everybody):
    client = everybody.app.test_client()
    for route, (rule, method) in routes(everybody).items():
        answer = client.open(path_of(rule, method, everybody.ids), method=method, data={})
        answer.close()
        if route in PUBLIC:
            assert answer.status_code != 401 or route == "POST /sign-in", route
        elif rule.endpoint in BACKGROUND:
            assert answer.status_code == 204, route
        elif route.split(" ")[1].startswith("/api/") or method != "GET":
            assert answer.status_code == 401, route
        else:
            assert (answer.status_code, answer.location.split("?")[0]) == (302, "/sign-in"), route
