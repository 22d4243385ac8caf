"""The tour: five steps over an open sample, each beside the panel that it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.views.commands_view import CommandsView
from gui.views.inspector_view import InspectorView
from gui.views.panes_view import PanesView
from gui.views.time_view import TimeView
from gui.widgets.callout import Callout
from gui.words import said
from gui.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStep:
    """What is said, beside which panel; `begin` brings it into sight."""

    title: str
    text: str
    target: Callable[[Workspace], QWidget]
    begin: Callable[[Workspace], None]


def _show_state(workspace: Workspace) -> None:
    workspace.of(InspectorView).tabs.choose("state")


STEPS: Final = (
    TourStep(
        title=said("Drag here"),
        text=said(
            "Each mark is an event. Drag the cursor, or press ← and →. The whole "
            "window shows what was recorded up to the cursor."
        ),
        target=lambda it: it.of(TimeView),
        begin=lambda it: it.docking.show("time"),
    ),
    TourStep(
        title=said("This is the state"),
        text=said(
            "The state of one stream at the cursor, folded from its events. Select "
            "another stream in the list on the left."
        ),
        target=lambda it: it.of(InspectorView),
        begin=_show_state,
    ),
    TourStep(
        title=said("Click a value to see why"),
        text=said(
            "Click any value of the state to see which event set it, when, by whom, "
            "and the value before. Enter goes to that event."
        ),
        target=lambda it: it.of(InspectorView).state,
        begin=_show_state,
    ),
    TourStep(
        title=said("Put two views side by side"),
        text=said(
            "Choose a view on each side, or one view at two moments. Cells that differ "
            "are marked. The first event at which they differ is shown."
        ),
        target=lambda it: it.of(PanesView),
        begin=lambda it: it.show_panel(PanesView),
    ),
    TourStep(
        title=said("Issue a command"),
        text=said(
            "Fill in a command and issue it. It either appends events or is refused by "
            "a rule. Preview shows the outcome and records nothing."
        ),
        target=lambda it: it.of(CommandsView),
        begin=lambda it: it.show_panel(CommandsView),
    ),
)


class Tour(QObject):
    """Over one workspace; `ended()` when a person ends it, or its panels go. GUI thread."""

    ended = Signal()

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._at = 0
        callout = Callout(window, said("Tour"))
        callout.next_wanted.connect(self._next)
        callout.back_wanted.connect(self._back)
        callout.end_wanted.connect(self.end)
        self.callout: Callout | None = callout
        self._show()

    @property
    def step(self) -> TourStep:
        """The one that is shown."""
        return STEPS[self._at]

    @Slot()
    def end(self) -> None:
        """Take the card away. Twice is once."""
        callout, self.callout = self.callout, None
        if callout is not None:
            callout.leave()
            self.ended.emit()

    @Slot()
    def _next(self) -> None:
        if self._at == len(STEPS) - 1:
            self.end()
        else:
            self._at += 1
            self._show()

    @Slot()
    def _back(self) -> None:
        self._at = max(self._at - 1, 0)
        self._show()

    def _show(self) -> None:
        step = self.step
        step.begin(self._workspace)
        if self.callout is not None:
            self.callout.show_step(
                self._at + 1,
                len(STEPS),
                title=step.title,
                text=step.text,
                target=step.target(self._workspace),
            )
