"""python -m benchmarks.engines [NAME …]: all benchmarks of this folder, or the named ones, each
with a real server that it starts. Exit 1: one missed."""

import argparse
import importlib
import pkgutil
import platform
import signal
import sys

from benchmarks import engines
from benchmarks.measure import Size, show


def main() -> int:
    """Run and tell."""
    known = sorted(it.name for it in pkgutil.iter_modules(engines.__path__) if it.name[0] != "_")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, same ratios")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    sys.stdout.write(f"Python {platform.python_version()}\n")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # no server outlives us
    all_reached, size = True, Size.QUICK if arguments.quick else Size.FULL
    for name in arguments.names or known:
        bench = importlib.import_module(f"benchmarks.engines.{name}")
        all_reached &= show(bench.run(size))
    return 0 if all_reached else 1


if __name__ == "__main__":
    sys.exit(main())
