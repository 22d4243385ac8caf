"""A rule by which events are written anew: changes of event types, read from a file of JSON.

    {"changes": [{"type": "OrderPaymentConfirmed", "version": 1, "becomes": "OrderConfirmed",
                  "becomes_version": 1, "rename": {"order": "orderId"}, "add": {"cents": 0},
                  "drop": ["note"]}]}

An event goes from change to change until none is for its type and shape. One whose type is named
in a change of another shape only has no way on, and is an error that names the shape.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from replay.states.event_change import EventChange, FieldEdit, WrongChange
from replay.words import said
from store import json_text
from store.copies.migrate import Changed
from store.errors import StoreError
from store.events import NewEvent

STEPS_ALLOWED: Final = 64  # of a chain of changes; more is a circle
VERSION: Final = "schema_version"


class MissingChange(StoreError):
    """An event has a shape that no change of the rule is for."""

    hint = said("Add a change for this shape to the rule. Nothing was written.")

    def __init__(self, type_: str, version: int) -> None:
        super().__init__(
            said(
                "no change is defined for {type_} in version {version}",
                type_=type_,
                version=version,
            )
        )
        self.type, self.version = type_, version


class _Change(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type: str
    version: int = 1
    becomes: str = ""
    becomes_version: int = 1
    rename: dict[str, str] = field(default_factory=dict)
    add: dict[str, Any] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    changes: list[_Change]
    about: str = ""


class MigrationRule:
    """Changes of several files, in one table."""

    def __init__(self, changes: Sequence[EventChange]) -> None:
        self._changes: dict[tuple[str, int], EventChange] = {}
        for it in changes:
            it.check()
            if (it.type, it.version) in self._changes:
                raise WrongChange(
                    said(
                        "two changes are defined for {type} in version {version}",
                        type=it.type,
                        version=it.version,
                    )
                )
            self._changes[it.type, it.version] = it
        self._types = {it.type for it in changes}
        ends = sorted({_newer(it) for it in changes} - self._changes.keys())
        self._newest = dict(ends)  # of each type that a chain ends in, the highest version

    def __call__(self, event: NewEvent) -> Changed | None:
        """What becomes of an event. Raises MissingChange, WrongChange."""
        if event.type not in self._types:
            return None
        metadata = json_text.decode(event.metadata_json)
        type_, version = event.type, _version(metadata)
        if self._newest.get(type_) == version:
            return None  # it has the newest shape already
        data: Any = json_text.decode(event.data_json)
        for _ in range(STEPS_ALLOWED):
            change = self._changes.get((type_, version))
            if change is None:
                break
            data = change.apply(data)
            type_, version = _newer(change)
        else:
            raise WrongChange(said("the changes of {type} form a cycle", type=event.type))
        if self._newest.get(type_) != version:
            raise MissingChange(type_, version)
        return Changed(
            type=type_,
            data_json=json_text.encode(data),
            metadata_json=_with_version(event.metadata_json, metadata, version),
        )


def read_rules(files: Iterable[Path]) -> tuple[MigrationRule, tuple[Mapping[str, Any], ...]]:
    """The rule that files state together, and what is to be recorded of each. Raises WrongChange,
    OSError."""
    changes: list[EventChange] = []
    stated = []
    for path in files:
        text = path.read_text("utf-8")
        changes += _changes(text, path)
        digest = hashlib.sha256(text.encode()).hexdigest()
        stated.append({"file": path.name, "sha256": digest, "text": text})
    if not changes:
        raise WrongChange(said("the rule contains no change"))
    return MigrationRule(changes), tuple(stated)


def shape_of(event: NewEvent) -> str:
    """What an event is, for counts: its type, and the version of its shape."""
    return f"{event.type} {_version(json_text.decode(event.metadata_json))}"


def _changes(text: str, path: Path) -> list[EventChange]:
    try:
        stated = msgspec.convert(json_text.decode(text), _File)
    except (ValueError, msgspec.ValidationError) as error:
        raise WrongChange(
            said("this is not a migration rule ({error}): {path}", error=error, path=path)
        ) from error
    return [_event_change(it) for it in stated.changes]


def _event_change(it: _Change) -> EventChange:
    edits = [FieldEdit(kind="rename", field=old, to=new) for old, new in it.rename.items()]
    edits += [FieldEdit(kind="drop", field=name) for name in it.drop]
    edits += [FieldEdit(kind="add", field=name, value=value) for name, value in it.add.items()]
    return EventChange(
        type=it.type,
        version=it.version,
        reason="renamed" if it.becomes else "fields",
        edits=tuple(edits),
        becomes=it.becomes,
        becomes_version=it.becomes_version,
    )


def _newer(change: EventChange) -> tuple[str, int]:
    if change.becomes:
        return change.becomes, change.becomes_version
    return change.type, change.version + 1


def _version(metadata: Any) -> int:
    version = metadata.get(VERSION, 1) if isinstance(metadata, dict) else 1
    return version if isinstance(version, int) and version > 0 else 1


def _with_version(text: str, metadata: Any, version: int) -> str:
    """The metadata as it was, byte for byte, where it says this already."""
    if _version(metadata) == version:
        return text
    return json_text.encode({**metadata, VERSION: version})
