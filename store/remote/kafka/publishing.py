"""Publish a store to a topic: what it holds, then what comes, whatever is unreachable meanwhile."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from typing import Final

from store.remote.address import Address
from store.remote.distance import Distance
from store.remote.errors import Refused, Unreachable
from store.remote.feed import LOOK_S, PAUSES_S, WAITED_S
from store.remote.interface import RemoteEvent
from store.remote.kafka.relay import PAGE, Relay
from store.remote.published_log import OpenSource, Source

MOST: Final = 8 * PAGE  # events of one transaction; each takes the broker some round trips


class Publishing:
    """One store on its way into one topic. One thread.

    While it follows, a server that cannot be reached, the broker or the one of the store, is tried
    again, and everything goes on where it ended; at first, and without following, that raises
    Unreachable or Refused. A later relay raises RelayFenced.
    """

    def __init__(
        self,
        open_source: Callable[[], OpenSource],
        address: Address,
        *,
        is_endless: bool,
        is_ended: Callable[[], bool] = lambda: False,
        on_published: Callable[[int], None] = lambda _events: None,
        tell: Callable[[Distance], None] = lambda _distance: None,
    ) -> None:
        self._open_source, self._address = open_source, address
        self._is_endless, self._is_ended = is_endless, is_ended
        self._on_published, self._tell = on_published, tell
        self._topic = ""  # its identity, once it is known
        self._behind_since: float | None = None  # by the monotonic clock
        self._tried, self._most = 0, PAGE

    def run(self) -> int:
        """Until there is nothing more, or the end is wanted; how many events are published now, by
        this run and those before. Raises WrongAddress, NotARemote, TooLarge, RemoteReplaced."""
        while True:
            try:
                return self._run()
            except (Unreachable, Refused) as error:  # it may be starting up, or shutting down
                if not (self._is_endless and self._topic):
                    raise
                self._fell_behind()
                self._tell(Distance(events=None, seconds=self._late_s(), trouble=error.reason))
                if not self._rested(PAUSES_S[min(self._tried, len(PAUSES_S) - 1)]):
                    return 0
                self._tried += 1

    def _run(self) -> int:
        with ExitStack() as stack:
            source = stack.enter_context(closing(self._open_source()))
            relay = Relay(source, self._address, topic_identity=self._topic)
            stack.enter_context(closing(relay))
            self._topic = relay.topic.identity
            found = source.page(relay.reached.cursor, limit=PAGE)
            while not self._is_ended():
                if found:
                    found = self._published(source, relay, found)
                    continue
                self._behind_since = None
                self._tell(Distance())
                if not self._is_endless:
                    break
                self._waited(source)
                found = source.page(relay.reached.cursor, limit=PAGE)
            return relay.reached.events

    def _published(
        self, source: Source, relay: Relay, events: Sequence[RemoteEvent]
    ) -> Sequence[RemoteEvent]:
        """Publish some, and read the next ones while these are on their way. As many are committed
        together as came before: the first ones are seen at once, and of many none waits long."""
        self._fell_behind()
        relay.begin(events)
        count, following = len(events), source.page(events[-1].cursor, limit=PAGE)
        while following and count < self._most and not self._is_ended():
            relay.add(following)
            count += len(following)
            following = source.page(following[-1].cursor, limit=PAGE)
        relay.end()
        self._tried, self._most = 0, min(2 * self._most, MOST)
        self._on_published(count)
        behind = source.distance(relay.reached.cursor)
        self._tell(Distance(events=behind, seconds=self._late_s()))
        return following

    def _waited(self, source: Source) -> None:
        ends = time.monotonic() + WAITED_S
        while time.monotonic() < ends and not self._is_ended():
            if source.wait(LOOK_S):
                return

    def _rested(self, pause_s: float) -> bool:
        """False when the end is wanted meanwhile."""
        ends = time.monotonic() + pause_s
        while time.monotonic() < ends:
            if self._is_ended():
                return False
            time.sleep(LOOK_S)
        return not self._is_ended()

    def _fell_behind(self) -> None:
        if self._behind_since is None:
            self._behind_since = time.monotonic()

    def _late_s(self) -> float:
        return 0.0 if self._behind_since is None else time.monotonic() - self._behind_since
