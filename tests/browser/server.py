"""A real server process, `shenpi run`, on a data directory of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_START_S = 300


@dataclass(frozen=True)
class Server:
    """Where it answers, and what it says on the console."""

    address: str
    output: Path

    @property
    def setup_code(self) -> str:
        found = re.search(r"设置码：(\S+)", self.output.read_text("utf-8"))
        assert found, "the console prints no set-up code"
        return found[1]


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Server]:
    """Run the server until the block ends; it must end cleanly and leave no trace of an error."""
    port = _free_port()
    server = Server(f"http://127.0.0.1:{port}", folder / "console.txt")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SHENPI_")},
        "SHENPI_DATA_DIR": str(folder / "data"),
        "SHENPI_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    command: list[str | Path] = [Path(sys.executable).with_name("shenpi"), "run", *options]
    with server.output.open("wb") as console:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=console, stderr=subprocess.STDOUT)
    try:
        _wait(process, server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert "Traceback" not in server.output.read_text("utf-8")


@contextmanager
def running_demo(built: Path, folder: Path) -> Iterator[Server]:
    """Run a demo on a copy of its data as they were built."""
    shutil.copytree(built, folder / "data")
    with running(folder, "--demo") as server:
        yield server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], server: Server) -> None:
    until = time.monotonic() + LONGEST_START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{server.address}/verify", timeout=5).close()  # noqa: S310 - our own server
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError(server.output.read_text("utf-8"))
