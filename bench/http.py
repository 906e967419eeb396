"""HTTP: the three steps of W1 through the REST API, with one gunicorn worker, beside a bare Flask route of JSON."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from itertools import count
from typing import Any

from sqlalchemy import update

from app.db.people import Person
from app.services import settings as marks
from app.services.accounts import passwords
from app.services.transactions import writing
from bench.databases import Database
from bench.diagrams import FIELDS, ten_elements
from bench.figures import Figure
from bench.measuring import side_by_side
from bench.offices import PEOPLE, SCHOOL, TEACHER, THREE_STEPS, Offices

ROUNDS, SHORT_ROUNDS = 100, 3
STEPS = len(THREE_STEPS)
PASSWORD = "风清月朗2026"  # noqa: S105 - of an invented world
PATIENCE = 60


def run(database: Database, *, short: bool) -> list[Figure]:
    """Measure a step as a client sees it, over a connection that stays open."""
    drawing = ten_elements()
    _let_in(Offices(database, drawing))
    with _served("platform", database) as client, _served("bare", database) as bare:
        client.sign_in()
        keys = count(1)
        asked = {"process": drawing.key, "organization": SCHOOL, "values": FIELDS}

        def case() -> None:
            found = client.post("/api/v1/instances", asked, TEACHER, next(keys))
            for step in THREE_STEPS:
                [task] = found["open_tasks"]
                body = {"revision": task["revision"], "verdict": step.verdict, "values": dict(step.values)}
                found = client.post(f"/api/v1/tasks/{task['id']}/complete", body, step.person, next(keys))["instance"]

        def echo() -> None:
            for _ in range(STEPS + 1):
                bare.post("/echo", asked)

        works = {"case": case, "echo": echo}
        costs = side_by_side(works, rounds=SHORT_ROUNDS if short else ROUNDS, warm_up=3)
    return [
        Figure(
            workload="HTTP",
            name="经接口办一件事，每次请求（发起和三步）",
            database=database.name,
            cost=costs["case"].wall / (STEPS + 1),
            yardstick=costs["echo"].wall / (STEPS + 1),
            yardstick_name="一条只回 JSON 的 Flask 路由",
            notes={"服务": "gunicorn，1 个进程"},
        )
    ]


class _Client:
    """One caller over one connection."""

    def __init__(self, port: int) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._tokens: dict[int, str] = {}

    def close(self) -> None:
        """Hang up: a server that is stopped waits for whoever holds the line."""
        self._link.close()

    def sign_in(self) -> None:
        """Get a token for each of the people."""
        for person in PEOPLE:
            answer = self.post("/api/v1/tokens", {"username": f"p{person}", "password": PASSWORD})
            self._tokens[person] = answer["token"]

    def post(self, path: str, body: Any, person: int | None = None, key: int | None = None) -> Any:
        """Send JSON and return the JSON of the answer."""
        headers = {"Content-Type": "application/json"}
        if person is not None:
            headers |= {"Authorization": f"Bearer {self._tokens[person]}", "Idempotency-Key": f"http-{key}"}
        self._link.request("POST", path, json.dumps(body), headers)
        answer = self._link.getresponse()
        told = json.loads(answer.read())
        assert answer.status < HTTPStatus.BAD_REQUEST, told  # noqa: S101 - a refusal is not measured
        return told


def _let_in(offices: Offices) -> None:
    with writing(offices.session) as session:
        session.execute(update(Person).values(password_hash=passwords.hash_one_time(PASSWORD)))
        marks.write(session, marks.INSTALLED, value=True)


@contextmanager
def _served(name: str, database: Database) -> Iterator[_Client]:
    """Serve an application of bench.serving with one gunicorn worker."""
    port = _free_port()
    command = (sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "4")
    where = ("--bind", f"127.0.0.1:{port}", "--log-level", "warning", f"bench.serving:{name}()")
    environment = {**os.environ, "BENCH_DATABASE": database.url, "BENCH_FOLDER": str(database.folder)}
    server = subprocess.Popen([*command, *where], env=environment)  # noqa: S603 - our own program
    try:
        _wait_for(port)
        with closing(_Client(port)) as client:
            yield client
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(port)
