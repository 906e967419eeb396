"""The same thing asked twice, two people at one task, two servers at one database, a clock that is turned back."""

import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from app.domain.vocabulary import Role
from tests.faults.checking import is_whole, opened
from tests.faults.conftest import ROUNDS, Stage
from tests.integration.prepared import grant
from tests.integration.school import School
from tests.servers.clients import Client, Reply
from tests.servers.deployments import Deployment, Embedded
from tests.servers.journeys import act, booking, budget_line, expense, file, open_task
from tests.servers.load import Load
from tests.servers.programs import Program, eventually

_numbers = count(70_000_001)


def at_once(*asks: Callable[[], Reply]) -> list[Reply]:
    """Send all requests at once and return the answers."""
    barrier, answers = threading.Barrier(len(asks)), dict[int, Reply]()

    def ask(place: int) -> None:
        barrier.wait(timeout=30)
        answers[place] = asks[place]()

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(asks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(len(asks))]


def end(stage: Stage, reply: Reply) -> None:
    """Take a case from wherever it is to its booking."""
    case = reply.body.get("instance", reply.body)
    for name, verdict in (("host", "sign"), ("legal", "sign"), ("finance", "accept")):
        task = case["open_tasks"][0]
        if task["element"].startswith(name):
            values = booking(str(next(_numbers))) if name == "finance" else {}
            done = act(stage.deployment.as_(name), task["id"], verdict, values=values)
            assert done.status == 200, done
            case = done.body["instance"]
            if not case["open_tasks"]:
                break
    assert case["outcome"] == "booked"


def test_one_request_sent_many_times(stage: Stage) -> None:
    host, number = stage.deployment.as_("host"), str(next(_numbers))
    attachment = host.upload().body["id"]
    values = expense(stage.world, budget_line(stage.world, host), number, attachment)
    body = {"process": "expense_approval", "organization": stage.world.organizations["school"], "values": values}
    filed = at_once(*[lambda: host.post("/instances", body, f"twice-{number}")] * 4)
    assert [reply.status for reply in filed] == [201] * 4
    assert len({reply.body["id"] for reply in filed}) == 1
    task = open_task(filed[0])
    signed = at_once(*[lambda: act(host, task, "sign", f"sign-{number}")] * 4)
    # Who saw the task only after it was done said something else under the same key.
    assert {reply.status for reply in signed} <= {200, 409, 422}
    assert [reply.status for reply in signed].count(200) >= 1
    end(stage, next(reply for reply in signed if reply.status == 200))
    is_whole(stage.deployment)


def test_two_people_on_one_task(stage: Stage) -> None:
    with opened(stage.deployment) as session:
        world = stage.world
        known = School(session, world.files, world.organizations, world.people, world.studio, world.other_studio)
        grant(known, "teacher", Role.FINANCE_OFFICER)
    people = [stage.deployment.as_("finance"), stage.deployment.as_("teacher")]
    for _ in range(ROUNDS):
        reply = file(stage.world, stage.deployment.as_("host"), str(next(_numbers)))
        for name in ("host", "legal"):
            reply = act(stage.deployment.as_(name), open_task(reply), "sign")
        task = open_task(reply)
        seen = people[0].get(f"/tasks/{task}").body
        answers = at_once(*[completion(person, task, seen["revision"]) for person in people])
        assert sorted(answer.status for answer in answers) == [200, 409]
    is_whole(stage.deployment)


def completion(person: Client, task: int, revision: int) -> Callable[[], Reply]:
    body: dict[str, Any] = {"revision": revision, "verdict": "accept", "values": booking(str(next(_numbers)))}
    return lambda: person.post(f"/tasks/{task}/complete", body)


def test_two_servers_on_one_database(stage: Stage) -> None:
    second = stage.deployment.twin()
    second.start()
    try:
        with Load(stage.deployment, stage.world) as here, Load(second, stage.world) as there:
            eventually(lambda: min(here.answers(), there.answers()) > 2 * ROUNDS, "people work on both")
            next(iter(second.programs.values())).kill()
            second.start()
        is_whole(stage.deployment, here, there)
    finally:
        second.stop()


def test_a_clock_that_is_turned_back(tmp_path: Path) -> None:
    deployment: Deployment = Embedded(tmp_path / "drifting")
    world, drift = deployment.settle(), tmp_path / "drift"
    command = [sys.executable, "-m", "tests.faults.drifting", "run"]
    environment = {**deployment.environment, "DRIFT_FILE": str(drift)}
    deployment.programs["run"] = Program(command, environment, tmp_path / "drifting.txt")
    hour = 3600
    drift.write_text(str(26 * hour))
    deployment.start()
    try:
        with Load(deployment, world) as load:
            for hours in (25, 1, 0, 2, 0):
                before = load.answers()
                eventually(lambda seen=before: load.answers() > seen + 2, "people work")  # type: ignore[misc]
                turned = tmp_path / "turned"
                turned.write_text(str(hours * hour))
                turned.replace(drift)
        is_whole(deployment, load)
        told = deployment.as_("host").get("/notifications?limit=100").body["items"]
        assert len(told) >= len(load.cases)
    finally:
        deployment.stop()
