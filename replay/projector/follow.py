"""Events as they come, for a program that taps the log: what is there first, then what follows.

No transaction stays open in between, so whoever writes never waits for one who follows.
"""

import select
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

from replay.standard_output import OUTPUT
from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery

LOOK_S: Final = 0.1  # between two looks at whether somebody still listens


def follow(
    log: EventReader,
    query: EventQuery,
    *,
    after: int,
    pause: Callable[[], None],
) -> Iterator[RecordedEvent]:
    """Every event behind a position that the query asks for, once and in order, for ever.

    `pause` is called whenever all there is was told, and every LOOK_S while nothing comes;
    whatever it raises ends it.
    """
    with closing(log.commits()) as commits:
        while True:
            if commits.wait(LOOK_S):
                head = log.head()
                yield from log.read(query, after=after, until=head)
                after = head
            pause()


def pass_on() -> None:
    """Let what was printed go. Raises BrokenPipeError when nobody listens."""
    OUTPUT.flush()
    if not _is_heard():
        raise BrokenPipeError


def _is_heard() -> bool:
    """Whether somebody still reads our output, where the system tells (not on Windows)."""
    if not hasattr(select, "poll"):  # pragma: no cover
        return True
    try:
        output = OUTPUT.fileno()
    except (OSError, ValueError):
        return True  # it is no pipe
    asking = select.poll()
    asking.register(output, 0)
    return not any(it & (select.POLLERR | select.POLLHUP) for _, it in asking.poll(0))
