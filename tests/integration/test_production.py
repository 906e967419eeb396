"""What docker-compose.yml starts, as real processes: gunicorn, worker and beat over a real PostgreSQL and Redis."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from app.config import ConfigurationError
from app.db.engine import connect
from app.services.accounts.setup import setup_code
from tests.databases import new_database
from tests.integration.school import School
from tests.servers import postboxes
from tests.servers.clients import Client
from tests.servers.deployments import SECRET, Composed
from tests.servers.journeys import act, booking, file, open_task
from tests.servers.postboxes import Postbox, text_of, want_mail
from tests.servers.programs import Program, bare_environment, eventually, executable
from tests.servers.stores import RedisServer

BEHIND = "数据库的结构比程序旧，请先运行：shenpi upgrade"
_numbers = count(26440826)


@dataclass
class Bureau:
    """A deployment in use, and who works with it."""

    deployment: Composed
    redis: RedisServer
    world: School
    clients: dict[str, Client] = field(default_factory=dict)

    def as_(self, username: str) -> Client:
        if username not in self.clients:
            self.clients[username] = self.deployment.as_(username)
        return self.clients[username]

    def booked(self) -> str:
        """Take an expense from its filing to its booking and return its title; every answer is waited for."""
        host, number = self.as_("host"), str(next(_numbers))
        reply = file(self.world, host, number)
        assert reply.status == 201, reply
        for name, verdict, values in (
            ("host", "sign", {}),
            ("legal", "sign", {}),
            ("finance", "accept", booking(number)),
        ):
            reply = act(self.as_(name), open_task(reply), verdict, values=values)
            assert reply.status == 200, reply
        assert reply.body["instance"]["outcome"] == "booked"
        return str(reply.body["instance"]["title"])

    def told(self, title: str) -> int:
        """Count what the host was told of a case."""
        items = self.as_("host").get("/notifications?limit=100").body["items"]
        return len([item for item in items if title in str(item)])


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.program.kill()


@pytest.fixture(scope="module")
def postbox() -> Iterator[Postbox]:
    with postboxes.running() as kept:
        yield kept


@pytest.fixture(scope="module")
def deployment(
    postgresql_url: str, redis: RedisServer, postbox: Postbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    """A deployment on an empty database, not started."""
    made = Composed(tmp_path_factory.mktemp("bureau"), new_database(postgresql_url, "template1"), redis.url)
    program = made.programs["worker"]
    program.environment = {**program.environment, **made.mailing(postbox.port)}
    yield made
    made.stop()


@pytest.fixture(scope="module")
def bureau(deployment: Composed, redis: RedisServer) -> Bureau:
    world = deployment.settle()
    deployment.start()
    return Bureau(deployment, redis, world)


@pytest.mark.parametrize("service", Composed.SERVICES)
def test_nothing_serves_on_a_database_that_is_behind(deployment: Composed, service: str) -> None:
    refused = Program(deployment.programs[service].command, deployment.of(service), deployment.folder / "refused.txt")
    assert refused.start().process.wait(timeout=60) == 1
    assert BEHIND in refused.said()
    assert "Traceback" not in refused.said()


def test_who_takes_jobs_says_that_redis_is_not_set(deployment: Composed) -> None:
    environment = {**deployment.of("worker"), "SHENPI_REDIS_URL": ""}
    refused = Program(deployment.programs["worker"].command, environment, deployment.folder / "without.txt")
    assert refused.start().process.wait(timeout=60) == 1
    assert "没有设 SHENPI_REDIS_URL" in refused.said()


def test_of_two_upgrades_at_once_both_end_well(deployment: Composed) -> None:
    command = [executable(deployment.services["upgrade"]["command"][0]), *deployment.services["upgrade"]["command"][1:]]
    environment = {**bare_environment(), **deployment.of("upgrade")}
    both = [
        subprocess.Popen(command, cwd=deployment.folder, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [one.communicate(timeout=120)[0].strip() for one in both] == ["数据库已是最新。"] * 2
    assert deployment.faults() == []


def test_the_set_up_code_is_told_until_it_is_used(deployment: Composed) -> None:
    web = Program(deployment.programs["web"].command, deployment.of("web"), deployment.folder / "first.txt").start()
    eventually(lambda: deployment.answers("/healthz"), "the first start")
    assert web.stop() == 0
    assert f"设置码：{setup_code(SECRET)}" in web.said()


def test_all_are_healthy_and_ready(bureau: Bureau) -> None:
    for service in Composed.SERVICES:
        eventually(lambda name=service: bureau.deployment.is_healthy(name), f"{service} is healthy")  # type: ignore[misc]
    eventually(lambda: bureau.deployment.answers("/readyz"), "ready")


def test_a_worker_tells_of_what_was_done(bureau: Bureau) -> None:
    title = bureau.booked()
    eventually(lambda: bureau.told(title) == 1, "the notification", 30)


def test_a_worker_mails_what_waits(bureau: Bureau, postbox: Postbox) -> None:
    deployment = bureau.deployment
    want_mail(deployment.database_url, bureau.world.people["legal"])
    host = bureau.as_("host")
    reply = file(bureau.world, host, str(next(_numbers)))
    reply = act(host, open_task(reply), "sign", values={})
    case = reply.body["instance"]["id"]
    assert host.post(f"/instances/{case}/remind", {}).status == 200
    eventually(lambda: len(postbox.mails) == 1, "the mail", 60)
    (mail,) = postbox.mails
    assert mail["Subject"].startswith("催办，请您办理：")
    assert "http://127.0.0.1/tasks/" in text_of(mail)
    assert host.post(f"/instances/{case}/comments", {"text": "谢谢。"}).status == 201
    for name, verdict, values in (("legal", "sign", {}), ("finance", "accept", booking(str(next(_numbers))))):
        reply = act(bureau.as_(name), open_task(reply), verdict, values=values)
        assert reply.status == 200, reply


def test_a_killed_worker_loses_nothing(bureau: Bureau) -> None:
    bureau.deployment.programs["worker"].kill()
    title = bureau.booked()
    assert bureau.told(title) == 0
    bureau.deployment.start()
    eventually(lambda: bureau.told(title) == 1, "the notification")


def test_redis_may_go_and_come(bureau: Bureau) -> None:
    before = {name: program.process.pid for name, program in bureau.deployment.programs.items()}
    bureau.redis.program.kill()
    title = bureau.booked()
    assert not bureau.deployment.answers("/readyz")
    assert bureau.deployment.answers("/healthz")
    bureau.redis.start()
    eventually(lambda: bureau.told(title) == 1, "the notification")
    eventually(lambda: bureau.deployment.answers("/readyz"), "ready again")
    assert all(program.is_running() for program in bureau.deployment.programs.values())
    assert before == {name: program.process.pid for name, program in bureau.deployment.programs.items()}


def test_two_beats_and_two_workers_tell_once(bureau: Bureau) -> None:
    second = [
        Program(program.command, program.environment, bureau.deployment.folder / f"second_{name}.txt").start()
        for name, program in bureau.deployment.programs.items()
        if name != "web"
    ]
    try:
        titles = [bureau.booked() for _ in range(3)]
        eventually(lambda: all(bureau.told(title) for title in titles), "the notifications")
        assert [bureau.told(title) for title in titles] == [1, 1, 1]
    finally:
        for program in second:
            program.kill()


def test_the_journal_is_whole_and_all_end_when_told(bureau: Bureau) -> None:
    assert bureau.deployment.faults() == []
    assert [program.stop() for program in bureau.deployment.programs.values()] == [0, 0, 0]
    said = bureau.deployment.programs["web"].said()
    assert "Traceback" not in said
    assert "设置码" not in said


def test_a_database_that_is_newer_is_refused(bureau: Bureau) -> None:
    engine = connect(bureau.deployment.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
    engine.dispose()
    refused = bureau.deployment.shenpi("upgrade")
    assert (refused.returncode, "数据库的结构比程序新" in refused.stderr) == (1, True)
    with pytest.raises(ConfigurationError, match="数据库的结构比程序新"):
        bureau.deployment.faults()


def test_files_are_where_compose_mounts_the_volume(bureau: Bureau) -> None:
    kept = Path(bureau.deployment.folder, "data", "attachments")
    assert any(path.is_file() for path in kept.rglob("*"))
