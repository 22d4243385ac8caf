"""Standing rules: which there are, where each was broken, and a line to keep a new one."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.offers.spots import Spot, cells_spot
from gui.panel import TabPanel
from gui.viewmodels.completion import Offers
from gui.viewmodels.filter_text import kind_of_filter
from gui.viewmodels.finding import wrong_condition
from gui.viewmodels.rules import RuleRow, RulesViewModel
from gui.viewmodels.shown_columns import ShownColumns
from gui.viewmodels.state_completion import StateCompletionViewModel
from gui.viewmodels.things import EventThing, StreamThing, Thing
from gui.widgets.disabling import disable
from gui.widgets.filter_box import FilterBox
from gui.widgets.grid.text_grid import TextGrid
from gui.widgets.grid.text_rows import TextRow
from gui.widgets.words import Words
from gui.words import said
from gui.work.rule_wishes import DraftRule

RULES: Final = (
    said("rule"),
    said("violations"),
    said("now"),
    said("first"),
    said("severity"),
    said("of"),
    said("broken while"),
    said("note"),
)
VIOLATIONS: Final = (
    said("rule"),
    said("stream"),
    said("position"),
    said("recorded"),
    said("type"),
    said("values"),
    said("lasted"),
)
SEVERITIES: Final = ("error", "warning", "info")
CHOOSE: Final = said("Select a rule that you added first.")
INCOMPLETE: Final = said("A rule needs a name and a condition.")


class RulesView(QWidget):
    """Reads while it is in sight. Enter on a violation goes to its event, on a rule to the first.
    `titled(title)` tells how many rules are broken now."""

    titled = Signal(str)

    def __init__(
        self, rules: RulesViewModel, columns: ShownColumns, completion: StateCompletionViewModel
    ) -> None:
        super().__init__()
        self._completion = completion
        self.setAccessibleName(said("Rules"))
        self._rules, self._columns = rules, columns
        self.words = Words("dim")
        self.news = Words("warn")
        self.message = Words()
        self.list = TextGrid(
            said("Rules"),
            empty=said(
                "Rules are listed here. Enter a name and a condition below, then choose Save."
            ),
        )
        self.violations = TextGrid(
            said("Violations"), empty=said("The events that broke a rule are listed here.")
        )
        self.name, self.note = QLineEdit(), QLineEdit()
        self.condition = FilterBox(
            said("Condition"),
            said("broken while, such as balance < 0"),
            kind=kind_of_filter,
            wrong=wrong_condition,
        )
        self.category = FilterBox(
            said("Stream category"),
            said("category: all"),
            kind=lambda _: "",
            wrong=lambda _: None,
        )
        self.severity = QComboBox()
        self.keep = QPushButton(said("Save"))
        self.remove = QPushButton(said("Remove"))
        self.all = QPushButton(said("List all"))
        self._lay_out()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rules.want(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rules.want(False)

    def begin(self) -> None:
        """The keyboard goes to the list of rules."""
        self.list.grid.setFocus()

    def enter(self, condition: str, category: str) -> None:
        """Take over a condition; what is still wanted is a name."""
        self.condition.set_text(condition)
        self.category.set_text(category)
        self.name.setFocus()

    def spots(self) -> list[Spot]:
        """The violations."""
        return [cells_spot(self.violations.grid, self._things)]

    def _things(self, row: int, _column: int) -> list[Thing]:
        found = self._rules.now.violations if self._rules.now else ()
        if not 0 <= row < len(found):
            return []
        it = found[row]
        return [EventThing(position=it.position), StreamThing(name=it.stream)]

    def _lay_out(self) -> None:
        named = (
            (self.name, said("Name of the rule"), "name"),
            (self.note, said("Note"), "note"),
        )
        for line, name, placeholder in named:
            line.setAccessibleName(name)
            line.setPlaceholderText(placeholder)
        self.severity.setAccessibleName(said("Severity"))
        self.severity.addItems(SEVERITIES)
        self.keep.setToolTip(said("Save the rule, or replace the rule with this name"))
        self.remove.setToolTip(said("Remove the selected rule"))
        self.all.setToolTip(said("List the violations of all rules"))
        first, second = QHBoxLayout(), QHBoxLayout()
        for widget, stretch in ((self.name, 1), (self.condition, 3), (self.category, 1)):
            first.addWidget(widget, stretch, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self.severity)
        second.addWidget(self.note, 1)
        for button in (self.keep, self.remove, self.all):
            second.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        rows.addWidget(self.words)
        rows.addWidget(self.news)
        rows.addWidget(self.list, 2)
        rows.addWidget(self.violations, 3)
        rows.addLayout(first)
        rows.addLayout(second)
        rows.addWidget(self.message)

    def catch_up(self) -> None:
        """Show what there is by now: this was made later than what it shows."""
        self._show()
        self.titled.emit(self._rules.title)

    def _connect(self) -> None:
        rules = self._rules
        rules.changed.connect(self._show)
        rules.titled.connect(self.titled)
        rules.broken.connect(self._tell)
        self.list.row_chosen.connect(self._choose)
        self.list.row_activated.connect(rules.go_to_first)
        self.violations.row_activated.connect(rules.go_to)
        self._columns.years_shown.connect(self._show)
        self.keep.clicked.connect(self._keep)
        self.remove.clicked.connect(self._remove)
        self.all.clicked.connect(self._list_all)
        for line in (self.name, self.condition.line, self.category.line, self.note):
            line.returnPressed.connect(self._keep)
        self.condition.offers_wanted.connect(self._want_offers)
        self.category.offers_wanted.connect(self._completion.ask_category)
        self._completion.offered.connect(partial(_offer, self.condition))
        self._completion.named.connect(partial(_offer, self.category))

    @Slot(str, int)
    def _want_offers(self, text: str, cursor: int) -> None:
        """Fields, comparisons and values of the states of the category that is named."""
        self._completion.ask(text, cursor, self.category.text().strip())

    @Slot()
    def _show(self) -> None:
        rules, now = self._rules, self._rules.now
        self.words.say(rules.words)
        self.message.say(rules.said.text, role=rules.said.role)
        if rules.is_running:
            disable((self.keep, self.remove), keyboard_to=self.list.grid)
        else:
            self.keep.setEnabled(True)
            self.remove.setEnabled(True)
        self.list.show_rows(RULES, [_rule(it) for it in (now.rules if now else ())])
        found = [
            TextRow(
                texts=(
                    it.rule,
                    it.stream,
                    f"{it.position:,}",
                    self._columns.time_text(it.recorded_at_us),
                    it.type,
                    it.values,
                    it.lasted,
                )
            )
            for it in (now.violations if now else ())
        ]
        self.violations.show_rows(VIOLATIONS, found)

    @Slot(str)
    def _tell(self, words: str) -> None:
        """The keyboard stays where it is."""
        self.news.say(words)

    @Slot(int)
    def _choose(self, row: int) -> None:
        """List the violations of this rule; one of a person's own can be changed below."""
        now = self._rules.now
        if now is None or not 0 <= row < len(now.rules):
            return
        it = now.rules[row]
        self._rules.choose(it.name)
        if it.is_kept:
            self.name.setText(it.name)
            self.condition.set_text(it.condition)
            self.category.set_text(it.of)
            self.note.setText(it.note)
            self.severity.setCurrentText(it.severity)

    @Slot()
    def _list_all(self) -> None:
        self._rules.choose(None)

    @Slot()
    def _keep(self) -> None:
        name, condition = self.name.text().strip(), self.condition.text().strip()
        if self._rules.is_running:
            return
        if not name or not condition:
            self.message.say(INCOMPLETE, role="warn")
            return
        if not self.condition.check():
            self.condition.line.setFocus()
            return
        self._rules.keep(
            DraftRule(
                name=name,
                where=condition,
                of=self.category.text().strip(),
                severity=self.severity.currentText(),
                note=self.note.text().strip(),
            )
        )

    @Slot()
    def _remove(self) -> None:
        now, row = self._rules.now, self.list.grid.current_row()
        if now is None or not 0 <= row < len(now.rules) or not now.rules[row].is_kept:
            self.message.say(CHOOSE, role="warn")
        elif not self._rules.is_running:
            self._rules.remove(now.rules[row].name)


def _offer(box: FilterBox, found: Offers) -> None:
    if (box.line.text(), box.line.cursorPosition()) == (found.text, found.cursor):
        box.offer(found.start, [(it.text, it.detail) for it in found.offers])


def _rule(it: RuleRow) -> TextRow:
    first = "" if it.first is None else f"{it.first:,}"
    counts = (f"{it.count:,}", f"{it.holding:,}", first)
    texts = (it.name, *counts, it.severity, it.of or said("every stream"), it.condition, it.note)
    tone = "error" if it.severity == "error" else "warn"
    return TextRow(texts=texts, is_warning=it.holding > 0 and it.severity != "info", tone=tone)


PANEL: Final = TabPanel(
    id="rules",
    title=said("Rules"),
    parent="views",
    order=6,
    make=lambda it: RulesView(it.rules, it.columns, it.state_completion),
    retitled=lambda it: it.titled,
    begin=RulesView.begin,
)
