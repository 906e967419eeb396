"""The platform under faults: on SQLite in one process, and on PostgreSQL with workers, each on stores of its own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.databases import memory
from tests.integration.school import School
from tests.servers.deployments import Composed, Deployment, Embedded
from tests.servers.stores import PostgresServer, RedisServer

# How often each fault strikes: a few times in the suite, as often as wanted by `make faults`.
ROUNDS = int(os.environ.get("SHENPI_FAULT_ROUNDS", "3"))


@dataclass
class Stage:
    """A deployment in use, and the stores that it stands on where it has any of its own."""

    deployment: Deployment
    world: School
    postgresql: PostgresServer | None = None
    redis: RedisServer | None = None


@pytest.fixture(scope="session")
def school_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    deployment = Embedded(tmp_path_factory.mktemp("school"))
    world = deployment.settle()
    deployment.start()
    yield Stage(deployment, world)
    deployment.stop()


@pytest.fixture(scope="session")
def bureau_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    # Not under pytest's own folder: each pytest of this machine closes that one to the user whom the server runs as.
    with TemporaryDirectory(prefix="shenpi-pg-", dir=memory()) as folder:
        Path(folder).chmod(0o755)
        yield from _bureau(PostgresServer(Path(folder, "data")), tmp_path_factory)


def _bureau(postgresql: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    redis = RedisServer(tmp_path_factory.mktemp("redis"))
    redis.start()
    deployment = Composed(tmp_path_factory.mktemp("bureau"), postgresql.url, redis.url)
    world = deployment.settle()
    deployment.start()
    yield Stage(deployment, world, postgresql, redis)
    deployment.stop()
    redis.program.kill()
    postgresql.clean_up()


@pytest.fixture(params=["school", "bureau"])
def stage(request: pytest.FixtureRequest) -> Stage:
    found: Stage = request.getfixturevalue(f"{request.param}_stage")
    found.deployment.start()
    return found
