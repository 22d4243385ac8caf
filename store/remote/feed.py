"""A store on a server as a feed: what a local log is mirrored from."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from store.errors import WrongRules
from store.provenance import Origin
from store.reading.format import Incoming, Record
from store.remote.distance import Distance
from store.remote.errors import Refused, RemoteReplaced, Unreachable
from store.remote.interface import PAGE, Abilities, RemoteEvent, RemoteReader
from store.shaping.check import require_sound
from store.shaping.pipeline import shaped_piece
from store.shaping.rules import NO_RULES, ImportRules
from store.shaping.shaper import Shaper
from store.transfer.mirror import Batch
from store.transfer.report import Tally
from store.words import said

WAITED_S: Final = 1.0  # for a sign of something new; then it is looked for without one
PAUSES_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)  # before the server is tried again; the last repeats
HELD_UP_S: Final = 60.0  # for transactions that have not ended, by a copy that is to end
LOOK_S: Final = 0.1  # between two looks at whether the mirror is to end
# A batch is as long as what came before it, so that the first ones are seen at once, and a long
# copy waits for the disk seldom.
MOST_EVENTS: Final = 32_000
MOST_TEXT: Final = 16_000_000  # characters of payloads


class RemoteFeed:
    """store.transfer.mirror.Feed of a store on a server. One thread.

    While it follows, a server that cannot be reached or lets nobody in is tried again, and
    everything goes on where it ended; without following that raises Unreachable or Refused. A
    store that has become another one raises RemoteReplaced.
    """

    def __init__(
        self,
        open_reader: Callable[[], RemoteReader],
        *,
        scheme: str = "",
        is_endless: bool = True,
        is_ended: Callable[[], bool] = lambda: False,
        tell: Callable[[Distance], None] = lambda _distance: None,
        look: Callable[[Sequence[RemoteEvent]], Mapping[str, Any]] = lambda _events: {},
    ) -> None:
        """The reader is opened at once. Raises what that raises. `scheme` is the usual one of the
        kind of server, whichever of its schemes the address has. `look` sees the events before
        they are stored, and says what is to be kept with them."""
        self._open = open_reader
        self._reader = open_reader()
        self._is_endless, self._is_ended, self._tell = is_endless, is_ended, tell
        self._behind_since: float | None = None  # by the monotonic clock
        self._look = look
        self._noted: Mapping[str, Any] = {}
        self._rules = NO_RULES
        self._shaper: Shaper | None = None
        self.format_name = self._reader.abilities.format_name or self._reader.address.scheme
        self._scheme = scheme or self._reader.address.scheme
        self.name = self._name_of(self._reader)

    @property
    def abilities(self) -> Abilities:
        """Of the store that is there."""
        return self._reader.abilities

    @property
    def settings(self) -> Mapping[str, Any]:
        rules = {} if self._rules == NO_RULES else {"rules": self._rules.as_dict()}
        return {"address": self._reader.address.shown, **self._noted, **rules}

    def follow_rules(self, rules: ImportRules) -> None:
        """What comes from now on is shaped by these, as an import is. Raises WrongRules."""
        require_sound(rules)
        if rules.order or rules.encoding:
            where = "order" if rules.order else "encoding"
            raise WrongRules([(where, said("events of a server are read as they come"))])
        self._rules = rules
        self._shaper = Shaper(rules) if rules.changes_events else None

    def shaped(self, records: Sequence[Record], tally: Tally) -> Sequence[Record]:
        return list(shaped_piece(records, self._shaper, tally))

    def close(self) -> None:
        """Free the connection."""
        self._reader.close()

    def batches(self, after: str | None) -> Iterator[Batch]:
        """Raises RemoteReplaced, NotARemote and, unless it follows, Unreachable and Refused."""
        tried = 0
        while True:
            try:
                if tried:
                    self._open_again()
                for batch in self._following(after):
                    tried = 0
                    yield batch
                    after = batch.cursor
            except (Unreachable, Refused) as error:  # it may be starting up, or shutting down
                if not self._is_endless:
                    raise
                self._fell_behind()
                self._told(Distance(events=None, seconds=self._late_s(), trouble=error.reason))
                if not self._rested(PAUSES_S[min(tried, len(PAUSES_S) - 1)]):
                    return
                tried += 1
            else:
                return

    def _following(self, after: str | None) -> Iterator[Batch]:
        """Until there is nothing more, or the end is wanted."""
        held_up = 0  # looks that found nothing though something is there
        most = PAGE
        while not self._is_ended():
            found = self._pages(after, most)
            if found:
                held_up, most = 0, min(2 * most, MOST_EVENTS)
                self._fell_behind()
                after = found[-1].cursor
                self._noted = self._look(found)
                yield Batch(records=_records(found), cursor=after)
                self._told(Distance(events=self._reader.distance(after), seconds=self._late_s()))
                continue
            if waiting := self._reader.distance(after):
                held_up += 1
                if held_up > 1 and not self._is_held_up(waiting):
                    return
                continue  # at once at first: it may have come between the two questions
            held_up = 0
            self._behind_since = None
            self._told(Distance())
            if not self._is_endless:
                return
            self._waited()

    def _pages(self, after: str | None, most: int) -> Sequence[RemoteEvent]:
        """What follows a cursor, as long as each page is full. A server that goes away meanwhile
        is met again when what came before that is stored."""
        page = self._reader.page(after, limit=PAGE)
        if len(page) < PAGE:
            return page
        found, text = list(page), _text(page)
        while len(found) < most and text < MOST_TEXT and not self._is_ended():
            try:
                page = self._reader.page(found[-1].cursor, limit=PAGE)
            except (Unreachable, Refused):
                break
            found += page
            text += _text(page)
            if len(page) < PAGE:
                break
        return found

    def _is_held_up(self, waiting: int) -> bool:
        """What is there cannot be read yet: somebody before it may still commit. False when this
        has taken too long for a copy that is to end."""
        self._fell_behind()
        self._told(Distance(events=waiting, seconds=self._late_s()))
        if not self._is_endless and self._late_s() > HELD_UP_S:
            return False
        return self._rested(LOOK_S)

    def _waited(self) -> None:
        ends = time.monotonic() + WAITED_S
        while time.monotonic() < ends and not self._is_ended():
            if self._reader.wait(LOOK_S):
                return

    def _rested(self, pause_s: float) -> bool:
        """False when the end is wanted meanwhile."""
        ends = time.monotonic() + pause_s
        while time.monotonic() < ends:
            if self._is_ended():
                return False
            time.sleep(LOOK_S)
        return not self._is_ended()

    def _open_again(self) -> None:
        """Raises RemoteReplaced when another store is there now, and what opening raises."""
        self._reader.close()
        self._reader = self._open()
        if self.name != self._name_of(self._reader):
            raise another_store(self._reader)

    def _name_of(self, reader: RemoteReader) -> str:
        """At every reading the same, and no other store's."""
        return f"{self._scheme}:{reader.identity()}"

    def _fell_behind(self) -> None:
        if self._behind_since is None:
            self._behind_since = time.monotonic()

    def _late_s(self) -> float:
        return 0.0 if self._behind_since is None else time.monotonic() - self._behind_since

    def _told(self, distance: Distance) -> None:
        self._tell(distance)


def another_store(reader: RemoteReader) -> RemoteReplaced:
    """Where a store that was read before should be, another one is."""
    reason = said("the event store there is another one than was mirrored here")
    return RemoteReplaced(reason, reader.address.shown)


def _text(page: Sequence[RemoteEvent]) -> int:
    return sum(len(it.event.data_json) for it in page)


def _records(found: Sequence[RemoteEvent]) -> list[Record]:
    if not any(it.passed for it in found):
        return [it.record or _incoming(it) for it in found]
    records: list[Record] = []
    for it in found:
        records += (*it.passed, it.record or _incoming(it))
    return records


def _incoming(it: RemoteEvent) -> Incoming:
    origin = Origin(cursor=it.place, is_exact=True)
    return Incoming(stream=it.stream, event=it.event, version=it.version, origin=origin)
