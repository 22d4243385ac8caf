"""Where the rows of a pane may come from: another line of the log, or a query store."""

from dataclasses import replace
from typing import Final

from gui.viewmodels.other_lines import OtherLinesViewModel, line_words
from gui.viewmodels.pane_side import Side
from gui.viewmodels.pane_texts import short_address
from gui.viewmodels.query_stores import QueryStoresViewModel
from gui.words import said

LINE: Final = "@"  # begins the id of a line; that of a query store is its address


class PaneSources:
    """Ids, and words for a person. GUI thread."""

    def __init__(self, stores: QueryStoresViewModel, lines: OtherLinesViewModel) -> None:
        self._stores, self._lines = stores, lines

    def offered(self, side: Side) -> list[tuple[str, str]]:
        """For one pane; the first is the line in view, whichever that is."""
        lines = dict.fromkeys([*self._lines.names(), *filter(None, [side.line])])
        here = said("in view: {line}", line=line_words(self._lines.here)) if lines else said("here")
        kept = dict.fromkeys([*self._stores.kept, *filter(None, [side.source])])
        return [
            ("", here),
            *((f"{LINE}{it}", line_words(it)) for it in lines),
            *((it, short_address(it)) for it in kept),
        ]

    def of(self, side: Side) -> str:
        """The id of what a pane shows."""
        return side.source or (f"{LINE}{side.line}" if side.line else "")

    def chosen(self, side: Side, source: str) -> Side:
        """The same pane with its rows from there. A position of one line is none of another."""
        line = source.removeprefix(LINE) if source.startswith(LINE) else ""
        found = replace(side, line=line, source="" if line else source)
        if side.moment == "exact" and self._lines.path_of(line) != self._lines.path_of(side.line):
            found = replace(found, moment="now", at=None)
        return found

    def branch(self, side: Side) -> str:
        """The name of the branch that a pane shows; empty of the log itself."""
        if not self._lines.is_branch(side.line):
            return ""
        return side.line or self._lines.here
