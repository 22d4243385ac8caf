"""The fields that events have, to be chosen as columns of the table."""

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QObject, Signal

from gui.viewmodels.field_column import FieldPath, path_words
from gui.work.reads import Reads
from gui.work.tasks import Tasks
from replay.questions.sampled_names import sampled_names
from store.filter.write import field_text


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundField:
    """A field of the data or the metadata of some event."""

    path: FieldPath
    is_number: bool

    @property
    def id(self) -> str:
        """That of its column."""
        return path_words(self.path)


class FoundFieldsViewModel(QObject):
    """`found()` when the fields are known, the most frequent first; `failed(error)`."""

    found = Signal()
    failed = Signal(Exception)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.fields: tuple[FoundField, ...] = ()
        self._tasks = tasks

    def look(self) -> None:
        """Look at some events, spread over the log."""
        self._tasks.latest("fields", _fields, done=self._show, failed=self.failed.emit)

    def _show(self, fields: tuple[FoundField, ...]) -> None:
        self.fields = fields
        self.found.emit()


def _fields(reads: Reads) -> tuple[FoundField, ...]:
    names = sampled_names(reads.log)
    found = [
        FoundField(path=path, is_number=all(map(_is_number, values)))
        for path, values in names.values.items()
        if len(path) > 1 and values
    ]
    places = {text: at for at, text in enumerate(names.fields)}
    return tuple(sorted(found, key=lambda it: places.get(field_text(_keys(it)), len(places))))


def _keys(field: FoundField) -> tuple[str, ...]:
    return tuple(map(str, field.path))


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
