"""Fields that bear the meaning of an event, as its model declares: one that changes them is another
event, not a newer shape of the same one. Source: Microsoft, CQRS Journey, chapter 6.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from replay.states.model_set import AnyModel, ModelSet
from replay.states.typed_fold import MissingUpcast, schema_version
from replay.words import said
from store import json_text
from store.events import RecordedEvent
from store.interface import EventReader
from store.query import EventQuery

FIRST: Final = 10  # positions that are told
PAGE: Final = 2_000  # events between two reports of progress


def changed_meaning(model: AnyModel | None, type_: str, before: Any, after: Any) -> tuple[str, ...]:
    """The fields that the model declares as bearing the meaning of events of this type, and whose
    values differ between two payloads; none where it declares none. A field that was not there
    before is no change, and one whose value has only another name now is none."""
    declared = () if model is None else _declared(model).get(type_, ())
    return tuple(it for it in declared if _is_changed(before, after, it))


def meaning_words(type_: str, fields: tuple[str, ...]) -> str:
    """`total bears the meaning of OrderPlaced: record a new type, not a new version`."""
    return said(
        "{fields} bears the meaning of {type}: record a new type, not a new version",
        fields=", ".join(fields),
        type=type_,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeaning:
    """All events of one type whose upcast changes what they mean."""

    type: str
    model: str  # its title
    fields: tuple[str, ...]
    count: int
    of: int  # events of that type that were upcast
    positions: tuple[int, ...]  # of the first ten

    @property
    def words(self) -> str:
        """How many of how many, and what to do."""
        return said(
            "an upcast of {model} changes {count:,} of {value:,} {type}: {words}",
            model=self.model,
            count=self.count,
            value=self.of,
            type=self.type,
            words=meaning_words(self.type, self.fields),
        )


def find_changed_meaning(
    log: EventReader,
    models: ModelSet,
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[ChangedMeaning]:
    """By type, by name: what the upcasts of the models do to the stored events. Reads only events
    of types that are upcast, and that bear a declared meaning."""
    found = []
    for model in models.models:
        declared = _declared(model)
        for type_ in sorted({it.type for it in model.upcasts if not it.becomes}):
            if type_ in declared:
                found += _of_type(log, models, model, type_, on_progress)
    return sorted(found, key=lambda it: (it.type, it.model))


def _of_type(
    log: EventReader,
    models: ModelSet,
    model: AnyModel,
    type_: str,
    on_progress: Callable[[int, int], None],
) -> list[ChangedMeaning]:
    count, fields, positions, head = 0, dict[str, None](), list[int](), log.head()
    upcast = 0
    for event in log.read(EventQuery(types=(type_,))):
        if event.position % PAGE == 0:
            on_progress(event.position, head)
        after = _upcast(models, model, event)
        if after is None:
            continue
        upcast += 1
        changed = changed_meaning(model, type_, json_text.decode(event.data_json), after)
        if changed:
            count += 1
            fields |= dict.fromkeys(changed)
            positions += [event.position] if len(positions) < FIRST else []
    if not count:
        return []
    return [
        ChangedMeaning(
            type=type_,
            model=model.title,
            fields=tuple(fields),
            count=count,
            of=upcast,
            positions=tuple(positions),
        )
    ]


def _upcast(models: ModelSet, model: AnyModel, event: RecordedEvent) -> Any:
    """The payload in its newest shape; None where it is stored so, has another type by now,
    belongs to another model, or cannot be read, which is a finding of its own."""
    if models.of_stream(event.stream) is not model:
        return None
    try:
        newest = models.reading(model).upcast(event)
    except MissingUpcast:
        return None
    is_same = newest.type != event.type or newest.version == schema_version(event)
    return None if is_same else newest.data


def _declared(model: AnyModel) -> dict[str, tuple[str, ...]]:
    return {type_.__name__: fields for type_, fields in model.meaning.items()}


def _is_changed(before: Any, after: Any, path: str) -> bool:
    was, is_there = _value(before, path)
    if not is_there:
        return False
    now, is_still = _value(after, path)
    if is_still:
        return bool(was != now)
    return not _has_another_name(before, after, was)


def _value(data: Any, path: str) -> tuple[Any, bool]:
    """The value at a path of JSON names with dots, and whether there is one."""
    for name in path.split("."):
        if not isinstance(data, Mapping) or name not in data:
            return None, False
        data = data[name]
    return data, True


def _has_another_name(before: Any, after: Any, value: Any) -> bool:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return False
    return any(it == value for name, it in after.items() if name not in before)
