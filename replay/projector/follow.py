"""Events as they come, for a program that taps the log: what is there first, then what follows.

No transaction stays open in between, so whoever writes never waits for one who follows.
"""

import select
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery

POLL_S: Final = 0.05  # between two looks at the log


def follow(
    log: EventReader,
    query: EventQuery,
    *,
    after: int,
    pause: Callable[[], None],
) -> Iterator[RecordedEvent]:
    """Every event behind a position that the query asks for, once and in order, for ever.

    `pause` is called whenever there is nothing new; whatever it raises ends it.
    """
    seen = -1
    while True:
        version = log.data_version()
        if version == seen:
            pause()
            continue
        seen, head = version, log.head()
        yield from log.read(query, after=after, until=head)
        after = head


def wait_for_more() -> None:
    """Let what was printed go, and wait a little. Raises BrokenPipeError when nobody listens."""
    sys.stdout.flush()
    if not _is_heard():
        raise BrokenPipeError
    time.sleep(POLL_S)


def _is_heard() -> bool:
    """Whether somebody still reads our output, where the system tells (not on Windows)."""
    if not hasattr(select, "poll"):  # pragma: no cover
        return True
    try:
        output = sys.stdout.fileno()
    except (OSError, ValueError):
        return True  # it is no pipe
    asking = select.poll()
    asking.register(output, 0)
    return not any(it & (select.POLLERR | select.POLLHUP) for _, it in asking.poll(0))
