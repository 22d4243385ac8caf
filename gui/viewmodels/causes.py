"""The conversation that the event under the cursor belongs to: what led to what."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.inspector import InspectorViewModel
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.history.causation_index import CausationIndex
from replay.history.conversation import Conversation, conversation_of, in_order
from replay.history.layered import layered
from replay.states.model_set import bundled_models, bundled_processes
from store.events import RecordedEvent

MOST: Final = 200  # messages that are drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A command or an event. `position`: the event's, or that of a command's first event."""

    id: str
    name: str
    stream: str
    is_command: bool
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """`places` holds the row and column of each message."""

    messages: tuple[Message, ...]
    links: tuple[tuple[str, str], ...]
    places: Mapping[str, tuple[int, int]]
    left_out: int  # messages too many to draw


class CausesViewModel(QObject):
    """`changed()` when there is something else to draw; `failed(error)`. A hidden tab asks for
    nothing."""

    changed = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks, inspector: InspectorViewModel, selection: Selection) -> None:
        super().__init__()
        self.causes: Causes | None = None
        self.is_looking = False
        self._tasks = tasks
        self._inspector = inspector
        self._selection = selection
        self._asked_head = 0  # how far the log went when it was looked through
        self._is_wanted = False
        inspector.inspected.connect(self.refresh)

    @property
    def here(self) -> str:
        """The id of the event under the cursor."""
        inspection = self._inspector.inspection
        return inspection.event.id if inspection and inspection.event else ""

    def position_of(self, message_id: str) -> int | None:
        """Where a message leads to; None for a command without events."""
        messages = self.causes.messages if self.causes else ()
        return next((it.position for it in messages if it.id == message_id), None)

    def want(self, is_wanted: bool) -> None:
        """Whether the tab is in sight."""
        self._is_wanted = is_wanted
        if is_wanted:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Another event is under the cursor."""
        inspection = self._inspector.inspection
        event = inspection.event if inspection else None
        if not self._is_wanted or event is None:
            return
        if self._is_drawn(event.id):
            self.changed.emit()
            return
        self.is_looking, self._asked_head = True, self._selection.head
        self.changed.emit()
        work = partial(_causes, event=event)
        self._tasks.latest("causes", work, done=self._learn, failed=self._give_up, restart=True)

    def _is_drawn(self, event_id: str) -> bool:
        """Whether what is drawn holds the event and all that belongs to it."""
        causes = self.causes
        if causes is None or causes.left_out or self.is_looking:
            return False
        is_current = self._asked_head == self._selection.head
        return is_current and any(it.id == event_id for it in causes.messages)

    def _learn(self, causes: Causes) -> None:
        self.causes, self.is_looking = causes, False
        self.changed.emit()

    def _give_up(self, error: Exception) -> None:
        self.is_looking = False
        self.changed.emit()
        self.failed.emit(error)


def _causes(reads: Reads, *, event: RecordedEvent) -> Causes:
    categories = [it.model.category for it in bundled_processes()]
    index = CausationIndex(reads.views(), reads.log)
    found = conversation_of(
        reads.log, event, index=index, tied_by=categories, models=bundled_models()
    )
    messages = _messages(found)
    around = _around(messages, event.id)
    ids = dict.fromkeys(it.id for it in around)
    links = tuple((a, b) for a, b in found.graph.edges if a in ids and b in ids)
    return Causes(
        messages=tuple(around),
        links=links,
        places=layered(list(ids), links),
        left_out=len(messages) - len(around) + found.left_out,
    )


def _messages(found: Conversation) -> list[Message]:
    events = {
        it.id: Message(
            id=it.id, name=it.type, stream=it.stream, is_command=False, position=it.position
        )
        for it in found.events
    }
    messages = dict(events)
    for it in found.commands:
        led_to = [
            events[effect].position for effect in found.graph.successors(it.id) if effect in events
        ]
        position = min((at for at in led_to if at is not None), default=None)
        messages[it.id] = Message(
            id=it.id, name=it.type, stream=it.stream, is_command=True, position=position
        )
    return [messages[it] for it, _ in in_order(found)]


def _around(messages: list[Message], event_id: str) -> list[Message]:
    """At most so many, with the event in the middle where that can be."""
    here = next((at for at, it in enumerate(messages) if it.id == event_id), 0)
    first = max(0, min(here - MOST // 2, len(messages) - MOST))
    return messages[first : first + MOST]
