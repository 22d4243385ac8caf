"""A rebuild's report in words: how many events, how long, the result's hash, equal or not."""

from collections.abc import Sequence
from typing import Final

from gui.words import counted, said
from gui.work.reports import ViewRebuilt

TITLES: Final = (
    said("view"),
    said("verdict"),
    said("events"),
    said("seconds"),
    said("rows"),
    said("hash"),
)
DIFFERENCE_TITLES: Final = (said("view"), said("what was different"))
HASH_LENGTH: Final = 16


def summary(views: Sequence[ViewRebuilt]) -> str:
    """All views in one sentence."""
    failed = sum(bool(it.error) for it in views)
    different = [it.view for it in views if it.was_different]
    told = said(
        "{count} rebuilt from the log",
        count=counted("{count:,} view", "{count:,} views", len(views) - failed),
    )
    told += (
        said("; different before: {different}", different=", ".join(different))
        if different
        else said(", all unchanged")
    )
    return told + (
        said("; {failed:,} failed and keep their old rows", failed=failed) if failed else ""
    )


def is_sound(views: Sequence[ViewRebuilt]) -> bool:
    """Whether nothing was different and nothing failed."""
    return not any(it.error or it.was_different for it in views)


def verdict(it: ViewRebuilt) -> str:
    """Of one view."""
    if it.error:
        return said("failed: {error}", error=it.error)
    if it.comparison is None:
        return said("built, nothing to compare with")
    return said("was different") if it.was_different else said("same as before")


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
            told.append((it.view, said("… and {more:,} more", more=more)))
    return told


def sentence(it: ViewRebuilt) -> str:
    """One view, with its first difference."""
    told = said(
        "{view} rebuilt from {events} in {seconds:.1f} s, {row_count}, hash {digest}: ",
        view=it.view,
        events=counted("{count:,} event", "{count:,} events", it.events),
        seconds=it.seconds,
        row_count=counted("{count:,} row", "{count:,} rows", it.row_count),
        digest=it.digest[:HASH_LENGTH],
    )
    if it.comparison is None:
        return said("{told}there was nothing to compare with.", told=told)
    if not it.was_different:
        return said("{told}it already matched the log.", told=told)
    count = it.comparison.difference_count
    more = said("; {count:,} more", count=count - 1) if count > 1 else ""
    return said(
        "{told}it did not match the log: {text}{more}.",
        told=told,
        text=it.comparison.differences[0].text,
        more=more,
    )
