"""What is shown when nothing is open: stores that were open here, samples, an exhibit, and the ways
to a store of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.viewmodels.start_stores import Told
from gui.widgets.grid.vertical_scroll import VerticalScroll
from gui.widgets.picture_card import PictureCard
from gui.widgets.section import Section
from gui.widgets.words import Words
from gui.words import said

WIDTH_PX: Final = 1_000
COLUMNS: Final = 3
SPACE_PX: Final = 12
ABOUT: Final = said(
    "Open an event log, drag the cursor, and see every past state. Or drop a "
    "file anywhere on this window."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """What a card opens, by its key, and what it says before anything was looked at."""

    key: str
    title: str
    about: str = ""


class StartPage(QWidget):
    """`open_wanted()`, `new_wanted()`, `import_wanted()`, `sample_wanted(name)`,
    `fresh_wanted(name)`, `exhibit_wanted(title)`, `recent_wanted(path)`, `forget_wanted(path)`."""

    open_wanted = Signal()
    new_wanted = Signal()
    import_wanted = Signal()
    sample_wanted = Signal(str)
    fresh_wanted = Signal(str)
    exhibit_wanted = Signal(str)
    recent_wanted = Signal(str)
    forget_wanted = Signal(str)

    def __init__(self, samples: Sequence[CardText], exhibit: CardText) -> None:
        super().__init__()
        self.setAccessibleName(said("Start"))
        self.open_button = QPushButton(said("Open store…"))
        self.new_button = QPushButton(said("New store…"))
        self.import_button = QPushButton(said("Import events…"))
        self.samples = {it.key: self._sample(it) for it in samples}
        self.exhibit = PictureCard(
            exhibit.key,
            title=said("Exhibit: {title}", title=exhibit.title),
            about=exhibit.about,
            opens=said("Open the exhibit {title}", title=exhibit.title),
        )
        self.recent: dict[str, PictureCard] = {}
        self._recent_cards = QWidget()
        self._recent_cells = _cells(self._recent_cards)
        self._recent_section = Section(said("Recent stores"), self._recent_cards)
        self._lay_out()
        self.open_button.clicked.connect(self.open_wanted)
        self.new_button.clicked.connect(self.new_wanted)
        self.import_button.clicked.connect(self.import_wanted)
        self.exhibit.wanted.connect(self.exhibit_wanted)

    def show_recent(self, stores: Sequence[CardText]) -> None:
        """The stores opened last, the latest first; a key is a path, `about` its folder."""
        for card in self.recent.values():
            self._recent_cells.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.recent = {it.key: self._recent(it) for it in stores}
        for at, card in enumerate(self.recent.values()):
            self._recent_cells.addWidget(card, at // COLUMNS, at % COLUMNS)
        self._recent_section.setVisible(bool(stores))

    @Slot(str, object)
    def show_told(self, key: str, told: Told) -> None:
        """What is known of a sample or of a recent store by now."""
        if card := self.samples.get(key) or self.recent.get(key):
            bars = () if told.glance is None else told.glance.bars
            card.show_facts(told.when, told.about, bars)

    def _sample(self, text: CardText) -> PictureCard:
        card = PictureCard(
            text.key,
            title=text.title,
            about=text.about,
            opens=said("Open the sample {title}", title=text.title),
            can_be_renewed=True,
        )
        card.fresh_wanted.connect(self.fresh_wanted)
        card.wanted.connect(self.sample_wanted)
        return card

    def _recent(self, text: CardText) -> PictureCard:
        card = PictureCard(
            text.key,
            title=text.title,
            about="",
            opens=said("Open {title} in {about}", title=text.title, about=text.about),
            can_be_forgotten=True,
        )
        card.setToolTip(text.key)
        card.wanted.connect(self.recent_wanted)
        card.forget_wanted.connect(self.forget_wanted)
        return card

    def _lay_out(self) -> None:
        column = QWidget()
        column.setMaximumWidth(WIDTH_PX)
        rows = QVBoxLayout(column)
        rows.setSpacing(14)
        rows.addStretch(2)
        title = QLabel(said("Foldline"))
        title.setProperty("role", "title")
        for widget in (title, Words("dim", ABOUT)):
            rows.addWidget(widget)
        rows.addLayout(self._buttons())
        rows.addWidget(self._recent_section)
        rows.addWidget(Section(said("Try a sample"), self._sample_cards()))
        rows.addStretch(3)
        middle = QWidget()
        cells = QHBoxLayout(middle)
        cells.addStretch(1)
        cells.addWidget(column, 12)
        cells.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(VerticalScroll(said("Start"), middle))

    def _buttons(self) -> QHBoxLayout:
        self.open_button.setProperty("primary", True)
        cells = QHBoxLayout()
        for button in (self.open_button, self.new_button, self.import_button):
            cells.addWidget(button)
        cells.addStretch(1)
        return cells

    def _sample_cards(self) -> QWidget:
        cards = QWidget()
        cells = _cells(cards)
        for at, card in enumerate(self.samples.values()):
            cells.addWidget(card, 0, at)
        for part in (self.exhibit.picture, self.exhibit.when, self.exhibit.told):
            part.hide()
        cells.addWidget(self.exhibit, 1, 0, 1, COLUMNS)
        return cards


def _cells(cards: QWidget) -> QGridLayout:
    cells = QGridLayout(cards)
    cells.setContentsMargins(0, 4, 0, 0)
    cells.setSpacing(SPACE_PX)
    for at in range(COLUMNS):
        cells.setColumnStretch(at, 1)
    return cells
