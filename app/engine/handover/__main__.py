"""The process that judges one job: reads it from its standard input, writes the verdict, ends."""

import sys

from app.engine.handover.jobs import read_job
from app.engine.handover.judging import judge
from app.engine.handover.limits import OUT_OF_MEMORY, limit_this_process


def main() -> int:
    """Judge what comes in, within the memory and seconds of the arguments; what runs out ends without a verdict."""
    memory, cpu = map(int, sys.argv[1:])
    limit_this_process(memory, cpu)
    try:
        written = judge(read_job(sys.stdin.buffer.read())).written()
    except MemoryError:
        return OUT_OF_MEMORY
    sys.stdout.buffer.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
