"""Find: when a condition on the state came true, and the places that were marked."""

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.selection import Selection
from gui.viewmodels.bookmarks import Bookmark, BookmarksViewModel
from gui.viewmodels.filter_text import kind_of_filter
from gui.viewmodels.finding import AboutRow, FindingViewModel, Which, wrong_condition
from gui.viewmodels.things import BookmarkThing, EventThing, Thing
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.filter_box import FilterBox
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.section import Section
from gui.widgets.tips import set_action_tip
from gui.widgets.words import Words
from gui.words import said

TITLES: Final = (said("position"), said("name"), said("note"))
BUTTONS: Final[tuple[tuple[Which, str, str, str], ...]] = (
    ("first", said("First"), said("The first time the condition became true"), ""),
    ("previous", said("Previous"), said("The last time before the cursor"), "find previous"),
    ("next", said("Next"), said("The first time after the cursor"), "find next"),
    ("last", said("Last"), said("The last time the condition became true"), ""),
)
EXAMPLE: Final = "total > 250 and status changed"


class FindView(QWidget):
    """The condition is about the stream whose state is shown. `rule_wanted(condition, stream)`
    when it is to be kept as a rule."""

    rule_wanted = Signal(str, str)

    def __init__(
        self, finding: FindingViewModel, bookmarks: BookmarksViewModel, selection: Selection
    ) -> None:
        super().__init__()
        self.setAccessibleName(said("Find"))
        self._finding, self._bookmarks, self._selection = finding, bookmarks, selection
        self.condition = FilterBox(
            said("Condition on the state"), EXAMPLE, kind=kind_of_filter, wrong=wrong_condition
        )
        self.stream = ElidedLabel(role="faint")
        self.state = QPushButton(said("Search the stream's state instead"))
        self.state.hide()
        self.stays = QCheckBox(said("Once true, it stays true"))
        self.stays.setToolTip(said("Then First uses bisection and checks only a few states"))
        self.buttons: dict[Which, QPushButton] = {}
        self.cancel = QPushButton(said("Stop"))
        self.rule = QPushButton(said("Save as a rule…"))
        self.rule.setToolTip(
            said(
                "Create a rule that is broken while this condition holds, for every stream "
                "of the category"
            )
        )
        self.message = Words("dim")
        self.bookmarks = TextGrid(
            said("Bookmarks"),
            empty=said(
                "Bookmarks are listed here. Go ▸ Add or remove a bookmark here adds one at "
                "the cursor."
            ),
        )
        self.remove = QPushButton(said("Remove bookmark"))
        self._lay_out()
        self._connect()
        self._show()
        self._show_bookmarks()

    def begin_with(self, condition: str, row: AboutRow | None = None) -> None:
        """Put a condition into the line, to be gone on with; of a row of a view, if one is
        named."""
        self._finding.be_about(row)
        self.condition.set_text(condition)
        self.condition.line.setFocus()

    def look(self, which: Which) -> None:
        """Look for it, if it can be read; without one, begin to type."""
        text = self.condition.text().strip()
        if not text:
            self.condition.line.setFocus()
        elif self.condition.check():
            self._finding.find(text, which, stays=self.stays.isChecked())

    def spots(self) -> list[Spot]:
        """The bookmarks."""
        return [cells_spot(self.bookmarks.grid, self._things)]

    def _things(self, row: int, _column: int) -> list[Thing]:
        found = self._bookmarks.all
        if not 0 <= row < len(found):
            return []
        position, until = found[row].key
        return [BookmarkThing(position=position, until=until), EventThing(position=position)]

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.addWidget(self.stream)
        rows.addWidget(self.state)
        rows.addWidget(self.condition)
        cells = QHBoxLayout()
        for which, title, tip, action in BUTTONS:
            button = self.buttons[which] = QPushButton(title)
            set_action_tip(button, tip, action)
            cells.addWidget(button)
        cells.addWidget(self.cancel)
        rows.addLayout(cells)
        below = QHBoxLayout()
        below.addWidget(self.stays, 1)
        below.addWidget(self.rule)
        rows.addLayout(below)
        rows.addWidget(self.message)
        self._marked = Section(said("Bookmarks"), self.bookmarks)
        rows.addWidget(self._marked, 1)
        rows.addWidget(self.remove)

    def _connect(self) -> None:
        for which, button in self.buttons.items():
            button.setObjectName(which)
            button.clicked.connect(self._want)
        self.condition.line.returnPressed.connect(self._want_first)
        self.condition.offers_wanted.connect(self._offer)
        self.state.clicked.connect(self._ask_state)
        self.cancel.clicked.connect(self._finding.cancel)
        self.rule.clicked.connect(self._want_rule)
        self._finding.changed.connect(self._show)
        self._bookmarks.changed.connect(self._show_bookmarks)
        self.bookmarks.row_activated.connect(self._go)
        self.bookmarks.row_chosen.connect(self._go)
        self.remove.clicked.connect(self._remove)

    @Slot(str, int)
    def _offer(self, text: str, cursor: int) -> None:
        self.condition.offer(*self._finding.offers(text, cursor))

    @Slot()
    def _ask_state(self) -> None:
        self.begin_with(self.condition.text())

    @Slot()
    def _want(self) -> None:
        name = self.sender().objectName()
        self.look(next(which for which in self.buttons if which == name))

    @Slot()
    def _want_rule(self) -> None:
        if self.condition.text().strip() and self.condition.check():
            self.rule_wanted.emit(self.condition.text().strip(), self._finding.stream)

    @Slot()
    def _want_first(self) -> None:
        self.look("first")

    @Slot()
    def _show(self) -> None:
        self.message.say(self._finding.words, role=self._finding.tone)
        self.cancel.setEnabled(self._finding.is_running)
        subject = self._finding.subject
        self.stream.set_text(
            said("when the condition became true in {subject}", subject=subject) if subject else ""
        )
        self.state.setVisible(self._finding.row is not None)
        self.rule.setEnabled(self._finding.row is None)

    @Slot()
    def _show_bookmarks(self) -> None:
        found = self._bookmarks.all
        self._marked.set_count(f"{len(found):,}")
        rows = [TextRow(texts=(_where(it), it.name, it.note)) for it in found]
        self.bookmarks.show_rows(TITLES, rows)
        self.remove.setEnabled(bool(found))

    @Slot(int)
    def _go(self, row: int) -> None:
        found = self._bookmarks.all
        if 0 <= row < len(found):
            self._bookmarks.go_to(found[row].key)

    @Slot()
    def _remove(self) -> None:
        found, row = self._bookmarks.all, self.bookmarks.grid.current_row()
        if 0 <= row < len(found):
            self._bookmarks.remove(*found[row].key)


def _where(it: Bookmark) -> str:
    return f"{it.position:,}" if it.until is None else f"{it.position:,}–{it.until:,}"


PANEL: Final = TabPanel(
    id="find",
    title=said("Find"),
    parent="inspector",
    order=2,
    make=lambda it: FindView(it.finding, it.bookmarks, it.selection),
    begin=lambda it: it.condition.line.setFocus(),
)
