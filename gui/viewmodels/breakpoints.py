"""The breakpoints of a store: which there are, and which of them are switched on."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from gui.viewmodels.inspector import InspectorViewModel
from replay.questions.breakpoint import Breakpoint, EventBreakpoint, require_sound
from store.errors import WrongFilter
from store.filter.write import claim_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBreakpoint:
    """One of the list."""

    breakpoint: Breakpoint
    is_on: bool = True


class BreakpointsViewModel(QObject):
    """`changed()` when there are others, or others are on. GUI thread."""

    changed = Signal()

    def __init__(self, inspector: InspectorViewModel) -> None:
        super().__init__()
        self.all: tuple[ListedBreakpoint, ...] = ()
        self._inspector = inspector

    @property
    def enabled(self) -> tuple[Breakpoint, ...]:
        """Those that stop."""
        return tuple(it.breakpoint for it in self.all if it.is_on)

    def add(self, breakpoint_: Breakpoint) -> None:
        """Put it behind the others; one that is there already is switched on. Raises
        WrongFilter."""
        require_sound(breakpoint_)
        others = tuple(it for it in self.all if it.breakpoint != breakpoint_)
        if len(others) < len(self.all):
            kept = (replace(it, is_on=it.is_on or it.breakpoint == breakpoint_) for it in self.all)
            self._set(tuple(kept))
        else:
            self._set((*others, ListedBreakpoint(breakpoint=breakpoint_)))

    def switch(self, row: int) -> None:
        """On, or off."""
        if 0 <= row < len(self.all):
            it = replace(self.all[row], is_on=not self.all[row].is_on)
            self._set((*self.all[:row], it, *self.all[row + 1 :]))

    def remove(self, row: int) -> None:
        """Forget it."""
        if 0 <= row < len(self.all):
            self._set((*self.all[:row], *self.all[row + 1 :]))

    @Slot()
    def toggle_type(self) -> None:
        """Break on the type of the event under the cursor, or no more."""
        inspection = self._inspector.inspection
        if inspection is None or inspection.event is None:
            return
        it = EventBreakpoint(where=claim_text(("type",), "=", inspection.event.type))
        known = [at for at, its in enumerate(self.all) if its.breakpoint == it]
        if known:
            self.remove(known[0])
        else:
            self.add(it)

    def kept(self) -> list[dict[str, Any]]:
        """As JSON values, to be restored."""
        return [
            {"breakpoint": msgspec.to_builtins(it.breakpoint), "is_on": it.is_on} for it in self.all
        ]

    def restore(self, kept: object) -> None:
        """Those that `kept` gave; what does not fit is left out."""
        found = map(_restored, kept if isinstance(kept, list) else ())
        self._set(tuple(it for it in found if it is not None))

    def _set(self, found: tuple[ListedBreakpoint, ...]) -> None:
        self.all = found
        self.changed.emit()


def _restored(kept: object) -> ListedBreakpoint | None:
    match kept:
        case {"breakpoint": dict(told), "is_on": bool(is_on)}:
            try:
                found: Breakpoint = msgspec.convert(told, Breakpoint)
                require_sound(found)
            except (msgspec.ValidationError, WrongFilter):
                return None
            return ListedBreakpoint(breakpoint=found, is_on=is_on)
    return None
