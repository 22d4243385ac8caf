"""The rows of the navigator's list of streams stay where they are while one looks."""

from collections.abc import Sequence

from gui.viewmodels.kept_order import KeptOrder
from gui.viewmodels.navigator_rows import StreamRow


class RowPlaces:
    """Keeps the order of the categories, and that of the streams of each."""

    def __init__(self) -> None:
        self._outer = KeptOrder()
        self._inner: dict[str, KeptOrder] = {}

    def forget(self) -> None:
        """Another list is asked for: it stands in its own order."""
        self._outer.forget()
        self._inner.clear()

    def arranged(self, rows: Sequence[StreamRow]) -> tuple[StreamRow, ...]:
        """The rows as they were shown last, what is new behind them; \"more\" stays the last."""
        found: list[StreamRow] = []
        for group in self._outer.arranged(_groups(rows), lambda it: it[0].kind + it[0].name):
            if group[0].kind == "more":
                continue
            inner = self._inner.setdefault(group[0].name, KeptOrder())
            streams = [it for it in group[1:] if it.kind == "stream"]
            found += [group[0], *inner.arranged(streams, lambda it: it.name)]
            found += [it for it in group[1:] if it.kind == "more"]
        return (*found, *(it for it in rows if it.kind == "more" and not it.is_inner))


def _groups(rows: Sequence[StreamRow]) -> list[list[StreamRow]]:
    """Each row of the first level with those that stand below it."""
    groups: list[list[StreamRow]] = []
    for row in rows:
        if row.is_inner and groups:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
