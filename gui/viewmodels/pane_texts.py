"""What panes say of their rows: cells, counts, and how old the rows of a query store are."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from gui.viewmodels.divergence import CHANGED, value_text
from gui.viewmodels.pane_side import PaneRows
from gui.viewmodels.pane_work import SHOWN
from gui.viewmodels.query_stores import HeldRows
from gui.viewmodels.things import CellThing, Thing, ViewThing
from gui.words import said
from replay.questions.pane_compare import Counts
from replay.questions.pane_groups import Group, Grouped
from replay.questions.view_query import ViewPage


def compared_words(found: Grouped, names: Sequence[str], *, is_whole: bool) -> str:
    """How many rows of the panes are alike. `is_whole`: there are just two panes."""
    told = [_counts(it) for it in found.counts]
    several = [f"{name}: {it}" for name, it in zip(names[1:], told, strict=True)]
    return " ‖ ".join(told if is_whole else several)


def remarks(found: Grouped, *, only_differences: bool) -> str:
    """What else there is to be known of panes that were compared."""
    words = ""
    if any(it.differing for it in found.counts):
        words += said(" · ◂ this row differs, ≠ this cell")
    elif only_differences and any(it.equal for it in found.counts):
        words += said(" · nothing differs: clear “Only differences” to see every row")
    outdated = {it.view: it.outdated.words(it.head) for it in found.pages if it.outdated}
    words += "".join(f" · {view}: {it}" for view, it in outdated.items())
    if found.is_cut:
        words += said(" · the first {shown:,} are shown", shown=SHOWN)
    return words


def _counts(counts: Counts) -> str:
    return said(
        "{equal:,} equal · {changed:,} changed · {removed:,} only left · {added:,} only right",
        equal=counts.equal,
        changed=counts.changed,
        removed=counts.removed,
        added=counts.added,
    )


def things_of(page: ViewPage, found: Group, at: int, column: int) -> list[Thing]:
    """What a cell of a pane is; its row where there is no current cell."""
    texts = pane_texts(page, found, at)
    is_cell = 0 <= column < len(page.columns)
    return [
        CellThing(
            view=page.view,
            key=found.key,
            column=page.columns[column].name if is_cell else "",
            text=texts[column if is_cell else 0].removeprefix(CHANGED),
            row="\t".join(it.removeprefix(CHANGED) for it in texts),
            at=page.as_of,
        ),
        ViewThing(name=page.view, at=page.as_of),
    ]


def pane_texts(page: ViewPage, found: Group, at: int) -> tuple[str, ...]:
    """Of the first pane, what differs from any other one is marked; of the others, from it."""
    row = found.rows[at]
    if row is None:
        return (said("no row"), *("" for _ in page.columns[1:]))
    cells = {name for it in found.cells for name in it} if at == 0 else found.cells[at]
    return tuple(
        (CHANGED if column.name in cells else "") + value_text(value)
        for column, value in zip(page.columns, row.values, strict=True)
    )


def pane_rows(
    found: Grouped | None,
    at: int | None,
    *,
    trouble: str,
    held: Mapping[str, HeldRows] | None,
) -> PaneRows:
    """What the pane at a place shows. `held`: the views of its query store, if it has one."""
    if found is None or at is None or trouble:
        return PaneRows(titles=(), rows=(), as_of=None, trouble=trouble)
    page = found.pages[at]
    return PaneRows(
        titles=tuple(it.name for it in page.columns),
        rows=tuple((pane_texts(page, it, at), not it.is_equal) for it in found.groups),
        as_of=page.as_of,
        age="" if held is None else age_text(held.get(page.view), page),
    )


def short_address(source: str) -> str:
    """What tells query stores apart, first: `shop · 127.0.0.1:9200`."""
    parts = urlsplit(source)
    name, host = parts.path.strip("/"), parts.netloc.rpartition("@")[2]
    return " · ".join(filter(None, [name, host])) or source


def age_text(held: HeldRows | None, page: ViewPage) -> str:
    """How far the rows of a query store are behind the log, and whether they have come to the
    position that was asked for."""
    if held is None:
        return ""
    if page.behind:
        return said(
            "{wanted:,} is not there yet · {age}", wanted=page.wanted, age=held.distance.short
        )
    return held.distance.short
