"""A process that appends one event every few milliseconds until its input ends; prints how many,
and how many of them failed."""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Final

from benchmarks.event_source import payloads
from store.errors import StoreError
from store.events import NewEvent
from store.sqlite.store import open_store

BETWEEN_S: Final = 0.01


def main() -> int:
    """The path of the log and, if not BETWEEN_S, the seconds from one append to the next."""
    ended = threading.Event()
    threading.Thread(target=_listen, args=(ended,), daemon=True).start()
    events = (NewEvent.of(type_, data) for type_, data in payloads())
    store, appended, failed = open_store(Path(sys.argv[1])), 0, 0
    between_s = float(sys.argv[2]) if len(sys.argv) > 2 else BETWEEN_S
    due_s = time.monotonic()
    while not ended.wait(max(due_s - time.monotonic(), 0)):
        due_s = max(due_s + between_s, time.monotonic())
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
