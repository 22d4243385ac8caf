"""The records of a store of a known layout, in its order, from whatever file it lies in."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from msgspec import msgpack

from store.errors import UnknownChoice, UnreadableSource
from store.reading.fields import LARGEST_NUMBER, Unusable
from store.reading.format import Record, Rejected
from store.reading.json_records import RawRecord
from store.reading.ordered_records import OrderedRecords
from store.reading.rows import rejected_row
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.tables.cell_row import CellRow, rejected_cells, wrong_width
from store.tables.joined import NamedRow, joined_rows
from store.tables.layout import Layout, States
from store.tables.other_tables import other_tables
from store.tables.stores import TABLE, Store, is_database, stores_in, tables_in
from store.tables.text_tables import TextTables, of_csv, of_dump
from store.words import said

ORDER: Final = "order"  # in the notes: by which columns the rows were put in order
SHOWN: Final = 200  # characters of a list of names
_Placed: TypeAlias = tuple[int, CellRow | Rejected]


def read_layouts(source: Source, layouts: Sequence[Layout]) -> Iterator[Record]:
    """Every record of the one store that is chosen among those of these layouts; of a CSV file,
    every row. Raises UnreadableSource where there is no such store."""
    if not is_database(source):
        table = of_csv(source)
        layout = _of_header(source, layouts, table.columns[0])
        yield from _of_text(source, layout, table)
        return
    stores = stores_in(source, layouts)
    if not stores:
        raise UnreadableSource(_missing(source, layouts), source.path)
    store = _chosen(source, stores)
    source.notes[TABLE] = store.label
    if source.sample.shape == "sqlite" or store.layout.query:
        yield from _of_named(source, store)
    else:
        yield from _of_text(source, store.layout, of_dump(source, store.parts["events"]))
    yield from other_tables(source, store, stores)


def _missing(source: Source, layouts: Sequence[Layout]) -> str:
    """Why there is no store: the tables that are missing, or have other columns."""
    titles = " or ".join(dict.fromkeys(it.title for it in layouts))
    tables = ", ".join(it.name for it in tables_in(source)) or "none"
    return said(
        "no table has the columns in which {titles} stores events (tables: "
        "{tables}): map one yourself with --format sqlite-rows",
        titles=titles,
        tables=tables[:SHOWN],
    )


def _chosen(source: Source, stores: Sequence[Store]) -> Store:
    label = source.choices.get(TABLE, stores[0].label)
    for it in stores:
        if it.label == label:
            return it
    raise UnknownChoice(
        said("there is no event table {label!r}", label=label), tuple(it.label for it in stores)
    )


def _of_header(source: Source, layouts: Sequence[Layout], names: Iterable[str]) -> Layout:
    for it in layouts:
        if it.fits_header(names):
            return it
    what = said("the columns of the file do not match {title}", title=layouts[0].title)
    raise UnreadableSource(what, source.path)


def _of_named(source: Source, store: Store) -> Iterator[Record]:
    states = store.layout.states(source)
    for it in joined_rows(source, store):
        if isinstance(it, Rejected):
            yield it
            continue
        try:
            yield _record(it, states)
        except Unusable as reason:
            place, row = it
            bad = rejected_row(place.number, list(row.values())[:8], reason)
            yield bad if place.offset < 0 else _at(bad, place)


def _of_text(source: Source, layout: Layout, tables: TextTables) -> Iterator[Record]:
    states = layout.states(source)
    names = [layout.events.named(it) for it in tables.columns]
    places = [it.index(layout.order) if layout.order in it else len(it) for it in names]
    rows = tables.read()
    if not source.is_glance and not _are_in_order(tables.read(), places):
        source.notes[ORDER] = layout.order
        rows = _put_in_order(source, rows, places)
    for at, row in rows:
        if not isinstance(row, CellRow):
            yield row
        elif len(row.cells) != len(names[at]):
            yield wrong_width(row, len(names[at]))
        else:
            place = RawRecord(row.number, row.offset, b"")
            try:
                yield _record((place, dict(zip(names[at], row.cells, strict=True))), states)
            except Unusable as reason:
                yield rejected_cells(row, reason)


def _record(placed: NamedRow, states: States) -> Record:
    stated = states(*placed)
    return incoming(placed[0], stated) if isinstance(stated, StatedEvent) else stated


def _at(bad: Rejected, place: RawRecord) -> Rejected:
    return Rejected(line=place.number, offset=place.offset, reason=bad.reason, excerpt=bad.excerpt)


def _are_in_order(rows: Iterator[_Placed], places: Sequence[int]) -> bool:
    """Whether the rows stand in their file as their numbers count; a row without one is as good
    anywhere."""
    last = -LARGEST_NUMBER
    for at, row in rows:
        number = _number(row, places[at], last)
        if number < last:
            return False
        last = number
    return True


def _put_in_order(
    source: Source, rows: Iterator[_Placed], places: Sequence[int]
) -> Iterator[_Placed]:
    """The rows by their numbers, sorted by a database, so that memory stays flat."""
    by_number, last = OrderedRecords(source), -LARGEST_NUMBER
    for at, row in rows:
        if isinstance(row, CellRow):
            last = _number(row, places[at], last)
            text = msgpack.encode((at, row.cells))
            by_number.add((last, row.number, 0), RawRecord(row.number, row.offset, text))
        else:
            yield at, row
    for it in by_number.records():
        at, cells = msgpack.decode(it.text, type=tuple[int, list[str | None]])
        yield at, CellRow(it.number, it.offset, cells)


def _number(row: CellRow | Rejected, place: int, last: int) -> int:
    """What puts a row in order; one without it stands behind the last."""
    if type(row) is not CellRow:
        return last
    try:
        number = int(row.cells[place] or "")
    except (ValueError, IndexError):
        return last
    return number if -LARGEST_NUMBER <= number <= LARGEST_NUMBER else last
