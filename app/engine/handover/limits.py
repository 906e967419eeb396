"""What a judging process may use; on systems without such limits only the clock on the wall ends it."""

import os
import sys
from dataclasses import dataclass

# How the process ends that could not have the memory it wanted.
OUT_OF_MEMORY = 3


@dataclass(frozen=True)
class Limits:
    """Memory in bytes, the processor's time and the time on the wall in seconds."""

    memory: int = 1 << 30
    cpu: int = 10
    wall: float = 25.0


LIMITS = Limits()


def limit_this_process(memory: int, cpu: int) -> None:
    """Bound memory, processor time and files of the process that calls; without effect on Windows."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
