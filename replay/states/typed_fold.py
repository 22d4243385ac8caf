"""Recorded events as typed ones: upcast to the current shape, decoded, and folded.

Stored bytes never change. An event of a type the model does not know, or whose payload does not
fit its type, leaves the state as it is; a shape that no chain of upcasts leads on from is an
error, because guessing would give a wrong state.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final, Generic, TypeVar

import msgspec
from msgspec import UnsetType

from replay.states.json_form import json_form
from replay.states.model import Model, Readable, Runs
from replay.states.model_definition import definition_of
from replay.states.typed_run import FIRST_SHAPE, SHAPE_IS_TOLD, Classes, typed_run
from replay.typed_model import Event, TypedModel
from replay.words import said
from store import json_text
from store.errors import StoreError
from store.stream_texts import StreamTexts

S = TypeVar("S")

VERSION_KEY: Final = f"{SHAPE_IS_TOLD}:"
STEPS_ALLOWED: Final = 64  # of a chain of upcasts; more is a circle


class MissingUpcast(StoreError):
    """An event has a shape that nothing leads on from."""

    hint = said(
        "Add the missing upcast to the model, or open the log with the model that wrote it."
    )

    def __init__(self, model: str, type_: str, version: int, event: Readable) -> None:
        super().__init__(
            said(
                "model {model!r} has no upcast for {type_} in version {version}, the "
                "shape of the event at position {position}",
                model=model,
                type_=type_,
                version=version,
                position=event.position,
            )
        )
        self.type, self.version = type_, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcasted:
    """An event's payload in the current shape, and the shapes it went through."""

    type: str
    version: int
    data: Any
    steps: tuple[str, ...]  # "OrderPlaced 1", …; one when nothing had to be done


class Reading(Generic[S]):
    """How a model reads recorded events. Unchanging after it was made; any thread."""

    def __init__(self, model: TypedModel[S]) -> None:
        self.model = model
        self._upcasts = {(it.type, it.version): it for it in model.upcasts}
        self._types = {it.__name__: it for it in reversed(model.events)}
        names = set(self._types)
        self._current = dict.fromkeys(names, 1)
        for it in model.upcasts:
            newer = (it.becomes, it.becomes_version) if it.becomes else (it.type, it.version + 1)
            if newer[0] in names:
                self._current[newer[0]] = max(self._current[newer[0]], newer[1])
        self._known = names | {it.type for it in model.upcasts} | set(model.retired)
        self._decoders: dict[str, tuple[bool, str, str, Callable[[str], Any]]] = {
            it.__name__: (
                self._current[it.__name__] == 1,
                f"{VERSION_KEY}{self._current[it.__name__]}}}",  # the last key, as it is here
                f"{VERSION_KEY}{self._current[it.__name__]},",
                msgspec.json.Decoder(it, float_hook=Decimal).decode,  # as an upcast is handed it
            )
            for it in model.events
        }

    def typed(self, event: Readable) -> Event | None:
        """The event as the model's type; None when the model cannot read it.

        Raises MissingUpcast.
        """
        found = self._decoders.get(event.type)
        if found is not None:
            is_first, last, within, decode = found
            metadata = event.metadata_json
            is_untold = is_first and SHAPE_IS_TOLD not in metadata  # looked for without decoding it
            if is_untold or last in metadata or within in metadata:
                try:
                    typed: Event = decode(event.data_json)
                except (msgspec.MsgspecError, UnicodeError, RecursionError):
                    return None
                except InvalidOperation:
                    pass  # a number beyond a Decimal, which is read with more care below
                else:
                    return typed
        if event.type not in self._known or event.type in self.model.retired:
            return None
        newest = self.upcast(event)
        try:
            return msgspec.convert(newest.data, self._class(newest.type))
        except msgspec.ValidationError:
            return None

    def typed_many(self, texts: StreamTexts) -> Sequence[Event | UnsetType] | None:
        """`typed` of a run of events, UNSET in place of None; None where they have to be read one
        by one."""
        return typed_run(texts, self._classes_of)

    def _classes_of(self, shapes: Iterable[tuple[str, int]]) -> Classes | None:
        """For replay.states.typed_run."""
        classes: dict[str, type[Event] | None] = {}
        for type_, shape in shapes:
            if type_ in self._decoders and shape == self._current[type_]:
                classes[type_] = self._class(type_)
            elif type_ in self._known and type_ not in self.model.retired:
                return None
            else:
                classes[type_] = None
        return classes

    def knows(self, type_: str) -> bool:
        """Whether events of this type mean something to the model, in whatever shape."""
        return type_ in self._known

    @property
    def known(self) -> frozenset[str]:
        """Every type that `knows` is true of."""
        return frozenset(self._known)

    def current_version(self, type_: str) -> int:
        """The shape that events of a type are recorded in now."""
        return self._current.get(type_, 1)

    def why_retired(self, type_: str) -> str:
        """Why events of a type have no effect any more; empty when they have one."""
        return self.model.retired.get(type_, "")

    def why_unread(self, event: Readable) -> str:
        """Why the model cannot read an event, for a person; empty when it can, and for a type
        that was retired."""
        if event.type not in self._known:
            return said("the model {title!r} does not know this type", title=self.model.title)
        if event.type in self.model.retired:
            return ""
        try:
            newest = self.upcast(event)
            msgspec.convert(newest.data, self._class(newest.type))
        except (msgspec.ValidationError, StoreError) as error:
            return str(error)
        return ""

    def upcast(self, event: Readable) -> Upcasted:
        """The payload in the current shape of its type. Raises MissingUpcast."""
        type_, version = event.type, schema_version(event)
        try:
            data = json_text.decode(event.data_json)
        except ValueError:
            data = {}
        steps = [f"{type_} {version}"]
        while self._current.get(type_) != version:
            link = self._upcasts.get((type_, version))
            if link is None or len(steps) > STEPS_ALLOWED:
                raise MissingUpcast(self.model.name, type_, version, event)
            data = link.change(dict(data) if isinstance(data, dict) else {})
            type_, version = (
                (link.becomes, link.becomes_version) if link.becomes else (type_, version + 1)
            )
            steps.append(f"{type_} {version}")
        return Upcasted(type=type_, version=version, data=data, steps=tuple(steps))

    def _class(self, name: str) -> type[Event]:
        return self._types[name]


def schema_version(event: Readable) -> int:
    """The shape of an event's payload, as its metadata says; 1 when it does not."""
    version = event.metadata.get("schema_version", FIRST_SHAPE)
    return version if isinstance(version, int) and version > 0 else FIRST_SHAPE


def folding(model: TypedModel[S]) -> Model[S]:
    """The model as replay.states.fold, replay.states.state_at and snapshots take it."""
    reading, apply = Reading(model), model.evolve
    typed = reading.typed

    def evolve(state: S, event: Readable) -> S:
        known = typed(event)
        return state if known is None else apply(state, known)

    def reverse(state: S, event: Readable) -> S:
        known = typed(event)
        return state if known is None else model.reverses[type(known)](state, known)

    runs = Runs(read=reading.typed_many, step=apply)
    return Model(
        name=model.name,
        version=model.version,
        initial=model.initial,
        evolve=evolve,
        evolve_owned=evolve,
        copy=_as_is,
        to_json=partial(json_form, what=said("the state of the model {name!r}", name=model.name)),
        from_json=lambda value: msgspec.convert(value, model.state),
        reverse=reverse if model.reverses else None,
        through=runs.through,
        runs=runs,
        definition=definition_of(model),
    )


def _as_is(state: S) -> S:
    return state
