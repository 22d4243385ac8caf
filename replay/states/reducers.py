"""Two versions of a model over one log: the first event after which a state differs.

Both versions fold every stream that they give different meanings, in the order of the log; so the
first difference that is found is the first one there is. States are compared as JSON values, in
the fields that both versions have from the start. A version that fails at an event says something
else there than one that does not; where both fail, neither says anything of the stream any more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from replay.states.diff import Change, diff
from replay.states.model import Model
from replay.states.model_set import ModelSet
from replay.states.stream_states import StreamStates
from replay.words import said
from store.errors import Cancelled, StoreError
from store.events import RecordedEvent
from store.interface import EventReader

PAGE: Final = 5_000  # events read at once


class NothingToCompare(StoreError):
    hint = said(
        "Change the file and trust it again, or name an older version: main.py "
        "reducers STORE --model FILE --against OLDER"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """Where two versions part in one stream. Of a side that failed there is no state."""

    stream: str
    position: int
    type: str
    event: int  # which one of the stream's, linked ones counted too, from 1
    before: Any  # the state that both had
    old: Any
    new: Any
    old_failed: str
    new_failed: str
    changes: tuple[Change, ...]  # from the old state to the new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of it."""

    models: tuple[str, ...]  # titles of those whose code differs
    events: int  # that were folded by both
    streams: int
    parted: int  # streams in which the versions ever part
    differing_now: int  # streams whose newest states differ
    partings: tuple[Parting, ...]  # of each stream the first one, in the order of the log
    only_old: tuple[str, ...]  # fields that were left out, since only one version has them
    only_new: tuple[str, ...]


def compare_models(
    log: EventReader,
    old: ModelSet,
    new: ModelSet,
    *,
    stream: str = "",
    limit: int = 20,
    on_progress: Callable[[int, int], None] = lambda _position, _head: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Compared:
    """Fold with both; with `stream` that one alone. At most `limit` partings are told, all are
    counted. Raises NothingToCompare, Cancelled."""
    changed = _changed(old, new)
    if not changed:
        raise NothingToCompare(said("both versions have the same models and the same code"))
    both = _Both(log, old, new, frozenset(changed))
    head, found, parted = log.head(), list[Parting](), 0
    for event, streams in _events(log, stream, head, on_progress, is_cancelled):
        for name in streams:
            parting = both.take(name, event)
            parted += parting is not None
            if parting is not None and len(found) < limit:
                found.append(parting)
    return Compared(
        models=tuple(changed.values()),
        events=both.events,
        streams=both.count(),
        parted=parted,
        differing_now=both.differing_now(),
        partings=tuple(found),
        only_old=tuple(sorted(both.only_old)),
        only_new=tuple(sorted(both.only_new)),
    )


def _changed(old: ModelSet, new: ModelSet) -> dict[str, str]:
    """Category → title of the models that both have, by different code."""
    older = {it.category: old.fold(it).definition for it in old.models}
    return {
        it.category: it.title
        for it in new.models
        if older.get(it.category, new.fold(it).definition) != new.fold(it).definition
    }


def _events(
    log: EventReader,
    stream: str,
    head: int,
    on_progress: Callable[[int, int], None],
    is_cancelled: Callable[[], bool],
) -> Iterator[tuple[RecordedEvent, tuple[str, ...]]]:
    """(event, the streams that it belongs to) in the order of the log."""
    if stream:
        yield from ((it, (stream,)) for it in log.read_stream(stream, until=head))
        return
    for first in range(1, head + 1, PAGE):
        if is_cancelled():
            raise Cancelled
        last = min(first + PAGE - 1, head)
        links = log.links_between(first, last)
        for event in log.page(first, last):
            yield event, (event.stream, *links.get(event.position, ()))
        on_progress(last, head)


class _Side:
    """One version, folding one stream."""

    def __init__(self, model: Model[Any]) -> None:
        self._model = model
        self._state = model.initial()
        self.failed = ""

    def take(self, event: RecordedEvent) -> None:
        """One event more; a version that has failed stands still."""
        if self.failed:
            return
        try:
            self._state = self._model.evolve(self._state, event)
        except Exception as error:  # the edge: a model may raise anything
            self.failed = str(error) if isinstance(error, StoreError) else repr(error)

    def shown(self, fields: frozenset[str]) -> Any:
        """The state, in these fields alone; None once it has failed."""
        if self.failed:
            return None
        return {key: it for key, it in self._model.to_json(self._state).items() if key in fields}


class _Stream:
    """One stream, folded by both versions."""

    def __init__(self, old: Model[Any], new: Model[Any], fields: frozenset[str]) -> None:
        self.old, self.new = _Side(old), _Side(new)
        self.fields = fields
        self.events = 0
        self.has_parted = False

    def take(self, name: str, event: RecordedEvent) -> Parting | None:
        """Where they first differ, the first time that they do."""
        before = None if self.has_parted else self.old.shown(self.fields)
        self.events += 1
        for side in (self.old, self.new):
            side.take(event)
        if self.has_parted or not self.differs():
            return None
        self.has_parted = True
        old, new = self.old.shown(self.fields), self.new.shown(self.fields)
        has_both = not (self.old.failed or self.new.failed)
        return Parting(
            stream=name,
            position=event.position,
            type=event.type,
            event=self.events,
            before=before,
            old=old,
            new=new,
            old_failed=self.old.failed,
            new_failed=self.new.failed,
            changes=tuple(diff(old, new)) if has_both else (),
        )

    def differs(self) -> bool:
        """Whether they say different things now."""
        if self.old.failed or self.new.failed:
            return not (self.old.failed and self.new.failed)
        return bool(self.old.shown(self.fields) != self.new.shown(self.fields))


class _Both:
    """Every stream that the changed models own."""

    def __init__(
        self, log: EventReader, old: ModelSet, new: ModelSet, changed: frozenset[str]
    ) -> None:
        self._log = log
        self._sets = (old, new)
        self._states = tuple(StreamStates(models=it) for it in self._sets)
        self._changed = changed
        self._streams: dict[str, _Stream | None] = {}
        self.events = 0
        self.only_old: set[str] = set()
        self.only_new: set[str] = set()

    def take(self, name: str, event: RecordedEvent) -> Parting | None:
        """One event more of one stream."""
        if name not in self._streams:
            self._streams[name] = self._begun(name)
        stream = self._streams[name]
        if stream is None:
            return None
        self.events += 1
        return stream.take(name, event)

    def count(self) -> int:
        """How many streams both have folded."""
        return sum(it is not None for it in self._streams.values())

    def differing_now(self) -> int:
        """How many of them end in different states."""
        return sum(
            it is not None and it.has_parted and it.differs() for it in self._streams.values()
        )

    def _begun(self, name: str) -> _Stream | None:
        """None for a stream that both fold by the same code, or that one of them does not own."""
        owners = [it.model_of(self._log, name) for it in self._states]
        if any(it is None or it.category not in self._changed for it in owners):
            return None
        old, new = (
            one.fold(it) for one, it in zip(self._sets, owners, strict=True) if it is not None
        )
        return _Stream(old, new, self._fields(old, new))

    def _fields(self, old: Model[Any], new: Model[Any]) -> frozenset[str]:
        first, second = (set(it.to_json(it.initial())) for it in (old, new))
        self.only_old |= first - second
        self.only_new |= second - first
        return frozenset(first & second)
