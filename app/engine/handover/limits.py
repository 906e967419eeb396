"""What a judging process may use; on systems without such limits only the clock on the wall ends it."""

import os
import sys

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 10
WALL_SECONDS = 25
# How the process ends that could not have the memory it wanted.
OUT_OF_MEMORY = 3


def limit_this_process() -> None:
    """Bound memory, processor time and files of the process that calls; without effect on Windows."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
