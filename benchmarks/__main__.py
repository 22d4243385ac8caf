"""python -m benchmarks [NAME …]: run all benchmarks, or the named ones. Exit 1: one missed."""

import argparse
import importlib
import platform
import sqlite3
import sys
from time import perf_counter
from typing import Final

from benchmarks.measure import Size, show

NAMES: Final = (
    "append",
    "branches",
    "branch_window",
    "consequences",
    "durable",
    "verify",
    "readers",
    "ingest",
    "tables",
    "git_history",
    "fold",
    "find",
    "run_until",
    "projections",
    "pages",
    "divergence",
    "snapshots",
    "search",
    "filters",
    "window",
    "hover",
    "first_paint",
    "palette",
    "look",
    "following",
    "rebuild_hold",
    "snapshot_hold",
    "decide",
    "typed_fold",
    "teach",
    "lint",
    "occurred",
    "blame",
    "rules",
    "without",
    "peers",
    "mining",
)


def main() -> int:
    """Run and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, same ratios")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    sys.stdout.write(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n")
    all_reached, size = True, Size.QUICK if arguments.quick else Size.FULL
    for name in arguments.names or NAMES:
        began = perf_counter()
        sys.stderr.write(f"{name} …\n")  # some make a store of minutes before they measure
        bench = importlib.import_module(f"benchmarks.{name}")
        results = bench.run(size)
        sys.stderr.write(f"{name}: {perf_counter() - began:.0f} s\n")
        all_reached &= show(results)
    return 0 if all_reached else 1


if __name__ == "__main__":
    sys.exit(main())
