"""A change of an event type, tried on what is stored. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.said import Said
from gui.words import counted, said
from gui.work.jobs import Jobs, sentences
from gui.work.long_work import LongWork
from gui.work.reports import ChangeTried, EventTried
from gui.work.wishes import NewShape, Retirement, TryChange
from replay.states.bearing import meaning_words
from replay.states.event_change import NAME
from store import json_text
from store.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongField:
    """What is missing or no name, and where: of a field's line its number from 0, and the part."""

    way: Literal["retired", "renamed", "fields"]
    text: str
    edit: int = 0
    part: Literal["kind", "field", "value"] = "kind"


def wrong_with(type_: str, change: Retirement | NewShape) -> WrongField | None:
    """The first thing that is to be filled in before a change can be tried; None: it can be."""
    if isinstance(change, Retirement):
        return (
            None
            if change.why
            else WrongField(way="retired", text=said("Enter why it is no longer needed."))
        )
    if change.becomes is not None:
        if not NAME.fullmatch(change.becomes):
            return WrongField(way="renamed", text=said("A name consists of letters, digits and _."))
        if change.becomes == type_:
            return WrongField(way="renamed", text=said("The type already has this name."))
    elif not change.edits:
        return WrongField(way="fields", text=said("Choose what to do with a field."))
    for at, it in enumerate(change.edits):
        if not it.field:
            return WrongField(
                way="fields", text=said("Enter the field's name."), edit=at, part="field"
            )
        if it.kind != "drop" and not it.value:
            what = said("Enter the new name.") if it.kind == "rename" else said("Enter the value.")
            return WrongField(way="fields", text=what, edit=at, part="value")
    return None


def as_value(kind: str, text: str) -> str:
    """What is typed for a field that is added: JSON, or else a text."""
    if kind != "add" or not text:
        return text
    try:
        json_text.decode(text)
    except ValueError:
        return json_text.encode(text)
    return text


class EventChangeViewModel(QObject):
    """`changed()` when a trial begins, ends or has something to say. `rows` and `code` are of the
    last one; `code` is empty when it failed."""

    changed = Signal()

    def __init__(self, jobs: Jobs, store: Place, *, model: str) -> None:
        """`model`: a file of a person's own that is in use; may be empty."""
        super().__init__()
        self.said = Said()
        self.code = ""
        self.tried: tuple[EventTried, ...] = ()
        self._store, self._model, self._type = store, model, ""
        self._work = LongWork(jobs)
        self._work.changed.connect(self.changed)
        self._work.succeeded.connect(self._learn)
        self._work.objected.connect(self._learn)
        self._work.failed.connect(self._learn_failed)

    @property
    def is_running(self) -> bool:
        """Whether a trial runs."""
        return self._work.is_running

    def try_(self, type_: str, version: int, change: Retirement | NewShape) -> None:
        """Read the stored events of this type and shape with the change."""
        self._type = type_
        wish = TryChange(
            store=self._store, type=type_, version=version, model=self._model, change=change
        )
        self._work.start(wish)

    @Slot(object)
    def _learn(self, report: ChangeTried) -> None:
        words = (
            counted(
                "{count:,} event is stored in this shape",
                "{count:,} events are stored in this shape",
                report.events,
            )
            if report.is_all
            else said(
                "{events:,} of the first 1,000 events are stored in this shape",
                events=report.events,
            )
        )
        if report.unfit:
            words += said(
                "; the current class does not accept {unfit:,} of them", unfit=report.unfit
            )
        if report.meaning:
            words += f". {meaning_words(self._type, report.meaning)}"
        is_doubtful = report.unfit or report.meaning
        self.said = Said(text=f"{words}.", role="warn" if is_doubtful else "ok")
        self.tried, self.code = report.shown, report.code

    @Slot(str, str)
    def _learn_failed(self, what: str, hint: str) -> None:
        self.said, self.code = Said(text=sentences(what, hint), role="error"), ""


def tried_texts(it: EventTried) -> tuple[str, ...]:
    """One stored event: what of it changes, how it is read then, and what does not fit."""
    before, after = it.before, it.after
    if after is None:
        read = (_text(before), said("no effect"))
    else:
        read = (_text(_beside(before, after)), _text(_beside(after, before)))
    return (f"{it.position:,}", *read, it.problem)


def _beside(data: Any, other: Any) -> Mapping[str, Any]:
    """The fields that the other does not have, or has otherwise: what a change is about."""
    fields = data.items() if isinstance(data, Mapping) else ()
    return {name: it for name, it in fields if name not in other or other[name] != it}


def _text(value: Any) -> str:
    fields = value.items() if isinstance(value, Mapping) else ()
    return ", ".join(f"{name}: {it}" for name, it in fields) or ("–" if value == {} else str(value))
