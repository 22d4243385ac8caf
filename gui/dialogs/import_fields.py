"""The rules of an import as fields: the mapping, and the rules beside it."""

from collections.abc import Iterator, Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from gui.viewmodels.import_draft import (
    ENCODINGS,
    ORDER_CHOICES,
    ROLE_HELP,
    ROLE_TITLES,
    ROW_TITLES,
    ROW_VALUES,
    ROW_WORDS,
    ImportDraft,
    RuleRow,
)
from gui.viewmodels.importing import ImportingViewModel
from gui.widgets.form.noted_fields import NamedField, NotedFields, NoteTone
from gui.widgets.form.rule_rows import RowForm, RuleRows, TypedRow
from gui.widgets.grid.vertical_scroll import VerticalScroll
from gui.widgets.underline_tabs import UnderlineTabs

ORDER: Final = "order"
ENCODING: Final = "encoding"
FROM_FILE: Final = "as the file has it"


class ImportFields(UnderlineTabs):
    """`edited()` with every change by a person's hand."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__("Rules of the import")
        self.roles = NotedFields("Mapping", list(_named_fields()), FROM_FILE)
        self.roles.box(ORDER).set_text(ORDER_CHOICES[0][0])
        self.roles.box(ENCODING).offer(ENCODINGS)
        self.rules = RuleRows("Rules", list(_row_forms()))
        self.load_button, self.save_button = QPushButton("Load rules…"), QPushButton("Save rules…")
        self.add("mapping", "Mapping", _scrolled(self.roles))
        self.add("rules", "Rules", _scrolled(self.rules))
        self.roles.edited.connect(self.edited)
        self.rules.edited.connect(self.edited)

    @property
    def mapping(self) -> dict[str, str]:
        """What is in the fields of the mapping."""
        values = self.roles.values()
        return {role: values[role] for role in ROLE_TITLES if role in values}

    @property
    def order(self) -> str:
        """By what events are put in order."""
        return self.roles.box(ORDER).text()

    @property
    def encoding(self) -> str:
        """Of the file; empty: as it says itself."""
        return self.roles.box(ENCODING).text()

    @property
    def rows(self) -> tuple[RuleRow, ...]:
        """The rules beside the mapping."""
        return tuple(RuleRow(*it) for it in self.rules.rows())

    def fill(self, draft: ImportDraft) -> None:
        """Type everything that a draft states."""
        order = {ORDER: draft.order or ORDER_CHOICES[0][0], ENCODING: draft.encoding}
        self.roles.set_values({**draft.mapping, **order})
        self.rules.set_rows([TypedRow(*it) for it in draft.rows])

    def show_found(self, work: ImportingViewModel) -> None:
        """Offer the fields that the file has, and say beside each what is wrong with it."""
        for role in ROLE_TITLES:
            self.roles.box(role).offer(work.fields)
        self.roles.box(ORDER).offer((*(name for name, _ in ORDER_CHOICES), *work.fields))
        self.rules.offer({kind: work.offers(kind) for kind in ROW_TITLES})
        notes = {rule: _note("warn", what) for rule, what in work.doubts.items()}
        notes |= {rule: _note("error", what) for rule, what in work.problems.items()}
        places = {f"map.{role}": role for role in ROLE_TITLES} | {ORDER: ORDER, ENCODING: ENCODING}
        self.roles.show_notes({places[it]: note for it, note in notes.items() if it in places})
        rows = {at: notes[it.rule] for at, it in enumerate(self.rows) if it.rule in notes}
        self.rules.show_notes(rows)
        self._count(sum(it in places for it in work.problems), rows)

    def _count(self, in_mapping: int, rows: Mapping[int, tuple[NoteTone, str]]) -> None:
        """Problems are in sight also while another tab is."""
        wrong = sum(tone == "error" for tone, _ in rows.values())
        said = len([it for it in self.rules.rows() if it.what])
        self.set_title("mapping", f"Mapping{_problems(in_mapping)}")
        count = f" ({said})" if said else ""
        self.set_title("rules", f"Rules{count}{_problems(wrong)}")


def _named_fields() -> Iterator[NamedField]:
    for role, title in ROLE_TITLES.items():
        yield NamedField(role, title, ROLE_HELP[role])
    orders = ", ".join(name for name, _ in ORDER_CHOICES)
    yield NamedField(ORDER, "Order", f"{orders}, or a field")
    yield NamedField(ENCODING, "Encoding", "of a text that is not UTF-8")


def _row_forms() -> Iterator[RowForm]:
    for kind, title in ROW_TITLES.items():
        yield RowForm(kind, title, ROW_WORDS[kind], ROW_VALUES[kind])


def _note(tone: NoteTone, text: str) -> tuple[NoteTone, str]:
    return tone, text


def _problems(count: int) -> str:
    return "" if not count else " · 1 problem" if count == 1 else f" · {count} problems"


def _scrolled(widget: QWidget) -> QWidget:
    return VerticalScroll(widget.accessibleName(), widget)
