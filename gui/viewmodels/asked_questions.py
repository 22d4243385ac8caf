"""The questions that were asked in SQL, newest last: stepped through as the lines of a shell."""

from typing import Any, Final

from PySide6.QtCore import QObject, Signal

KEPT: Final = 50  # statements


class AskedQuestions(QObject):
    """Kept per store. `changed()` when one was added, or they were put back."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.statements: tuple[str, ...] = ()
        self._at: int | None = None  # None: at what is being written
        self._draft = ""

    def add(self, statement: str) -> None:
        """One was asked; asked again it moves to the end."""
        self._at = None
        if statement.strip():
            others = [it for it in self.statements if it != statement]
            self.statements = (*others, statement)[-KEPT:]
            self.changed.emit()

    def earlier(self, written: str) -> str | None:
        """The one before what is written; None where there is none."""
        at = len(self.statements) if self._at is None else self._at
        if self._at is None:
            self._draft = written
        while at > 0:
            at -= 1
            if self.statements[at] != written:
                self._at = at
                return self.statements[at]
        return None

    def later(self) -> str | None:
        """The one behind it, at last what was being written; None while that is in sight."""
        if self._at is None:
            return None
        if self._at + 1 < len(self.statements):
            self._at += 1
            return self.statements[self._at]
        self._at = None
        return self._draft

    def kept(self) -> list[str]:
        """For the settings."""
        return list(self.statements)

    def restore(self, kept: Any) -> None:
        """From the settings; what is no list of texts is passed over."""
        found = kept if isinstance(kept, list) else []
        self.statements = tuple(it for it in found if isinstance(it, str))[-KEPT:]
        self._at = None
        self.changed.emit()
