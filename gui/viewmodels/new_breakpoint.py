"""A breakpoint as it is typed: about events, or about the state of the stream in sight or of every
stream of its category."""

from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.breakpoints import BreakpointsViewModel
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.pinned_column import category_of
from gui.words import said
from replay.questions.breakpoint import (
    Breakpoint,
    CategoryBreakpoint,
    EventBreakpoint,
    StreamBreakpoint,
    require_sound,
)
from store.errors import WrongFilter
from store.visible_text import visible

Scope: TypeAlias = Literal["event", "stream", "category"]

EXAMPLES: Final[dict[Scope, str]] = {
    "event": "type = OrderPlaced and data.total > 250",
    "stream": "total > 250 and status changed",
    "category": "balance < 0",
}
NO_STREAM: Final = said(
    "select an event or a stream first: the condition is checked against its state"
)


class NewBreakpointViewModel(QObject):
    """`changed()` when `titles`, what it can be about, are others."""

    changed = Signal()

    def __init__(self, breakpoints: BreakpointsViewModel, inspector: InspectorViewModel) -> None:
        super().__init__()
        self._breakpoints, self._inspector = breakpoints, inspector
        self.titles = self._titles()
        inspector.inspected.connect(self._change)

    def wrong(self, text: str, scope: Scope) -> tuple[int, str] | None:
        """The character that is wrong and what is wrong with it; None for what can be read, and
        for an empty text."""
        if not text.strip():
            return None
        if scope != "event" and not self._inspector.stream:
            return 0, NO_STREAM
        try:
            require_sound(self._made(text, scope))
        except WrongFilter as error:
            return error.at, error.problem
        return None

    def add(self, text: str, scope: Scope) -> bool:
        """Whether it could be added."""
        if not text.strip() or self.wrong(text, scope) is not None:
            return False
        self._breakpoints.add(self._made(text.strip(), scope))
        return True

    def rows(self) -> list[tuple[str, ...]]:
        """The breakpoints that there are, for a list."""
        return [
            ("on" if it.is_on else "off", it.breakpoint.where, _of(it.breakpoint))
            for it in self._breakpoints.all
        ]

    def _made(self, text: str, scope: Scope) -> Breakpoint:
        stream = self._inspector.stream
        match scope:
            case "event":
                return EventBreakpoint(where=text)
            case "stream":
                return StreamBreakpoint(where=text, stream=stream)
            case "category":
                return CategoryBreakpoint(where=text, category=category_of(stream))

    def _titles(self) -> dict[Scope, str]:
        stream = visible(self._inspector.stream)
        return {
            "event": said("Events that meet a filter"),
            "stream": said("State of {stream}", stream=stream or said("the selected stream")),
            "category": said(
                "State of every {stream}",
                stream=category_of(stream) or said("stream of its category"),
            ),
        }

    @Slot()
    def _change(self) -> None:
        titles = self._titles()
        if titles != self.titles:
            self.titles = titles
            self.changed.emit()


def _of(it: Breakpoint) -> str:
    match it:
        case EventBreakpoint():
            return "events"
        case StreamBreakpoint(stream=stream):
            return stream
        case CategoryBreakpoint(category=category):
            return said("every {category}", category=category)
