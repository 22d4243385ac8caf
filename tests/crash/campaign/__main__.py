"""The command: see tests/crash/campaign/__init__.py."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.crash.campaign import appends, copies, imports, messages, views
from tests.crash.campaign.trial import Count, Fault, Trials

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
        copies.KIND,
    )
}


def main() -> int:
    """Exit code 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.campaign")
    parser.add_argument("--kills", type=int, default=1_000, help="altogether")
    parser.add_argument("--kind", choices=list(KINDS), action="append")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    names = arguments.kind or list(KINDS)
    folder = Path(tempfile.mkdtemp(prefix="foldline-campaign-"))
    faults = 0
    for nth, name in enumerate(names):
        share = arguments.kills * (nth + 1) // len(names) - arguments.kills * nth // len(names)
        faults += _tell(name, _tried(name, folder / name, arguments.seed, share))
    if not faults:
        shutil.rmtree(folder)
    return 1 if faults else 0


def _tried(name: str, folder: Path, seed: int, kills: int) -> Count:
    trials = Trials(KINDS[name], folder, seed)
    try:
        trials.prepare()
        trials.run(kills)
    except Fault as fault:
        trials.count.faults.append(str(fault))
    return trials.count


def _tell(name: str, count: Count) -> int:
    print(
        f"{name}: {count.kills} killed, {count.said} of them had said something, "
        f"{count.late} had ended before; {len(count.faults)} faults",
        flush=True,
    )
    for it in count.faults:
        print(f"--- {it}", flush=True)
    return len(count.faults)


if __name__ == "__main__":
    sys.exit(main())
