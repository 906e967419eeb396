"""Programs that run as processes of their own, are killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
LONGEST_WAIT_S = 90


class Program:
    """A process with its console in a file; it may be ended and started again."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], console: Path) -> None:
        self.command = [executable(command[0]), *command[1:]]
        self.environment, self.console = environment, console
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Program":
        with self.console.open("ab") as console:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.console.parent,
                env={**bare_environment(), **self.environment},
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the program and its children as a power cut does."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)

    def stop(self) -> int:
        """Tell it to end, and wait until it has."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=LONGEST_WAIT_S)
        finally:
            self.kill()

    def limit_files(self, most_bytes: int | None) -> None:
        """Let no file of the program and its children grow above a size, as on a full disk; None lifts it again."""
        running = psutil.Process(self.process.pid)
        for process in (running, *running.children(recursive=True)):
            _soft, hard = process.rlimit(psutil.RLIMIT_FSIZE)
            process.rlimit(psutil.RLIMIT_FSIZE, (hard if most_bytes is None else most_bytes, hard))

    def said(self) -> str:
        return self.console.read_text("utf-8", errors="replace")


def bare_environment() -> dict[str, str]:
    """Return this process's environment without settings of the platform."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHENPI_", "PG"))}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


def executable(name: str) -> str:
    """Return a program of the tests' own environment, or the one on PATH."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(holds: Callable[[], bool], what: str, longest_s: float = LONGEST_WAIT_S) -> None:
    """Wait until something holds, as long as a busy machine needs."""
    until = time.monotonic() + longest_s
    while not holds():
        assert time.monotonic() < until, f"in vain: {what}"
        time.sleep(0.1)
