"""One reader of a store: asks until its input ends, then prints how much it was answered."""

import random
import sys
import threading
from pathlib import Path
from typing import Final

from replay.questions import view_query
from replay.views.read_store import open_views_to_read
from store.opening import open_reader

PAUSE_S: Final = 0.1  # between two looks, as a window that follows the log has
PAGE: Final = 50


def main(path: Path) -> None:
    """Any error ends it, and the benchmark with it."""
    is_over = threading.Event()
    threading.Thread(target=_listen, args=[is_over], daemon=True).start()
    log, dice, answered = open_reader(path), random.Random(1), 0
    views = open_views_to_read(log)
    while not is_over.is_set():
        first = dice.randrange(1, log.head())
        log.page(first, first + PAGE)
        view_query.page(views, log, "streams", limit=PAGE)
        view_query.page(views, log, "streams", at=first, limit=PAGE)
        answered += 3
        if answered == 3:
            sys.stdout.write("reading\n")
            sys.stdout.flush()
        is_over.wait(PAUSE_S)
    sys.stdout.write(f"{answered}\n")


def _listen(is_over: threading.Event) -> None:
    sys.stdin.read()
    is_over.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
