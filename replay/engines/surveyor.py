"""Look at the servers around a log, once or again and again; none holds up the look at another."""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Final

from msgspec.structs import replace

from replay.engines import kept_engines
from replay.engines.arrows import Arrow, Survey, Way
from replay.engines.kept_engines import KeptEngine, Role, WrongEngines
from replay.engines.looks import FoldLook, Look, MirrorLook, look_of
from store.errors import StoreError
from store.opening import reading
from store.place import Place
from store.remote.origin import origin_of

LOOK_S: Final = 1.0  # between two looks at a server
AWAY_S: Final = 3.0  # before a server that did not answer is asked again
TOLD_S: Final = 0.5  # between two surveys
RATED_S: Final = 10.0  # that a rate is taken over

WAYS: Final[dict[Role, Way]] = {"topic": "publish", "query_store": "sink", "spark": "rebuild"}

Made = Callable[[], Look]


class Surveyor:
    """Tells a survey whenever it is another one. Use it from one thread."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._stations: dict[tuple[str, str], Station] = {}
        self._stamp = (-1, -1)  # of the file of chosen servers
        self._problem = ""

    def once(self) -> Survey:
        """Wait until everything was looked at. Raises what opening the log raises."""
        self._learn_servers()
        threads = [Thread(target=it.look) for it in self._stations.values()]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        survey = self._survey()
        self.close()
        return survey

    def follow(self, tell: Callable[[Survey], None], is_ended: Callable[[], bool]) -> None:
        """Until the end is wanted. Raises what opening the log raises."""
        told: Survey | None = None
        try:
            while not is_ended():
                self._learn_servers()
                for it in self._stations.values():
                    it.run()
                survey = self._survey()
                if survey != told:
                    tell(survey)
                    told = survey
                time.sleep(TOLD_S)
        finally:
            self.close()

    def close(self) -> None:
        """End every look; one that a server holds up ends with the process."""
        for it in self._stations.values():
            it.end()
        self._stations.clear()

    def _survey(self) -> Survey:
        with reading(self._place.path) as log:
            head = log.head()
        arrows = tuple(it.told() for it in self._stations.values())
        return Survey(store=self._place.name, head=head, arrows=arrows, problem=self._problem)

    def _learn_servers(self) -> None:
        """The mirrored server, the views, and those that a person chose, as they are by now."""
        if ("fold", "") not in self._stations:
            self._add_own()
        stamp = kept_engines.FILE.stamp(self._place)
        if stamp == self._stamp:
            return
        self._stamp, self._problem = stamp, ""
        try:
            kept = kept_engines.load(self._place)
        except WrongEngines as error:
            kept, self._problem = (), str(error)
        wanted = {_key(it): it for it in kept}
        for key in [it for it in self._stations if it[0] in WAYS.values()]:
            if key not in wanted:
                self._stations.pop(key).end()
        for key, it in wanted.items():
            if key not in self._stations:
                arrow = Arrow(way=WAYS[it.role], address=it.address)
                self._stations[key] = Station(arrow, look_of(self._place, it))

    def _add_own(self) -> None:
        if (origin := origin_of(self._place.path)) is not None:
            arrow = Arrow(way="mirror", address=origin.address)
            self._stations[arrow.key] = Station(arrow, partial(MirrorLook, self._place, origin))
        arrow = Arrow(way="fold")
        self._stations[arrow.key] = Station(arrow, partial(FoldLook, self._place))


class Station:
    """Looks at one way that events go, in a thread of its own."""

    def __init__(self, blank: Arrow, make: Made) -> None:
        self._blank, self._make = blank, make
        self._arrow = blank
        self._held: Look | None = None
        self._ended = Event()
        self._thread: Thread | None = None
        self._seen: deque[tuple[float, int]] = deque()

    def run(self) -> None:
        """Look again and again from now on."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="look", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Look no more; a look that is under way is not waited for."""
        self._ended.set()

    def told(self) -> Arrow:
        """As of the last look."""
        return self._arrow

    def look(self) -> None:
        """Once; what it holds is freed."""
        self._look()
        self._free()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._look()
            self._ended.wait(AWAY_S if self._held is None else LOOK_S)
        self._free()

    def _look(self) -> None:
        try:
            self._held = self._held or self._make()
            found = self._held.look()
            self._arrow = replace(found, rate=self._rate(found.position))
        except StoreError as error:
            self._arrow = replace(self._blank, trouble=str(error), hint=error.hint)
            self._seen.clear()
            self._free()

    def _rate(self, position: int | None) -> float | None:
        """None while nothing comes."""
        now = time.monotonic()
        self._seen.append((now, position or 0))
        while len(self._seen) > 2 and now - self._seen[0][0] > RATED_S:
            self._seen.popleft()
        (began, first), (_, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - began) if last > first and now > began else None

    def _free(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()


def _key(kept: KeptEngine) -> tuple[str, str]:
    return WAYS[kept.role], kept.address
