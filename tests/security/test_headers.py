"""Every route's answer carries the headers that keep a browser from doing what nobody asked for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from app.domain.vocabulary import Role
from app.factory import create_app
from tests.integration.api import Served
from tests.integration.permission_requests import path_of
from tests.integration.permission_table import EXPECTED
from tests.integration.permission_world import Crowd, crowd

WHO = ("own", Role.PROCESS_ADMIN)
POLICY = "default-src 'none'"
# Files of people may be shown in place: their policy is stricter in scripts, and knows the file alone.
# A file may stay in its reader's own browser, which asks each time whether it may still be shown.
KEPT = {"private", "no-cache"}
FORBIDDEN = ("unsafe-eval", "script-src 'unsafe-inline'", "*")


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    yield from crowd(tmp_path_factory.mktemp("headers"))


def answers(made: Crowd) -> Iterator[tuple[str, TestResponse]]:
    for rule in made.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}):
            if f"{method} {rule.rule}" in EXPECTED:
                path = path_of(rule, method, made.ids)
                yield f"{method} {path}", made.send(WHO, method, path, {})


def test_every_answer_is_hardened(everybody: Crowd) -> None:
    seen = 0
    for asked, answer in answers(everybody):
        headers, seen = answer.headers, seen + 1
        assert headers["Content-Security-Policy"].startswith(POLICY), asked
        assert not [word for word in FORBIDDEN if word in headers["Content-Security-Policy"]], asked
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], asked
        assert headers["X-Content-Type-Options"] == "nosniff", asked
        assert headers["Referrer-Policy"] == "same-origin", asked
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", asked
        assert "Access-Control-Allow-Origin" not in headers, asked
        assert "Werkzeug" not in headers.get("Server", ""), asked
        if not asked.split(" ")[1].startswith(("/static/", "/healthz", "/readyz", "/metrics", "/verify")):
            assert set(headers["Cache-Control"].split(", ")) in ({"no-store"}, KEPT), (asked, headers["Cache-Control"])
    assert seen > 80


def test_cookies_are_for_the_server_alone_and_travel_encrypted_behind_tls(small_city: Served) -> None:
    settings = small_city.app.extensions["shenpi_settings"]
    app = create_app(replace(settings, is_behind_tls=True))
    app.testing = True
    answer = app.test_client().get("/sign-in", base_url="https://shenpi.example")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
        assert "Domain=" not in cookie
    assert int(answer.headers["Strict-Transport-Security"].removeprefix("max-age=")) >= 31_536_000
