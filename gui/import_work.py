"""The dialogs that bring events in: of a file, and of the changes of a table."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.session import Session
from gui.work.jobs import Jobs

if TYPE_CHECKING:
    from gui.dialogs.import_dialog import ImportDialog
    from gui.dialogs.table_changes_dialog import TableChangesDialog


class ImportWork(QObject):
    """`imported(store path)` when events came into a store. `current` gives the open store. GUI
    thread."""

    imported = Signal(str)

    def __init__(
        self, jobs: Jobs, *, current: Callable[[], Session | None], window: QWidget
    ) -> None:
        """`window`: the dialogs stand over it."""
        super().__init__(window)
        self._jobs, self._current, self._window = jobs, current, window

    # Late imports: every format of event files is loaded with them, which few starts need.

    def import_file(self, source: Path | None) -> "ImportDialog":
        """Offer to import a file, into a new store unless a person wants it otherwise."""
        from gui.dialogs.import_dialog import ImportDialog
        from gui.viewmodels.importing import ImportingViewModel

        dialog = ImportDialog(
            ImportingViewModel(self._jobs, open_store=self._open_store()),
            self._window,
            source="" if source is None else str(source),
        )
        dialog.imported.connect(self.imported)
        dialog.open()
        return dialog

    def infer_changes(self) -> "TableChangesDialog":
        """Offer to infer events from states of a table."""
        from gui.dialogs.table_changes_dialog import TableChangesDialog
        from gui.viewmodels.table_changes import TableChangesViewModel

        work = TableChangesViewModel(self._jobs, open_store=self._open_store())
        dialog = TableChangesDialog(work, self._window)
        dialog.imported.connect(self.imported)
        dialog.open()
        return dialog

    def _open_store(self) -> str:
        session = self._current()
        return session.place.text if session is not None else ""
