"""People at work while things break: each says the same again until there is an answer, and remembers what was answered."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from tests.integration.school import PASSWORD, School
from tests.servers.clients import NOT_ANSWERED, Client, Reply
from tests.servers.deployments import Deployment
from tests.servers.journeys import booking, budget_line, expense

LONGEST_SILENCE_S = 120
# What says "not now": no answer, and a server whose database is away or busy.
AGAIN = frozenset({NOT_ANSWERED, 502, 503})
STEPS = (("host_sign", "host", "sign"), ("legal_sign", "legal", "sign"), ("finance_book", "finance", "accept"))
_numbers = count(50_000_001)


@dataclass
class Case:
    """What one expense was acknowledged to be."""

    number: str
    instance: int = 0
    serial: str = ""
    done: list[str] = field(default_factory=list)


class Load:
    """Several desks, each taking one expense after the other from filing to booking."""

    def __init__(self, deployment: Deployment, world: School, desks: int = 2) -> None:
        self.deployment, self.world = deployment, world
        self.cases: list[Case] = []
        self.refused: list[str] = []
        self.repeats = 0
        self._stopped = threading.Event()
        self._line = budget_line(world, deployment.as_("host"))
        self._desks = [threading.Thread(target=self._work, args=(self._people(),)) for _ in range(desks)]

    def __enter__(self) -> Self:
        for desk in self._desks:
            desk.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Let every desk finish what it has begun."""
        self._stopped.set()
        for desk in self._desks:
            desk.join()

    def answers(self) -> int:
        """Count what was acknowledged; fails as soon as anybody was refused."""
        assert not self.refused, self.refused
        return sum(1 + len(case.done) for case in self.cases if case.instance)

    def _people(self) -> dict[str, Client]:
        return {name: self.deployment.as_(name) for _step, name, _verdict in STEPS}

    def _work(self, clients: dict[str, Client]) -> None:
        while not self._stopped.is_set():
            try:
                self._expense(clients, Case(str(next(_numbers))))
            except Exception as error:  # noqa: BLE001 - looked at where pytest sees it
                self.refused.append(repr(error))
                return

    def _expense(self, clients: dict[str, Client], case: Case) -> None:
        values = self._until_answered(lambda: expense_or_silence(self.world, clients["host"], case.number, self._line))
        body = {
            "process": "expense_approval",
            "organization": self.world.organizations["school"],
            "values": values.body,
        }
        self.cases.append(case)
        filed = self._said(lambda: clients["host"].post("/instances", body, f"file-{case.number}"))
        case.instance, case.serial = filed.body["id"], filed.body["serial"]
        for element, name, verdict in STEPS:
            self._complete(clients[name], case, element, verdict)

    def _complete(self, client: Client, case: Case, element: str, verdict: str) -> None:
        seen = self._said(lambda: client.get(f"/instances/{case.instance}"))
        task_id = next(task["id"] for task in seen.body["open_tasks"] if task["element"] == element)
        task = self._said(lambda: client.get(f"/tasks/{task_id}")).body
        body: dict[str, Any] = {"revision": task["revision"], "verdict": verdict}
        if verdict == "sign":
            body |= {"password": PASSWORD, "content_hash": task["signature"]["content_hash"]}
        else:
            body["values"] = booking(case.number)
        self._said(lambda: client.post(f"/tasks/{task_id}/complete", body, f"{element}-{case.number}"))
        case.done.append(element)

    def _said(self, ask: Callable[[], Reply]) -> Reply:
        reply = self._until_answered(ask)
        assert reply.status in {200, 201}, reply
        return reply

    def _until_answered(self, ask: Callable[[], Reply]) -> Reply:
        until = time.monotonic() + LONGEST_SILENCE_S
        while (reply := ask()).status in AGAIN:
            assert time.monotonic() < until, f"silence: {reply}"
            self.repeats += 1
            time.sleep(0.1)
        return reply


def expense_or_silence(world: School, host: Client, number: str, line: int) -> Reply:
    """Return the values of an expense with its invoice uploaded, or the upload's own answer where it failed."""
    uploaded = host.upload()
    return uploaded if uploaded.status != 201 else Reply(201, expense(world, line, number, uploaded.body["id"]))
