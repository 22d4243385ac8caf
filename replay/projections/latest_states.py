"""The latest state of every stream: by the model that owns it, else by merging payloads.

`states.owners` says which model that is. Models of a person's own run in no view of the program's:
their streams are merged here.
"""

from typing import Any, Final

from msgspec import Struct

from replay.projection import Json, Projection, RowByRow
from replay.states import generic_model, merge_patch, owners
from replay.states.generic_model import GENERIC
from replay.states.model_set import AnyModel, ModelSet, bundled_models
from replay.states.typed_fold import MissingUpcast
from store.events import RecordedEvent


class LatestState(Struct, frozen=True):
    """One row."""

    stream: str
    version: int
    event_count: int  # folded in, linked ones included
    last_position: int
    last_recorded_at_us: int
    last_type: str
    model: str  # that owns the stream; empty: its payloads are merged
    state: Json  # null from the first event on whose shape the model cannot read


class _Model:
    """What a row that a model owns goes on by."""

    def __init__(self, models: ModelSet, model: AnyModel) -> None:
        reading, fold = models.reading(model), models.fold(model)
        self.name = model.name
        self.known, self.typed = reading.known, reading.typed
        self.initial, self.evolve = model.initial, model.evolve
        self.to_json, self.from_json = fold.to_json, fold.from_json


MODELS: Final = bundled_models()
_BY_NAME: Final = {it.name: _Model(MODELS, it) for it in MODELS.models}
_BEGINNINGS: Final = frozenset(it.category.partition("-")[0] for it in MODELS.models)

_merge: Final = GENERIC.evolve_owned


class _State:
    """A row while it goes on."""

    __slots__ = ("event_count", "folded", "model", "named", "state", "version")

    def __init__(self, stream: str, row: LatestState | None) -> None:
        self.model = _model_named(stream)  # that owns the stream, or would
        self.version = row.version if row else 0
        self.event_count = row.event_count if row else 0
        self.named = row.model if row else ""  # empty until an event came that it knows
        self.state = row.state if row else GENERIC.initial()
        self.folded: Any = None  # the model's state
        if self.named and self.model is not None and self.state is not None:
            self.folded = self.model.from_json(self.state)


def _go_on(it: _State, event: RecordedEvent, is_linked: bool) -> tuple[Any, ...]:
    """Fold an event that lives in the stream, or is linked into it."""
    model = it.model
    if model is None or not (it.named or event.type in model.known):
        it.state = state = _merge(it.state, event)
    else:
        state = _by_model(it, model, event)
    it.event_count = count = it.event_count + 1
    if not is_linked:
        it.version = event.version
    return it.version, count, event.position, event.recorded_at_us, event.type, it.named, state


def _by_model(it: _State, model: _Model, event: RecordedEvent) -> Any:
    """The state after an event of the model's stream: the first that it knows, or a later one."""
    if not it.named:
        it.named, it.folded = model.name, model.initial()
        it.state = model.to_json(it.folded)
    if it.state is None:
        return None
    try:
        known = model.typed(event)
    except MissingUpcast:
        it.state = it.folded = None
        return None
    if known is not None:
        after = model.evolve(it.folded, known)
        if after is not it.folded:
            it.folded, it.state = after, model.to_json(after)
    return it.state


def _model_named(stream: str) -> _Model | None:
    """The model whose streams are named so; few streams begin like one of a model."""
    if stream.partition("-")[0] not in _BEGINNINGS:
        return None
    model = MODELS.of_stream(stream)
    return None if model is None else _BY_NAME[model.name]


apply = RowByRow(row=LatestState, key="stream", begin=_State, go_on=_go_on, follows_links=True)

PROJECTION = Projection(
    name="latest_states",
    version=2,
    title="Latest states",
    row=LatestState,
    key=("stream",),
    apply=apply,
    payloads="stored",  # models read it
    uses=(generic_model, merge_patch, owners),
    facts="\n".join(f"{it.name} {MODELS.fold(it).definition}" for it in MODELS.models),
)
