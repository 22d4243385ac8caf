"""Every round, or those that are named. The exit code is 0 when all came back as they were."""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.with_libraries.environments import Missing
from tests.with_libraries.rounds import ROUNDS, Mismatch


def main(names: Sequence[str]) -> int:
    """A line for each."""
    unknown = [it for it in names if it not in ROUNDS]
    if unknown:
        sys.stderr.write(f"no such library: {unknown[0]}; there are {', '.join(ROUNDS)}\n")
        return 2
    failed = 0
    for name in names or ROUNDS:
        with TemporaryDirectory(prefix="foldline-libraries-") as folder:
            try:
                told = ROUNDS[name](Path(folder))
            except (Mismatch, Missing) as error:
                failed += 1
                told = f"FAILED: {error}"
        sys.stdout.write(f"{name}: {told}\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
