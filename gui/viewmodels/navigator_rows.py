"""The rows of the navigator's list of streams: categories, and the streams of the open ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from gui.viewmodels.told_apart import told_apart
from gui.words import said
from gui.work.reads import Reads
from replay.history.navigation import (
    LISTED,
    Category,
    Counted,
    Sort,
    StreamList,
    list_categories,
    list_category,
    list_streams,
    list_streams_meeting,
)
from store.filter.typed import typed

GROUPED_FROM: Final = 50  # streams; fewer are seen at a glance
PAGE: Final = 300  # streams of a category that are read at once

Kind = Literal["stream", "category", "more"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRow:
    """One row. `name` is a stream's or a category's; `count` its events, or a category's streams;
    of a row that stands for more, how many."""

    kind: Kind
    name: str
    text: str
    count: int
    is_open: bool = False
    is_inner: bool = False  # of a category


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be listed. `opened` says how many streams of a category are wanted; None: none has
    been opened or closed by a person yet."""

    containing: str = ""
    sort: Sort = "name"
    opened: tuple[tuple[str, int], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Frozen, so that two can be compared: nothing is painted anew for the same."""

    rows: tuple[StreamRow, ...]
    streams: StreamList  # those among the rows


NOTHING: Final = Listed(rows=(), streams=StreamList(streams=(), total=0))


def list_rows(reads: Reads, *, wanted: Wanted) -> Listed:
    """Read what is in sight; on a reader thread."""
    views = reads.views()
    if views is None:
        return NOTHING
    if wanted.containing:
        where = typed(wanted.containing).tree
        if where is not None:
            found = list_streams_meeting(reads.log, where, sort=wanted.sort)
        else:
            found = list_streams(views, containing=wanted.containing, sort=wanted.sort)
        return Listed(rows=_flat(found), streams=found)
    few = list_streams(views, sort=wanted.sort, most=GROUPED_FROM)
    if few.total < GROUPED_FROM:
        return Listed(rows=_flat(few), streams=few)
    categories = list_categories(views, sort=wanted.sort)
    opened = _opened(wanted, categories)
    inner = {
        it.name: list_category(views, it.name, sort=wanted.sort, most=opened.get(it.name, 1))
        for it in categories[:LISTED]
        if it.name in opened or it.streams == 1
    }
    return _grouped(categories, inner, opened)


def _opened(wanted: Wanted, categories: tuple[Category, ...]) -> dict[str, int]:
    """The only category there is is open until somebody closes it."""
    if wanted.opened is None:
        return {it.name: PAGE for it in categories} if len(categories) == 1 else {}
    return dict(wanted.opened)


def _flat(found: StreamList) -> tuple[StreamRow, ...]:
    words = told_apart([it.name for it in found.streams])
    rows = [_stream(it, words) for it in found.streams]
    return (*rows, *_more("", len(rows), found.total))


def _grouped(
    categories: tuple[Category, ...],
    inner: Mapping[str, tuple[Counted, ...]],
    opened: Mapping[str, int],
) -> Listed:
    total = sum(it.streams for it in categories)
    listed = categories[:LISTED]
    names = [it.name for it in listed] + [it.name for rows in inner.values() for it in rows]
    words = told_apart(names)
    rows: list[StreamRow] = []
    for it in listed:
        streams = inner.get(it.name, ())
        if it.streams == 1:  # a heading over one row would be in the way
            rows += [_stream(one, words) for one in streams]
            continue
        rows.append(
            StreamRow(
                kind="category",
                name=it.name,
                text=words[it.name],
                count=it.streams,
                is_open=it.name in opened,
            )
        )
        rows += [_stream(one, words, is_inner=True) for one in streams]
        if it.name in opened:
            rows += _more(it.name, len(streams), it.streams)
    rows += _more("", len(listed), len(categories))
    found = tuple(it for streams in inner.values() for it in streams)
    return Listed(rows=tuple(rows), streams=StreamList(streams=found, total=total))


def _stream(it: Counted, words: Mapping[str, str], *, is_inner: bool = False) -> StreamRow:
    return StreamRow(
        kind="stream", name=it.name, text=words[it.name], count=it.count, is_inner=is_inner
    )


def _more(category: str, shown: int, count: int) -> tuple[StreamRow, ...]:
    if count <= shown:
        return ()
    text = said("more") if category else said("more: type a part of a name")
    return (
        StreamRow(
            kind="more", name=category, text=text, count=count - shown, is_inner=bool(category)
        ),
    )
