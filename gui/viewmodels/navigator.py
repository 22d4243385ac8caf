"""Streams and event types to choose from."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.told_apart import told_apart
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.navigation import Counted, StreamList, list_streams, list_types


class NavigatorViewModel(QObject):
    """`streams_changed()`, `types_changed()`, `failed(error)`.

    Asks again when the views have advanced; the text filter runs over all streams.
    """

    streams_changed = Signal()
    types_changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.streams = StreamList(streams=(), total=0)
        self.stream_words: dict[str, str] = {}  # what is shown for each listed stream
        self.type_words: dict[str, str] = {}
        self.types: tuple[Counted, ...] = ()
        self.type_numbers: dict[str, int] = {}  # a type's place in the palette
        self._tasks = tasks
        self._containing = ""

    def search_streams(self, containing: str) -> None:
        """List the streams whose name holds a text."""
        self._containing = containing
        self._ask_streams(restart=True)

    @Slot()
    def refresh(self) -> None:
        """The views have advanced: ask for both lists again."""
        self._ask_streams(restart=False)
        self._tasks.latest("types", _types, done=self._show_types, failed=self.failed.emit)

    @property
    def streams_count(self) -> str:
        """How many streams there are, and how many of them are listed where that is less."""
        listed, total = len(self.streams.streams), self.streams.total
        return f"{listed:,} of {total:,}" if listed < total else f"{total:,}" if total else ""

    def color_index(self, type_: str) -> int:
        """The type's place in the palette: types keep it as long as the log lives."""
        return self.type_numbers.get(type_, len(self.type_numbers))

    def _ask_streams(self, *, restart: bool) -> None:
        work = partial(_streams, containing=self._containing)
        self._tasks.latest(
            "streams", work, done=self._show_streams, failed=self.failed.emit, restart=restart
        )

    def _show_streams(self, streams: StreamList) -> None:
        if streams != self.streams:
            self.streams = streams
            self.stream_words = told_apart([it.name for it in streams.streams])
            self.streams_changed.emit()

    def _show_types(self, types: tuple[Counted, ...]) -> None:
        if types != self.types:
            self.types = types
            self.type_words = told_apart([it.name for it in types])
            self.type_numbers = {it.name: number for number, it in enumerate(types)}
            self.types_changed.emit()


def _streams(reads: Reads, *, containing: str) -> StreamList:
    views = reads.views()
    if views is None:
        return StreamList(streams=(), total=0)
    return list_streams(views, containing=containing)


def _types(reads: Reads) -> tuple[Counted, ...]:
    views = reads.views()
    return () if views is None else list_types(views)
