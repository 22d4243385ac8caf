"""Write rows to a query store: what is there, then what comes. Nothing local waits for it."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Final

from replay.catalog.all_views import views_of
from replay.own.own_states import own_names
from replay.projector.catch_up import catch_up
from replay.query_store.interface import QueryStore
from replay.query_store.kind import open_query_store
from replay.query_store.lease import LOOK_S
from replay.query_store.sinker import Sinker, Sunk
from replay.query_store.source import EVENTS, EventSource, source_of
from replay.questions.known_view import known_view
from replay.rules.rules_tables import NAME as RULES
from replay.views.read_store import reading_views
from store.interface import EventReader
from store.remote.address import Address
from store.remote.errors import Refused, Unreachable

PAUSES_S: Final = (0.5, 1.0, 2.0, 5.0)  # before the server is tried again; the last repeats
LATE_LOOKS: Final = 4  # until a view is looked at that another process still folds


class Sinking:
    """The rows of some views of a log on their way to one address. One thread."""

    def __init__(
        self,
        address: Address,
        log: EventReader,
        names: Sequence[str] = (),
        *,
        is_anew: bool = False,
        tell: Callable[[Sunk], None] = lambda _sunk: None,
        tell_trouble: Callable[[str], None] = lambda _trouble: None,
        is_ended: Callable[[], bool] = lambda: False,
    ) -> None:
        """Without names: all views that have rows, and the events. Raises UnknownView, NoRows."""
        self._address, self._log, self._is_anew = address, log, is_anew
        self._names = tuple(dict.fromkeys(names)) or usual_names(log)
        self._tell, self._tell_trouble, self._is_ended = tell, tell_trouble, is_ended
        with reading_views(log) as db:
            for it in self._names:
                if it != EVENTS:
                    known_view(it, log, db)

    def run_once(self, *, patience_s: float | None = None) -> Sequence[Sunk]:
        """Write what there is. Raises Unreachable, Refused, OtherRows, SinkRunning,
        NotAQueryStore, EngineMissing: what was written until then stays."""
        with closing(open_query_store(self._address)) as store:
            sinker = self._sinker(store)
            sinker.claim()
            try:
                return self._pass(sinker, patience_s)
            finally:
                sinker.release()

    def follow(self) -> None:
        """Write what there is and what comes, until the end is wanted. A server that cannot be
        reached is tried again. Raises as `run_once`, but for Unreachable and Refused."""
        tried = 0
        while not self._is_ended():
            try:
                with closing(open_query_store(self._address)) as store:
                    sinker = self._sinker(store)
                    sinker.claim()
                    self._tell_trouble("")
                    tried = 0
                    self._follow(sinker)
            except (Unreachable, Refused) as error:
                self._tell_trouble(error.reason)
                self._rest(PAUSES_S[min(tried, len(PAUSES_S) - 1)])
                tried += 1

    def _follow(self, sinker: Sinker) -> None:
        try:
            with closing(self._log.commits()) as commits:
                while not self._is_ended():
                    sunk = self._pass(sinker, None)
                    self._is_anew = False
                    is_late = any(it.behind and not it.trouble for it in sunk)
                    looks = LATE_LOOKS if is_late else None
                    while not (commits.wait(LOOK_S) or looks == 0 or self._is_ended()):
                        sinker.renew()
                        looks = None if looks is None else looks - 1
        finally:
            sinker.release()

    def _pass(self, sinker: Sinker, patience_s: float | None) -> Sequence[Sunk]:
        views = [it for it in self._names if it != EVENTS]
        catch_up(self._log, only=views, patience_s=patience_s, tells_age=False)
        with reading_views(self._log) as db:
            if db is None:
                return sinker.advance([EventSource(self._log)] if EVENTS in self._names else [])
            return sinker.advance([source_of(db, self._log, it) for it in self._names])

    def _sinker(self, store: QueryStore) -> Sinker:
        return Sinker(
            store,
            self._log,
            is_anew=self._is_anew,
            tell=self._tell,
            is_ended=self._is_ended,
        )

    def _rest(self, pause_s: float) -> None:
        ends = time.monotonic() + pause_s
        while time.monotonic() < ends and not self._is_ended():
            time.sleep(LOOK_S)


def usual_names(log: EventReader) -> tuple[str, ...]:
    """The events, and the views that have rows and for which the log has something."""
    rows = [it.name for it in views_of(log) if it.projection is not None]
    own = [it for it in own_names(log.place) if it != RULES]
    return tuple(dict.fromkeys((EVENTS, *rows, *own)))
