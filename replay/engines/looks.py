"""One look at each way that events go. A look belongs to one thread, and only reads."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from replay.engines.arrows import Arrow, ViewReached
from replay.engines.kept_engines import SPARK, TOPIC, KeptEngine
from replay.parts.plan import kept_parts
from replay.query_store.kind import open_query_store
from replay.questions.view_status import list_views
from replay.spark.master import master_of
from replay.views.read_store import reading_views
from replay.words import said
from store.interface import EventReader
from store.opening import reading
from store.place import Place
from store.remote.address import address_of
from store.remote.errors import RemoteReplaced
from store.remote.interface import RemoteReader
from store.remote.kind import kind_of
from store.remote.origin import MirrorOrigin, origin_of, repeated_in
from store.remote.topics import look_at_topic
from store.times import now_us


class Look(Protocol):
    """Raises RemoteError and StoreError where nothing can be told; it is then made anew."""

    def look(self) -> Arrow: ...

    def close(self) -> None: ...


class FoldLook:
    """How far the local views are."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def look(self) -> Arrow:
        with reading(self._place.path) as log:
            with reading_views(log) as db:
                found = [it for it in list_views(db, log) if it.checkpoint or it.error]
            views = tuple(ViewReached(view=it.name, position=it.checkpoint) for it in found)
            wrong = next((it for it in found if it.error), None)
            trouble = (
                said(
                    "{view} stopped at position {position:,} ({error})",
                    view=wrong.name,
                    position=wrong.error_position or 0,
                    error=wrong.error,
                )
                if wrong
                else ""
            )
            return replace(_reached(Arrow(way="fold"), log, views), trouble=trouble)

    def close(self) -> None:
        """Nothing is held."""


class TopicsLook:
    """How far the log is published to a topic."""

    def __init__(self, place: Place, address: str) -> None:
        self._place, self._address = place, address
        with reading(place.path) as log:
            self._topic = look_at_topic(address_of(address), store=log.store_id())

    def look(self) -> Arrow:
        position = self._topic.reached()
        with reading(self._place.path) as log:
            return _at(Arrow(way="publish", address=self._address), log, position)

    def close(self) -> None:
        self._topic.close()


class RowsLook:
    """How far rows of views were written to a query store."""

    def __init__(self, place: Place, kept: KeptEngine) -> None:
        self._place, self._kept = place, kept
        self._store = open_query_store(kept.where())

    def look(self) -> Arrow:
        held = self._store.views()
        arrow = Arrow(way="sink", address=self._kept.address, is_chosen=bool(self._kept.views))
        with reading(self._place.path) as log:
            ours = {it.made_of.view: it for it in held if it.made_of.log == log.store_id()}
            names = self._kept.views or tuple(sorted(ours))
            reached = [(it, ours[it].position if it in ours else 0) for it in names]
            views = tuple(ViewReached(view=name, position=at) for name, at in reached)
            return _reached(arrow, log, views)

    def close(self) -> None:
        self._store.close()


class SparkLook:
    """Whether a master answers, and what an earlier rebuild has left."""

    def __init__(self, place: Place, address: str) -> None:
        self._place, self._master = place, master_of(address)

    def look(self) -> Arrow:
        self._master.require_answer()
        kept = list(kept_parts(self._place))
        return Arrow(
            way="rebuild",
            address=self._master.text,
            parts=sum(plan.parts for plan, _ in kept),
            parts_done=sum(done for _, done in kept),
        )

    def close(self) -> None:
        """Nothing is held."""


class MirrorLook:
    """How far the log is behind the server that it mirrors."""

    def __init__(self, place: Place, origin: MirrorOrigin) -> None:
        self._place, self._address = place, origin.address
        self._reader: RemoteReader = kind_of(origin.where()).open_reader(origin.where())
        self._since: float | None = None  # by the monotonic clock
        self._counted, self._dropped = 0, 0

    def look(self) -> Arrow:
        origin = origin_of(self._place.path)
        behind = self._reader.distance(None if origin is None else origin.cursor)
        self._since = None if not behind else self._since or time.monotonic()
        self._counted, more = repeated_in(self._place.path, after=self._counted)
        self._dropped += more
        with reading(self._place.path) as log:
            position = log.head()
        return Arrow(
            way="mirror",
            address=self._address,
            head=None if behind is None else position + behind,
            position=position,
            behind=behind,
            seconds=0.0 if self._since is None else time.monotonic() - self._since,
            dropped=self._dropped,
        )

    def close(self) -> None:
        self._reader.close()


def look_of(place: Place, kept: KeptEngine) -> Callable[[], Look]:
    """What makes a look at a server that a person chose."""
    if kept.role == TOPIC:
        return lambda: TopicsLook(place, kept.address)
    if kept.role == SPARK:
        return lambda: SparkLook(place, kept.address)
    return lambda: RowsLook(place, kept)


def _reached(arrow: Arrow, log: EventReader, views: Sequence[ViewReached]) -> Arrow:
    """By the view that is furthest behind; at 0 while there is none."""
    position = min((it.position for it in views), default=0)
    return replace(_at(arrow, log, position), views=tuple(views))


def _at(arrow: Arrow, log: EventReader, position: int) -> Arrow:
    """Raises RemoteReplaced where more was taken over than the log holds."""
    head = log.head()
    if position > head:
        reason = said(
            "it holds events up to position {position:,}, the store here only {head:,}: the store "
            "was restored, or shortened",
            position=position,
            head=head,
        )
        raise RemoteReplaced(reason, arrow.address)
    came_us = log.arrived_at_us(position + 1) if position < head else None
    late_s = 0.0 if came_us is None else max(now_us() - came_us, 0) / 1_000_000
    return replace(arrow, head=head, position=position, behind=head - position, seconds=late_s)
