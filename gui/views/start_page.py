"""What is shown when nothing is open: recent stores, open, import, and three samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.widgets.grid.counted_list import CountedItem, CountedList
from gui.widgets.section import Section

WIDTH_PX: Final = 760


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCard:
    """A sample that one click opens."""

    name: str
    title: str
    about: str


class StartPage(QWidget):
    """`open_wanted()`, `import_wanted()`, `sample_wanted(name)`, `recent_wanted(path)`."""

    open_wanted = Signal()
    import_wanted = Signal()
    sample_wanted = Signal(str)
    recent_wanted = Signal(str)

    def __init__(self, samples: Sequence[SampleCard]) -> None:
        super().__init__()
        self.setAccessibleName("Start")
        self.samples: dict[str, QPushButton] = {}
        self.open_button = QPushButton("Open store…")
        self.import_button = QPushButton("Import events…")
        self.recent = CountedList("Recent stores", is_mono=True)
        self._recent_section = Section("Recent stores", self.recent)
        self._lay_out(samples)
        self.open_button.clicked.connect(self.open_wanted)
        self.import_button.clicked.connect(self.import_wanted)
        self.recent.key_activated.connect(self.recent_wanted)
        self.recent.keys_chosen.connect(self._open_recent)

    def show_recent(self, stores: Sequence[tuple[str, str]]) -> None:
        """(path, folder as people write it) of the stores opened last, the latest first."""
        self.recent.set_items([CountedItem(key=path, text=name) for path, name in stores])
        self._recent_section.setVisible(bool(stores))

    def _lay_out(self, samples: Sequence[SampleCard]) -> None:
        column = QFrame()
        column.setMaximumWidth(WIDTH_PX)
        rows = QVBoxLayout(column)
        rows.setSpacing(14)
        rows.addStretch(2)
        title = QLabel("Foldline")
        title.setProperty("role", "title")
        about = QLabel(
            "Open a log of events, drag the playhead, and see what every state was. "
            "Or drop a file anywhere on this window."
        )
        about.setProperty("role", "dim")
        about.setWordWrap(True)
        rows.addWidget(title)
        rows.addWidget(about)
        rows.addLayout(self._buttons())
        rows.addSpacing(8)
        rows.addWidget(Section("Try a sample", self._cards(samples)))
        rows.addWidget(self._recent_section, 3)
        rows.addStretch(3)
        page = QHBoxLayout(self)
        page.addStretch(1)
        page.addWidget(column, 6)
        page.addStretch(1)

    def _buttons(self) -> QHBoxLayout:
        self.open_button.setProperty("primary", True)
        cells = QHBoxLayout()
        cells.addWidget(self.open_button)
        cells.addWidget(self.import_button)
        cells.addStretch(1)
        return cells

    def _cards(self, samples: Sequence[SampleCard]) -> QWidget:
        row = QWidget()
        cells = QHBoxLayout(row)
        cells.setContentsMargins(0, 4, 0, 0)
        cells.setSpacing(12)
        for sample in samples:
            cells.addWidget(self._card(sample), 1)
        return row

    def _card(self, sample: SampleCard) -> QPushButton:
        card = QPushButton()
        card.setProperty("role", "card")
        card.setObjectName(sample.name)
        card.setAccessibleName(f"Open the sample {sample.title}")
        card.setAccessibleDescription(sample.about)
        title, about = QLabel(sample.title), QLabel(sample.about)
        title.setProperty("role", "card-title")
        about.setProperty("role", "dim")
        about.setWordWrap(True)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(12, 10, 12, 10)
        for label in (title, about):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inner.addWidget(label)
        inner.addStretch(1)
        card.clicked.connect(self._open_sample)
        self.samples[sample.name] = card
        return card

    @Slot()
    def _open_sample(self) -> None:
        self.sample_wanted.emit(self.sender().objectName())

    @Slot(tuple)
    def _open_recent(self, keys: tuple[str, ...]) -> None:
        if keys:
            self.recent_wanted.emit(keys[0])
