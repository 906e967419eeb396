"""Stores that go away under load and come back: Redis, the database, room on the disk."""

import resource
from io import BytesIO
from pathlib import Path

import pytest

from app.services.accounts.actors import load_actor
from app.services.files import attachments
from tests.faults.checking import is_whole, opened
from tests.faults.conftest import ROUNDS, Stage
from tests.integration.school import PDF
from tests.servers.deployments import Deployment
from tests.servers.load import Load
from tests.servers.programs import eventually

KIB, MIB = 2**10, 2**20


def test_redis_lost_and_back(bureau_stage: Stage) -> None:
    redis, deployment = bureau_stage.redis, bureau_stage.deployment
    assert redis is not None
    deployment.start()
    with Load(deployment, bureau_stage.world) as load:
        for _ in range(ROUNDS):
            redis.program.kill()
            before = load.answers()
            eventually(lambda seen=before: load.answers() > seen + 3, "people work on")  # type: ignore[misc]
            redis.start()
    assert load.repeats == 0, "somebody was kept waiting"
    eventually(lambda: deployment.answers("/readyz"), "ready again")
    is_whole(deployment, load)


def test_the_database_lost_and_back(bureau_stage: Stage) -> None:
    postgresql, deployment = bureau_stage.postgresql, bureau_stage.deployment
    assert postgresql is not None
    deployment.start()
    running = {name: program.process.pid for name, program in deployment.programs.items()}
    with Load(deployment, bureau_stage.world) as load:
        for _ in range(max(1, ROUNDS // 2)):
            before, repeats = load.answers(), load.repeats
            eventually(lambda seen=before: load.answers() > seen + 2, "people work")  # type: ignore[misc]
            postgresql.kill()
            eventually(lambda seen=repeats: load.repeats > seen, "people are told to try again")  # type: ignore[misc]
            assert deployment.as_stranger("/healthz").status == 200
            assert deployment.as_stranger("/readyz").status == 503
            page = deployment.as_stranger("/sign-in")
            assert (page.status, "数据库暂时连不上" in page.body) == (503, True)
            postgresql.start()
    is_whole(deployment, load)
    assert running == {name: program.process.pid for name, program in deployment.programs.items()}


def test_no_room_for_a_file(stage: Stage) -> None:
    deployment = stage.deployment
    server, host = next(iter(deployment.programs.values())), deployment.as_("host")
    kept = files(deployment)
    server.limit_files(200 * KIB)
    try:
        refused = host.upload(PDF + b"%" * (400 * KIB))
        assert (refused.status, refused.kind) == (507, "application/problem+json")
        assert "满了" in refused.body["detail"]
        assert files(deployment) == kept
        assert host.get("/me").status == 200
    finally:
        server.limit_files(None)
    assert host.upload(PDF + b"%" * (400 * KIB)).status == 201
    assert deployment.faults() == []


def test_no_room_for_what_is_still_being_sent(bureau_stage: Stage) -> None:
    deployment = bureau_stage.deployment
    deployment.start()
    host = deployment.as_("host")
    deployment.programs["web"].limit_files(2 * MIB)
    try:
        assert host.upload(PDF + b"%" * (4 * MIB)).status == 507
    finally:
        deployment.programs["web"].limit_files(None)
    left = [path for path in deployment.folder.iterdir() if path.is_file() and path.stat().st_size > MIB]
    assert left == []


def test_a_file_that_the_disk_cuts_short_leaves_nothing(school_stage: Stage, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(school_stage.deployment) as session:
        actor = load_actor(session, school_stage.world.people["host"])
        resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, hard))
        try:
            with pytest.raises(OSError, match="File too large"):
                attachments.store(session, tmp_path, actor, "发票.pdf", BytesIO(PDF + b"%" * (4 * MIB)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_room_for_the_database(school_stage: Stage) -> None:
    deployment = school_stage.deployment
    deployment.start()
    server, database = deployment.programs["run"], Path(deployment.folder, "data", "shenpi.sqlite3")
    with Load(deployment, school_stage.world) as load:
        eventually(lambda: load.answers() > 0, "people work")
        server.limit_files(database.stat().st_size // 2)
        try:
            eventually(lambda: load.repeats > 3, "the disk is full")
        finally:
            server.limit_files(None)
        before = load.answers()
        eventually(lambda: load.answers() > before, "people work again")
    is_whole(deployment, load)


def files(deployment: Deployment) -> set[Path]:
    kept = Path(deployment.folder, "data", "attachments")
    return {path for path in kept.rglob("*") if path.is_file()}
