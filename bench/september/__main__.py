"""`python -m bench.september [SCHOOLS] [APPLICANTS]`: play a city's September, print what it took, and prove it right."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench.september import clocks


def main() -> int:
    """Play it on a PostgreSQL and a Redis of its own."""
    parser = argparse.ArgumentParser(prog="bench.september")
    parser.add_argument("schools", nargs="?", type=int, default=1000)
    parser.add_argument("applicants", nargs="?", type=int, default=30)
    parser.add_argument("--people", type=int, default=2, help="processes in which people act")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shenpi-september-") as folder:
        clock_file = Path(folder) / "clock.txt"
        clock_file.write_text("0")
        os.environ[clocks.FILE] = str(clock_file)
        clocks.follow()
        # Only now: what reads the clock keeps it as it is imported.
        from bench.september import plays  # noqa: PLC0415

        return plays.play(Path(folder), plays.Size(wanted.schools, wanted.applicants, wanted.people))


if __name__ == "__main__":
    sys.exit(main())
