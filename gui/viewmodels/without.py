"""What would differ without one event: asked on a reader thread, told as rows of two tables."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.things import CellThing, StreamThing, Thing, ViewThing
from gui.words import counted, said
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.causation_index import CausationIndex

if TYPE_CHECKING:  # loaded with the first question
    from replay.history.without_answer import RowDiffers, StreamDiffers, ViewDiffers, WithoutEvent

STREAMS: Final = (
    said("stream"),
    said("first field that differs"),
    said("with it"),
    said("without it"),
    said("fields"),
)
ROWS: Final = (
    said("view"),
    said("row"),
    said("column"),
    said("with it"),
    said("without it"),
)
KEY: Final = "without event"
LONGEST: Final = 200  # characters of a value in a table


class WithoutViewModel(QObject):
    """`changed()` when anything of it differs, `failed(error)`, `row_wanted(view, key, position)`
    when a row is to be shown. Nothing is written."""

    changed = Signal()
    failed = Signal(Exception)
    row_wanted = Signal(str, object, object)
    _counted = Signal(int, int)  # from a reader thread

    def __init__(self, tasks: Tasks, selection: Selection, position: int) -> None:
        super().__init__()
        self.position = position
        self.found: WithoutEvent | None = None
        self.words = ""
        self.is_running = False
        self._tasks, self._selection = tasks, selection
        self._counted.connect(self._tell_count)

    def ask(self) -> None:
        """Fold with and without it; a question about another event is stopped."""
        self.is_running = True
        self._say(said("Folding the states with the event and without it…"))
        work = partial(_without, position=self.position, told=self._counted.emit)
        self._tasks.latest(KEY, work, done=self._show, failed=self._give_up, restart=True)

    @Slot()
    def cancel(self) -> None:
        """Fold no further."""
        if self.is_running:
            self._tasks.cancel(KEY)
            self.is_running = False
            self._say(said("Stopped before there was a result."))

    def stream_rows(self) -> list[tuple[str, ...]]:
        """Under STREAMS."""
        return [_stream_row(it) for it in self.found.streams] if self.found else []

    def view_rows(self) -> list[tuple[str, ...]]:
        """Under ROWS; views that fail first."""
        return [_view_row(view, row) for view, row in self._listed()]

    def go_to_stream(self, row: int) -> None:
        """The state of a stream at the event."""
        streams = self.found.streams if self.found else ()
        if 0 <= row < len(streams):
            self._selection.choose_stream(streams[row].stream)
            self._selection.seek(streams[row].failed_at or self.position)

    def go_to_row(self, row: int) -> None:
        """A row before the event and after it; of a view that fails the event at which."""
        listed = self._listed()
        if not 0 <= row < len(listed):
            return
        view, differs = listed[row]
        if differs is None:
            self._selection.seek(view.failed_at or self.position)
        else:
            self.row_wanted.emit(view.view, differs.key, self.position)

    def stream_things(self, row: int, _column: int) -> list[Thing]:
        """What a line of the first table is."""
        streams = self.found.streams if self.found else ()
        return [StreamThing(name=streams[row].stream)] if 0 <= row < len(streams) else []

    def row_things(self, row: int, _column: int) -> list[Thing]:
        """What a line of the second table is."""
        listed = self._listed()
        if not 0 <= row < len(listed) or self.found is None:
            return []
        view, differs = listed[row]
        thing = ViewThing(name=view.view)
        if differs is None:
            return [thing]
        told = "\t".join(_view_row(view, differs))
        cell = CellThing(
            view=view.view,
            key=differs.key,
            column=differs.column,
            text=differs.before,
            row=told,
            at=self.found.head,
        )
        return [cell, thing]

    def _listed(self) -> "list[tuple[ViewDiffers, RowDiffers | None]]":
        views = self.found.views if self.found else ()
        failing = [(it, None) for it in views if it.failed_at is not None]
        return [*failing, *((view, row) for view in views for row in view.rows)]

    @Slot(int, int)
    def _tell_count(self, done: int, total: int) -> None:
        if self.is_running:
            self._say(
                said(
                    "Folding with the event and without it: {done:,} of {total:,}…",
                    done=done,
                    total=total,
                )
            )

    def _show(self, found: "WithoutEvent") -> None:
        self.found, self.is_running = found, False
        self._say(_words(found))

    def _give_up(self, error: Exception) -> None:
        self.is_running = False
        self._say("")
        self.failed.emit(error)

    def _say(self, words: str) -> None:
        self.words = words
        self.changed.emit()


def _without(reads: Reads, *, position: int, told: Callable[[int, int], None]) -> "WithoutEvent":
    from replay.history.without_event import without_event

    views = reads.views()
    index = CausationIndex(views, reads.log)
    return without_event(reads.log, reads.states, index, position, views=views, told=told)


def _words(found: "WithoutEvent") -> str:
    event, rows = found.event, sum(it.count for it in found.views)
    states = said(
        "{differing:,} of {states}",
        differing=len(found.streams),
        states=counted(
            "{count:,} state",
            "{count:,} states",
            len(found.streams) + len(found.same_streams),
        ),
    )
    told = [
        said(
            "Without {type} at {position:,}: {states} and {rows} of {views} would differ "
            "now, at {head:,}. Nothing was written.",
            type=event.type,
            position=event.position,
            states=states,
            rows=counted("{count:,} row", "{count:,} rows", rows),
            views=counted("{count:,} view", "{count:,} views", len(found.views)),
            head=found.head,
        )
    ]
    if found.caused:
        told.append(
            said("Events that it caused would still be there: {caused:,}.", caused=found.caused)
        )
    if any(len(it.rows) < it.count for it in found.views):
        told.append(said("Only the first rows of a large view are listed."))
    if apart := [name for name, why in found.unasked if "process" in why]:
        told.append(
            said(
                "Not checked, because their code runs in another process: {apart}.",
                apart=", ".join(apart),
            )
        )
    return " ".join(told)


def _stream_row(it: "StreamDiffers") -> tuple[str, ...]:
    if it.failed_at is not None:
        return (
            it.stream,
            "",
            "",
            said(
                "cannot be folded beyond {failed_at:,}: {error}",
                failed_at=it.failed_at,
                error=it.error,
            ),
            "",
        )
    return (it.stream, it.path, _cut(it.before), _cut(it.after), f"{it.count:,}")


def _view_row(view: "ViewDiffers", row: "RowDiffers | None") -> tuple[str, ...]:
    if row is None:
        return (
            view.view,
            "",
            "",
            "",
            said(
                "cannot be folded beyond {failed_at:,}: {error}",
                failed_at=view.failed_at,
                error=view.error,
            ),
        )
    key = ", ".join(map(str, row.key))
    return (view.view, key, row.column, _cut(row.before), _cut(row.after))


def _cut(text: str) -> str:
    if not text:
        return "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
