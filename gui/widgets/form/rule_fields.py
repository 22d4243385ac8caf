"""Fields and rows of rules on two tabs, which say how much is wrong with each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.widgets.form.noted_fields import NamedField, NotedFields, NoteTone
from gui.widgets.form.rule_rows import RowForm, RuleRows, TypedRow
from gui.widgets.grid.vertical_scroll import VerticalScroll
from gui.widgets.underline_tabs import UnderlineTabs
from gui.words import counted, said

FIELDS_TAB: Final = "mapping"
ROWS_TAB: Final = "rules"


class RuleFields(UnderlineTabs):
    """`edited()` with every change by a person's hand."""

    edited = Signal()

    def __init__(
        self, name: str, fields: Sequence[NamedField], forms: Sequence[RowForm], placeholder: str
    ) -> None:
        super().__init__(name)
        self.roles = NotedFields(said("Mapping"), fields, placeholder)
        self.rules = RuleRows(said("Rules"), forms)
        self.add(FIELDS_TAB, said("Mapping"), _scrolled(self.roles))
        self.add(ROWS_TAB, said("Rules"), _scrolled(self.rules))
        self.roles.edited.connect(self.edited)
        self.rules.edited.connect(self.edited)

    def fill(self, values: Mapping[str, str], rows: Sequence[tuple[str, str, str]]) -> None:
        """Type everything; other fields become empty, other rows go."""
        self.roles.set_values(values)
        self.rules.set_rows([TypedRow(*it) for it in rows])

    def show_notes(
        self,
        of_fields: Mapping[str, tuple[NoteTone, str]],
        of_rows: Mapping[int, tuple[NoteTone, str]],
    ) -> None:
        """What is to be said beside fields and rows; problems are in sight also while the other
        tab is."""
        self.roles.show_notes(of_fields)
        self.rules.show_notes(of_rows)
        rows = len([it for it in self.rules.rows() if it.what])
        count = f" ({rows})" if rows else ""
        self.set_title(FIELDS_TAB, said("Mapping{values}", values=_problems(of_fields.values())))
        self.set_title(
            ROWS_TAB, said("Rules{count}{values}", count=count, values=_problems(of_rows.values()))
        )


def _problems(notes: Iterable[tuple[NoteTone, str]]) -> str:
    count = sum(tone == "error" for tone, _ in notes)
    return "" if not count else counted(" · 1 problem", " · {count} problems", count)


def _scrolled(widget: QWidget) -> QWidget:
    return VerticalScroll(widget.accessibleName(), widget)
