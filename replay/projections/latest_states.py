"""The latest state of every stream: by the model that owns it, else by what a person taught of its
category, else by merging payloads.

`states.owners` says which model that is. Models of a person's own fold here too where a log has
some, in a process of their own: see `replay.own.own_states`. Where one cannot, the row says why,
and the other rows go on.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol

from msgspec import Struct

from replay.projection import Json, Projection, RowByRow
from replay.states import generic_model, merge_patch, owners
from replay.states.generic_model import GENERIC
from replay.states.model_set import AnyModel, ModelSet, bundled_models
from replay.taught.teaching import NOTHING, Teaching
from replay.words import said
from store.errors import StoreError
from store.events import RecordedEvent

NAME: Final = "latest_states"


class LatestState(Struct, frozen=True):
    """One row."""

    stream: str
    version: int
    event_count: int  # folded in, linked ones included
    last_position: int
    last_recorded_at_us: int
    last_type: str
    model: str  # that owns the stream, or "taught:CATEGORY"; empty: its payloads are merged
    problem: str  # why there is no state; empty where there is one
    state: Json  # null from the first event on that cannot be folded


class Folder(Protocol):
    """What a row that a model owns goes on by."""

    name: str
    barred: str  # why the model is not run now; empty when it is
    is_own: bool  # it may raise anything

    def knows(self, type_: str) -> bool:
        """Whether an event of this type makes a stream the model's."""

    def begin(self) -> Any:
        """The state of an empty stream."""

    def go_on(self, state: Any, event: RecordedEvent) -> Any:
        """The state after an event; the same object where nothing has changed."""

    def to_json(self, state: Any) -> Any:
        """A state as a JSON value."""

    def from_json(self, value: Any) -> Any:
        """The state that has become this JSON value."""


class _ByModel:
    """A model that runs here."""

    def __init__(self, models: ModelSet, model: AnyModel, *, is_own: bool) -> None:
        reading, fold = models.reading(model), models.fold(model)
        self.name, self.is_own, self.barred = model.name, is_own, ""
        self.knows, self.begin = reading.knows, model.initial
        self.to_json, self.from_json = fold.to_json, fold.from_json
        self._typed, self._evolve = reading.typed, model.evolve

    def go_on(self, state: Any, event: RecordedEvent) -> Any:
        known = self._typed(event)
        return state if known is None else self._evolve(state, known)


class Barred:
    """A model whose file is not run: nobody knows which events it knows."""

    is_own = True

    def __init__(self, name: str, why: str) -> None:
        self.name, self.barred = name, why

    def knows(self, _type: str) -> bool:
        return True

    def begin(self) -> Any:
        return None

    def go_on(self, state: Any, _event: RecordedEvent) -> Any:
        return state

    def to_json(self, state: Any) -> Any:
        return state

    def from_json(self, value: Any) -> Any:
        return value


class Folders:
    """By category: what the streams of a log are folded by."""

    def __init__(
        self,
        models: ModelSet,
        own: frozenset[str] = frozenset(),
        *,
        teaching: Teaching = NOTHING,
    ) -> None:
        """`own` names the models that may raise anything; `teaching` is for streams that no model
        has."""
        self.teaching = teaching
        self._by_category: dict[str, Folder] = {
            it.category: _ByModel(models, it, is_own=it.name in own) for it in models.models
        }
        self._look_up()

    def bar(self, category: str, folder: Barred) -> None:
        """Its streams have this in place of any model."""
        self._by_category[category] = folder
        self._look_up()

    def bar_own(self, why: str) -> None:
        """Run none of a person's own models from now on; with an empty text, run them again."""
        for it in self._by_category.values():
            if it.is_own:
                it.barred = why

    def of_stream(self, stream: str) -> Folder | None:
        """The one whose streams are named so, the longest category first; few streams begin like
        one of a model."""
        if stream.partition("-")[0] not in self._beginnings:
            return None
        return next((it for start, it in self._longest if stream.startswith(start)), None)

    def _look_up(self) -> None:
        known = sorted(self._by_category.items(), key=lambda it: -len(it[0]))
        self._longest = [(f"{category}-", it) for category, it in known]
        self._beginnings = frozenset(it.partition("-")[0] for it in self._by_category)


_NOT_YET: Final = object()  # the model's state, before it is asked for


class _State:
    """A row while it goes on."""

    __slots__ = (
        "event_count",
        "folded",
        "folder",
        "named",
        "plain",
        "problem",
        "state",
        "taught",
        "version",
    )

    def __init__(self, folders: Folders, stream: str, row: LatestState | None) -> None:
        self.folder = folders.of_stream(stream)  # of the model that owns the stream, or would
        self.version = row.version if row else 0
        self.event_count = row.event_count if row else 0
        plain = folders.teaching.of_stream(stream)  # what it is folded with until then
        self.plain, self.taught = plain.evolve_owned, "" if plain is GENERIC else plain.name
        # that of the model; empty until an event came that it knows
        self.named = row.model if row and row.model != self.taught else ""
        self.state = plain.from_json(row.state) if row else plain.initial()
        self.problem = row.problem if row else ""
        self.folded: Any = _NOT_YET


def _go_on(it: _State, event: RecordedEvent, is_linked: bool) -> tuple[Any, ...]:
    """Fold an event that lives in the stream, or is linked into it."""
    folder = it.folder
    if folder is None or not (it.named or folder.knows(event.type)):
        state = _without_model(it, event)
    else:
        state = _by_model(it, folder, event)
    it.event_count = count = it.event_count + 1
    if not is_linked:
        it.version = event.version
    at = event.position, event.recorded_at_us, event.type
    return it.version, count, *at, it.named or it.taught, it.problem, state


def _run(it: _State, events: Iterable[tuple[RecordedEvent, bool]]) -> tuple[Any, ...]:
    """The same over several events: a state is told as JSON only after the last that its model
    folds in one go."""
    last: RecordedEvent | None = None
    values: tuple[Any, ...] = ()
    for event, is_linked in events:
        if _is_gone_on(it, event):
            it.event_count += 1
            if not is_linked:
                it.version = event.version
            last = event
        else:
            if last is not None:
                _tell(it)
                last = None
            values = _go_on(it, event, is_linked)
    if last is None:
        return values
    _tell(it)
    at = last.position, last.recorded_at_us, last.type
    return it.version, it.event_count, *at, it.named or it.taught, it.problem, it.state


def _is_gone_on(it: _State, event: RecordedEvent) -> bool:
    """Whether a model that is sure to give JSON has folded the event; else it is for `_go_on`."""
    folder = it.folder
    if folder is None or folder.is_own or folder.barred or it.problem or it.folded is _NOT_YET:
        return False
    try:
        it.folded = folder.go_on(it.folded, event)
    except Exception:  # said there, and nothing has been changed
        return False
    return True


def _tell(it: _State) -> None:
    """The state that a run has come to, as JSON."""
    if it.folder is not None:
        it.state = it.folder.to_json(it.folded)


def _without_model(it: _State, event: RecordedEvent) -> Any:
    """Merged, or as it was taught."""
    if not it.taught:
        it.state = it.plain(it.state, event)
        return it.state
    if it.problem:
        return None
    try:
        it.state = it.plain(it.state, event)
    except StoreError as error:
        return _without_state(it, str(error))
    return it.state


def _by_model(it: _State, folder: Folder, event: RecordedEvent) -> Any:
    """The state after an event of the model's stream: the first that it knows, or a later one."""
    is_first, it.named = not it.named, folder.name
    if is_first:
        it.problem = ""  # of what was taught
    if it.problem:
        return None
    if folder.barred:
        return _without_state(it, folder.barred)
    try:
        return _folded(it, folder, event, is_first)
    except StoreError as error:
        return _without_state(it, str(error))
    except Exception as error:  # the edge: a model of a person's own may raise anything
        if not folder.is_own:
            raise
        return _without_state(
            it,
            said("the model failed: {name__}: {error}", name__=type(error).__name__, error=error),
        )


def _folded(it: _State, folder: Folder, event: RecordedEvent, is_first: bool) -> Any:
    if is_first:
        it.folded = folder.begin()
        it.state = folder.to_json(it.folded)
    elif it.folded is _NOT_YET:
        it.folded = folder.from_json(it.state)
    after = folder.go_on(it.folded, event)
    if after is not it.folded:
        it.folded, it.state = after, folder.to_json(after)
    return it.state


def _without_state(it: _State, why: str) -> None:
    it.state, it.folded, it.problem = None, _NOT_YET, why


MODELS: Final = bundled_models()
apply = RowByRow(
    row=LatestState,
    key="stream",
    begin=partial(_State, Folders(MODELS)),
    go_on=_go_on,
    follows_links=True,
    run=_run,
)

PROJECTION = Projection(
    name=NAME,
    version=3,
    title=said("Latest states"),
    row=LatestState,
    key=("stream",),
    apply=apply,
    payloads="stored",  # models read it
    uses=(generic_model, merge_patch, owners),
    facts="\n".join(f"{it.name} {MODELS.fold(it).definition}" for it in MODELS.models),
)


def by(folders: Folders) -> Projection[LatestState]:
    """The same, folded by other models, or by what was taught."""
    facts = "\n".join(filter(None, (PROJECTION.facts, folders.teaching.definition)))
    return replace(PROJECTION, apply=replace(apply, begin=partial(_State, folders)), facts=facts)
