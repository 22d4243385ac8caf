"""What the event list says of a row beside what its event says: that it came late, or was
corrected, or corrects another one."""

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.corrections import CorrectionsViewModel
from gui.viewmodels.event_rows import EventRow
from gui.viewmodels.late_marks import LateMarksViewModel
from gui.words import said


class RowMarksViewModel(QObject):
    """`changed()` when more is known."""

    changed = Signal()

    def __init__(self, late: LateMarksViewModel, corrections: CorrectionsViewModel) -> None:
        super().__init__()
        self._late, self._corrections = late, corrections
        late.changed.connect(self.changed)
        corrections.changed.connect(self.changed)

    def marked(self, row: EventRow, text: str) -> str:
        """The summary of a row, behind its marks."""
        late, correction = self._late.of(row), self._corrections.of(row)
        marks = [said("late")] if late else []
        if correction is not None:
            marks.append(correction.short)
        return " · ".join([*marks, *([text] if text else [])])

    def tip(self, row: EventRow) -> str:
        """The same in sentences, a line each; empty where there is nothing to tell."""
        late, correction = self._late.of(row), self._corrections.of(row)
        told = [late.words] if late else []
        if correction is not None:
            told.append(correction.sentences)
        return "\n".join(told)
