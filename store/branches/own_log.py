"""A branch's own events, in the tables of a log in its own file."""

from store.branches import file_schema
from store.sqlite.reader import LogReader


class OwnLog(LogReader):
    """Counts positions and versions from 1, by itself."""

    def revision(self) -> int:
        """Grows with each change of the edits, by whomever."""
        return self._number(file_schema.REVISION)
