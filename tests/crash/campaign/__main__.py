"""The command: see tests/crash/campaign/__init__.py."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.crash.campaign import appends, copies, imports, messages, views
from tests.crash.campaign.trial import Count, Fault, Trials
from tests.small_disk import small_disk

DISK: Final = 24 << 20  # bytes

KINDS: Final = {
    it.name: it
    for it in (
        appends.KIND,
        imports.NEW,
        imports.EXISTING,
        views.PROJECT,
        views.REBUILD,
        messages.ISSUE,
        messages.DISPATCH,
        messages.CORRECT,
        copies.BACKUP,
        copies.COMPACT,
        copies.SALVAGE,
        copies.MIGRATE,
        copies.CHECKPOINTS,
        copies.EXPORT,
    )
}


def main() -> int:
    """Exit code 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.campaign")
    parser.add_argument("--kills", type=int, default=1_000, help="altogether")
    parser.add_argument("--kind", choices=list(KINDS), action="append")
    parser.add_argument("--full", action="store_true", help="the disk is full instead")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    names = arguments.kind or list(KINDS)
    folder = Path(tempfile.mkdtemp(prefix="foldline-campaign-"))
    faults = 0
    with small_disk(folder / "disk", DISK) as disk:
        for nth, name in enumerate(names):
            share = arguments.kills * (nth + 1) // len(names) - arguments.kills * nth // len(names)
            full = disk if arguments.full else None
            trials = Trials(KINDS[name], folder / name, arguments.seed, full)
            faults += _tell(name, _tried(trials, share), "without room" if full else "killed")
    if not faults:
        shutil.rmtree(folder)
    return 1 if faults else 0


def _tried(trials: Trials, troubles: int) -> Count:
    try:
        trials.prepare()
        trials.run(troubles)
    except Fault as fault:
        trials.count.faults.append(str(fault))
    return trials.count


def _tell(name: str, count: Count, what: str) -> int:
    print(
        f"{name}: {count.troubles} {what}, {count.said} of them had said something, "
        f"{count.late} came to their end; {len(count.faults)} faults",
        flush=True,
    )
    for it in count.faults:
        print(f"--- {it}", flush=True)
    return len(count.faults)


if __name__ == "__main__":
    sys.exit(main())
