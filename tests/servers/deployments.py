"""The platform as it is run: one process on SQLite, or what docker-compose.yml starts, on PostgreSQL and Redis."""

import atexit
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import installation
from app.config import Settings
from app.services import doctor, journal
from app.services import settings as marks
from app.services.files import attachment_files
from app.services.transactions import writing
from tests.integration import school as worlds
from tests.integration.school import School
from tests.servers import compose
from tests.servers.clients import Client, Reply
from tests.servers.programs import Program, bare_environment, eventually, executable, free_port

SECRET = "0123456789abcdef0123456789abcdef"
GIVEN = {
    "SHENPI_DATABASE_PASSWORD": "of-the-test",
    "SHENPI_SECRET_KEY": SECRET,
    "SHENPI_PUBLIC_URL": "http://127.0.0.1",
    "SHENPI_BEHIND_TLS": "0",
    "SHENPI_TRUSTED_PROXIES": "0",
}


class Deployment:
    """Programs over one database and one folder of files."""

    def __init__(self, folder: Path, database_url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.database_url, self.port = folder, database_url, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.programs: dict[str, Program] = {}

    @staticmethod
    def mailing(port: int) -> dict[str, str]:
        """Return the settings of a mail server of this machine."""
        settings = {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "none", "SENDER": "shenpi@example.edu.cn"}
        return {f"SHENPI_SMTP_{name}": value for name, value in settings.items()}

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SHENPI_DATA_DIR": str(self.folder / "data"),
            "SHENPI_DATABASE_URL": self.database_url,
            "SHENPI_HOST": "127.0.0.1",
            "SHENPI_PORT": str(self.port),
            "TMPDIR": str(self.folder),
        }

    def start(self) -> None:
        """Start what does not run, and wait until it serves."""
        for program in self.programs.values():
            if not program.is_running():
                program.start()
        eventually(lambda: self.answers("/healthz"), "the server answers")

    def stop(self) -> None:
        for program in self.programs.values():
            program.kill()

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except OSError:
            return False

    def shenpi(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        environment = {**bare_environment(), **self.environment, **changes}
        command = [executable("shenpi"), *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=180, check=False
        )

    def bring_up(self) -> Engine:
        """Bring the database up."""
        return installation.prepared(Settings.from_environment(self.environment))

    def settle(self) -> School:
        """Bring the database up and build the small world in it."""
        engine = self.bring_up()
        with Session(engine) as session:
            world = worlds.build(session, self.folder / "data" / "attachments")
            world.confirm_budget()
            with writing(session):
                marks.write(session, marks.INSTALLED, value=True)
                marks.write(session, marks.TEST, value=True)
        engine.dispose()
        return world

    def faults(self) -> list[str]:
        """Return what the journal's check and the doctor find."""
        settings = Settings.from_environment(self.environment)
        engine = installation.opened(settings)
        with Session(engine) as session:
            missing = attachment_files.missing(session, settings.attachments_dir)
            found = [*map(str, journal.verify(session)), *map(str, doctor.examine(session)), *map(str, missing)]
        engine.dispose()
        return found

    def as_(self, username: str) -> Client:
        return Client(self.address, username).sign_in()

    def as_stranger(self, path: str) -> Reply:
        return Client(self.address, "").page(path)

    def twin(self) -> "Deployment":
        """Return the same programs once more, over the same database and files."""
        other = copy(self)
        other.port = free_port()
        other.address = f"http://127.0.0.1:{other.port}"
        other.programs = {
            name: Program(one.command, {**one.environment, **other.environment}, self.folder / f"second_{name}.txt")
            for name, one in self.programs.items()
        }
        return other


class Embedded(Deployment):
    """`shenpi run`: one process on SQLite, which keeps its key beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, f"sqlite:///{folder / 'data' / 'shenpi.sqlite3'}")
        self.programs["run"] = Program(["shenpi", "run"], self.environment, folder / "run.txt")

    def settle(self) -> School:
        """Copy what was brought up and built for the first that asked."""
        kept, world = _settled()
        shutil.copytree(kept, self.folder / "data")
        files = self.folder / "data" / "attachments"
        return replace(world, files=files, organizations=dict(world.organizations), people=dict(world.people))

    def settle_anew(self) -> School:
        """Bring the database up and build the small world in it."""
        return super().settle()


@cache
def _settled() -> tuple[Path, School]:
    """Return the data of a school in which nobody has worked yet, built once for all that settle on SQLite."""
    folder = Path(tempfile.mkdtemp(prefix="shenpi-settled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "data", Embedded(folder).settle_anew()


class Composed(Deployment):
    """The commands of docker-compose.yml, as they stand there, as processes of this machine."""

    SERVICES = ("web", "worker", "beat")

    def __init__(self, folder: Path, database_url: str, redis_url: str, services: tuple[str, ...] = SERVICES) -> None:
        self.redis_url = redis_url
        super().__init__(folder, database_url)
        self.services: dict[str, Any] = compose.resolved(GIVEN)["services"]
        for name in services:
            self.programs[name] = Program(self.services[name]["command"], self.of(name), folder / f"{name}.txt")

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "SHENPI_SECRET_KEY": SECRET, "SHENPI_REDIS_URL": self.redis_url}

    def of(self, service: str) -> dict[str, str]:
        """Return a service's own environment, with this machine's addresses in place of the containers'."""
        written = {name: str(value) for name, value in self.services[service]["environment"].items()}
        return {**written, **self.environment}

    def is_healthy(self, service: str) -> bool:
        """Run the service's health check."""
        _kind, *command = self.services[service]["healthcheck"]["test"]
        command = [part.replace(":8000", f":{self.port}") for part in command]
        environment = {**bare_environment(), **self.of(service)}
        done = subprocess.run(
            [executable(command[0]), *command[1:]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return done.returncode == 0
