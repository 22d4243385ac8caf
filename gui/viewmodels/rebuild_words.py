"""A rebuild's report in words: how many events, how long, the result's hash, equal or not."""

from collections.abc import Sequence
from typing import Final

from gui.work.reports import ViewRebuilt

TITLES: Final = ("view", "verdict", "events", "seconds", "rows", "hash")
DIFFERENCE_TITLES: Final = ("view", "what was different")
HASH_LENGTH: Final = 16


def summary(views: Sequence[ViewRebuilt]) -> str:
    """All views in one sentence."""
    failed = sum(bool(it.error) for it in views)
    different = [it.view for it in views if it.was_different]
    told = f"{len(views) - failed:,} views rebuilt from the log"
    told += f"; different before: {', '.join(different)}" if different else ", each as it was"
    return told + (f"; {failed:,} failed and still serve as they were" if failed else "")


def is_sound(views: Sequence[ViewRebuilt]) -> bool:
    """Whether nothing was different and nothing failed."""
    return not any(it.error or it.was_different for it in views)


def verdict(it: ViewRebuilt) -> str:
    """Of one view."""
    if it.error:
        return f"failed: {it.error}"
    if it.comparison is None:
        return "built, nothing to compare with"
    return "was different" if it.was_different else "equal to what was there"


def row(it: ViewRebuilt) -> tuple[str, ...]:
    """One view under TITLES."""
    numbers = f"{it.events:,}", f"{it.seconds:.2f}", f"{it.row_count:,}"
    return (it.view, verdict(it), *numbers, it.digest[:HASH_LENGTH])


def differences(views: Sequence[ViewRebuilt]) -> list[tuple[str, str]]:
    """Row, column and both values of the first differences, under DIFFERENCE_TITLES."""
    told = []
    for it in views:
        if it.comparison is None:
            continue
        told += [(it.view, one.text) for one in it.comparison.differences]
        if more := it.comparison.difference_count - len(it.comparison.differences):
            told.append((it.view, f"… and {more:,} more"))
    return told


def sentence(it: ViewRebuilt) -> str:
    """One view, with its first difference."""
    told = (
        f"{it.view} rebuilt from {it.events:,} events in {it.seconds:.1f} s, "
        f"{it.row_count:,} rows, hash {it.digest[:HASH_LENGTH]}: "
    )
    if it.comparison is None:
        return f"{told}there was nothing to compare with."
    if not it.was_different:
        return f"{told}it was as the log says."
    count = it.comparison.difference_count
    more = f"; {count - 1:,} more" if count > 1 else ""
    return f"{told}it was different: {it.comparison.differences[0].text}{more}."
