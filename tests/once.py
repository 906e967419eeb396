"""What is built once for all workers of a run."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def built(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """Return a folder that the first worker who asks fills; the others wait for it. It is only to be copied."""
    base = factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "is_whole").exists():
            build(folder)
            (folder / "is_whole").touch()
    return folder
