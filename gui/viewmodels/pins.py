"""Fields of states that a person keeps in sight: at the top of the state, and as columns of the
event table. They are kept for the streams of a category, which have one model."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.answer_words import value_words
from gui.viewmodels.inspector import InspectorViewModel
from gui.viewmodels.pinned_column import PinnedSource, category_of, pinned_column
from gui.viewmodels.shown_columns import ShownColumns
from replay.states.diff import Path, path_text
from replay.states.field_history import brief
from replay.states.state_part import is_same, part_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedField:
    """One pinned field of the state in sight."""

    path: Path
    label: str
    value: str  # old → new where the event of the state changed it


class PinsViewModel(QObject):
    """`changed()` when other fields are pinned, or they have other values."""

    changed = Signal()

    def __init__(
        self, selection: Selection, inspector: InspectorViewModel, columns: ShownColumns
    ) -> None:
        super().__init__()
        self._pinned: dict[tuple[str, Path], bool] = {}  # category and path → has it a column
        self._selection, self._inspector, self._columns = selection, inspector, columns
        inspector.inspected.connect(self.changed)
        selection.axis_changed.connect(self._change_axis)
        selection.known_changed.connect(self._change_axis)
        columns.removed.connect(self._note_removed)

    @property
    def paths(self) -> frozenset[Path]:
        """What is pinned of the stream in sight."""
        category = category_of(self._inspector.stream)
        return frozenset(path for its, path in self._pinned if its == category)

    def toggle(self, path: Path) -> None:
        """Pin a field of the stream in sight, or do not any more."""
        key = (category_of(self._inspector.stream), path)
        if not self._inspector.stream:
            return
        if key in self._pinned:
            del self._pinned[key]
            self._columns.remove(self._source(*key).id)
        else:
            self._pinned[key] = self._columns.add(pinned_column(self._source(*key)))
        self.changed.emit()

    def fields(self) -> list[PinnedField]:
        """Those of the state in sight, in the order in which they were pinned."""
        inspection = self._inspector.inspection
        state = inspection.state if inspection else None
        if state is None:
            return []
        category = category_of(state.stream)
        return [
            PinnedField(
                path=path, label=path_text(path), value=_words(state.previous, state.state, path)
            )
            for its, path in self._pinned
            if its == category
        ]

    def kept(self) -> list[dict[str, Any]]:
        """As JSON values, for the next start."""
        return [
            {"category": category, "path": list(path), "has_column": has_column}
            for (category, path), has_column in self._pinned.items()
        ]

    def restore(self, kept: Any) -> None:
        """Pin what was kept; what is no such list is passed over."""
        for it in kept if isinstance(kept, list) else ():
            match it:
                case {"category": str(category), "path": list(path), "has_column": bool(shown)}:
                    if all(isinstance(key, str | int) for key in path):
                        key = (category, tuple(path))
                        self._pinned[key] = shown
                        if shown:
                            self._columns.add(pinned_column(self._source(*key)))
        self.changed.emit()

    def _source(self, category: str, path: Path) -> PinnedSource:
        selection = self._selection
        return PinnedSource(
            category=category, path=path, axis=selection.axis, known=selection.known
        )

    @Slot()
    def _change_axis(self) -> None:
        """On another axis a field has other values: its column is another one."""
        for key, has_column in list(self._pinned.items()):
            if has_column:
                self._columns.replace(pinned_column(self._source(*key)))

    @Slot()
    def _note_removed(self) -> None:
        """A column that a person takes away stays away; the field stays at the top."""
        for key in self._pinned:
            self._pinned[key] &= self._columns.has(self._source(*key).id)


def _words(before: Any, after: Any, path: Path) -> str:
    was, now = part_of(before, path), part_of(after, path)
    shown = value_words(brief(now))
    return shown if is_same(was, now) else f"{value_words(brief(was))} → {shown}"
