"""One running job: its name, a bar, the rate, the time left, and how to stop it."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QToolButton, QWidget

from gui.look.icons import icon
from gui.look.theme import themes
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.pill import Tone
from gui.words import said
from store.visible_text import visible

STEPS: Final = 1000


class ProgressRow(QWidget):
    """`cancel_wanted()` once a job; then the button waits, greyed, for it to end. `begin` when
    another job comes."""

    cancel_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._name, self._facts = ElidedLabel(name), QLabel()
        self._facts.setProperty("role", "faint")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(said("Progress of {name}", name=name))
        self._cancel = QToolButton()
        self._cancel.setAccessibleName(said("Cancel {name}", name=name))
        self._cancel.setToolTip(said("Cancel"))
        self._cancel.clicked.connect(self._want_cancel)
        self._lay_out()
        self._restyle()
        themes().changed.connect(self._restyle)

    def begin(self) -> None:
        """A job has begun, of which nothing is known yet."""
        self._tell_in("faint")
        self._say("")
        self._bar.setRange(0, 0)
        self._bar.show()
        self._cancel.setEnabled(True)
        self._cancel.show()

    def show_progress(self, fraction: float | None, *, rate: str = "", left: str = "") -> None:
        """How far it is; None when nobody knows, then the bar only moves."""
        self._bar.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self._bar.setValue(round(min(max(fraction, 0.0), 1.0) * STEPS))
        percent = "" if fraction is None else f"{fraction:.0%}"
        self._say(" · ".join(part for part in (percent, rate, left) if part))

    def finish(self, text: str, *, tone: Tone = "ok") -> None:
        """The job has ended: say how, and take the bar and the button away."""
        self._bar.hide()
        self._cancel.hide()
        self._tell_in(tone)
        self._say(text)

    def _tell_in(self, role: str) -> None:
        self._facts.setProperty("role", role)
        self._facts.style().polish(self._facts)

    def _say(self, text: str) -> None:
        text = visible(text)
        self._facts.setText(text)
        self.setAccessibleDescription(text)

    def _lay_out(self) -> None:
        theme = themes().current
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.padding_px, theme.unit_px, theme.unit_px, theme.unit_px)
        grid.setHorizontalSpacing(theme.unit_px * 2)
        grid.setVerticalSpacing(theme.unit_px)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._facts, 0, 1)
        grid.addWidget(self._bar, 1, 0, 1, 2)
        grid.addWidget(self._cancel, 0, 2, 2, 1)
        grid.setColumnStretch(0, 1)

    @Slot()
    def _want_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._say(said("Stopping…"))
        self.cancel_wanted.emit()

    @Slot()
    def _restyle(self) -> None:
        theme = themes().current
        self._cancel.setIcon(icon("x", theme["text_dim"], theme["line_strong"]))
