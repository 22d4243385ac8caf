"""A process that appends one event every few milliseconds until its input ends; prints how many,
and how many of them failed."""

import json
import sys
import threading
from pathlib import Path
from typing import Final

from benchmarks.event_source import payloads
from store.errors import StoreError
from store.events import NewEvent
from store.sqlite.store import open_store

BETWEEN_S: Final = 0.01


def main() -> int:
    """One argument: the path of the log."""
    ended = threading.Event()
    threading.Thread(target=_listen, args=(ended,), daemon=True).start()
    events = (NewEvent.of(type_, data) for type_, data in payloads())
    store, appended, failed = open_store(Path(sys.argv[1])), 0, 0
    while not ended.wait(BETWEEN_S):
        try:
            store.append(f"steady-{appended % 50}", [next(events)], expected=None)
            appended += 1
        except StoreError:
            failed += 1
    store.close()
    sys.stdout.write(json.dumps({"appended": appended, "failed": failed}) + "\n")
    return 0


def _listen(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


if __name__ == "__main__":
    sys.exit(main())
