"""One import into a new log: prints its seconds, its events and the most memory it took."""

import json
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from store.transfer.ingest import ingest


def main(path: Path) -> dict[str, float | int]:
    """Any error ends it, and the benchmark with it."""
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        report = ingest(path, into=Path(folder) / "log.foldline")
        seconds = perf_counter() - started
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "events": report.stored, "peak_kib": peak_kib}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))) + "\n")
