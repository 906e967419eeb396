"""`python -m bench [WORKLOAD…] [--short] [--write FILE]`: measure, print, and fail where a promise is not kept."""

import argparse
import importlib
import sys
from pathlib import Path

from bench.databases import DATABASES
from bench.figures import Figure
from bench.report import line_of, write

WORKLOADS = ("w1", "w2", "w3", "w4", "w5", "http", "leaks", "pages")


def main() -> int:
    """Run the wanted workloads on both databases."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("workloads", nargs="*", default=WORKLOADS)
    parser.add_argument("--short", action="store_true", help="few rounds and rows: does it run at all")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--write", type=Path, metavar="FILE")
    wanted = parser.parse_args()
    figures: list[Figure] = []
    for name in wanted.workloads:
        for made in wanted.database or DATABASES:
            with DATABASES[made]() as database:
                found = importlib.import_module(f"bench.{name}").run(database, short=wanted.short)
            figures += found
            print(*map(line_of, found), sep="\n", flush=True)  # noqa: T201 - this is what it is for
            if wanted.write:  # after each: a run takes many minutes, and what was measured is not lost
                write(figures, wanted.write, "make bench")
    # A short run says whether it runs; only a full one is held against the promises.
    return 0 if wanted.short or all(figure.is_kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
