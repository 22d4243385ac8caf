"""search STORE|URL WORD…: events that hold all the words, newest first."""

import argparse
from typing import Final

from replay.command_name import complain
from replay.printing import event_json, print_json, print_json_text, print_text, value_text
from replay.projector.catch_up import catch_up
from replay.projector.patience import add_patience_argument
from replay.query_store.asked import asking, store_or_address
from replay.query_store.source import EVENTS
from replay.query_store.stored_rows import found_rows
from replay.questions.newest_hits import newest_hits
from replay.questions.view_answers import ViewPage, ViewRow
from replay.verbs.log import SUMMARY, whole_number
from replay.views.read_store import open_views_to_read
from replay.views.search_view import SEARCH, Found, search
from replay.words import counted, said
from store import json_text
from store.errors import StoreError
from store.filter.parse import parse
from store.filter.typed import typed
from store.interface import EventReader
from store.opening import reading
from store.remote.address import Address

LINE: Final = 200  # characters of a row; --json has all
HELP = said(
    "find events that contain all the words or word beginnings, or match a filter; newest first"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Words of stream, type and payload, whatever their case; or a filter in one word."""
    parser.add_argument(
        "store",
        type=store_or_address,
        metavar="STORE|URL",
        help=said("the store, or a query store such as opensearch://host:9200/name"),
    )
    parser.add_argument(
        "words",
        nargs="+",
        metavar="WORD",
        help=said("a word, the beginning of a word, or a filter in quotes"),
    )
    parser.add_argument("--at", type=whole_number, metavar="P", help=said("up to this position"))
    parser.add_argument("--limit", type=whole_number, default=50, metavar="N")
    parser.add_argument("--json", action="store_true", help=said("one JSON object per line"))
    parser.add_argument(
        "--in",
        dest="view",
        default=EVENTS,
        metavar="VIEW",
        help=said("of a query store: rows of this view instead of events"),
    )
    add_patience_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when there is none."""
    if isinstance(arguments.store, Address):
        return _run_there(arguments.store, arguments)
    if arguments.view != EVENTS:
        raise OnlyThere(arguments.view)
    with reading(arguments.store) as log:
        words = " ".join(arguments.words)
        found = _found(log, words, arguments)
        for event in filter(None, map(log.event, found.positions)):
            if arguments.json:
                print_json_text(event_json(event, log.links(event.position)))
            else:
                print_text(
                    f"{event.position:>8}  {event.recorded_at}  {event.stream}  "
                    f"{event.type}  {event.data_json[:SUMMARY]}"
                )
        if found.is_cut:
            more = said("the newest {limit:,} are shown; there are more", limit=arguments.limit)
            complain(more, said("Use --limit N.")) if arguments.json else print_text(f"… {more}")
        if not found.positions:
            complain(said("no event contains {words}", words=words))
        if found.behind:
            complain(
                said(
                    "the index is {behind} behind",
                    behind=counted("{count:,} event", "{count:,} events", found.behind),
                )
            )
    return 0 if found.positions else 1


class OnlyThere(StoreError):
    """Of a store here."""

    hint = said("Name a query store instead, or search without --in.")

    def __init__(self, view: str) -> None:
        super().__init__(said("a store here is searched for events, not for {view}", view=view))


class OnlyWords(StoreError):
    """Of a query store."""

    hint = said("Search for words there, or search the store here with the filter.")

    def __init__(self, text: str) -> None:
        super().__init__(said("a query store is searched for words, not with {text!r}", text=text))


def _run_there(address: Address, arguments: argparse.Namespace) -> int:
    words, limit = " ".join(arguments.words), arguments.limit
    if typed(words).is_filter:
        raise OnlyWords(words)
    with asking(address, arguments.view) as (store, stored):
        found = found_rows(store, stored, words, at=arguments.at, limit=limit + 1)
    for it in found.rows[:limit]:
        if arguments.json:
            print_json({**found.facts(it), "position": it.position})
        else:
            print_text(f"{it.position:>8}  {_line(found, it)}")
    if len(found.rows) > limit:
        more = said("the newest {limit:,} are shown; there are more", limit=limit)
        complain(more, said("Use --limit N.")) if arguments.json else print_text(f"… {more}")
    if not found.rows:
        complain(said("nothing there contains {words}", words=words))
    if found.behind:
        complain(
            said(
                "the query store is {behind} behind",
                behind=counted("{count:,} event", "{count:,} events", found.behind),
            )
        )
    return 0 if found.rows else 1


def _line(page: ViewPage, row: ViewRow) -> str:
    """An event as those of a store here; of a row its values."""
    if page.view != EVENTS:
        return "  ".join(value_text(value) for value in row.values)[:LINE]
    it = page.facts(row)
    text = json_text.encode(it["data"])[:SUMMARY]
    return f"{it['recorded_at']}  {it['stream']}  {it['type']}  {text}"


def _found(log: EventReader, words: str, arguments: argparse.Namespace) -> Found:
    """Raises WrongFilter, UnknownField, NothingToSearch."""
    if typed(words).is_filter:
        return newest_hits(log, parse(words), until=arguments.at, limit=arguments.limit)
    catch_up(log, only=[SEARCH.name], patience_s=arguments.patience)
    db = open_views_to_read(log)
    try:
        return search(db, log, words, until=arguments.at, limit=arguments.limit)
    finally:
        if db is not None:
            db.close()
