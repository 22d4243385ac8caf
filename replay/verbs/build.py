"""build STORE NAME: put a view together without code, try it, keep it."""

import argparse
from typing import Any

import msgspec

from replay.catalog.all_views import all_views
from replay.catalog.leftovers import drop_now
from replay.command_name import command_name
from replay.lab.memory_rows import folded
from replay.own.own_states import own_names
from replay.printing import print_json, print_table, print_text
from replay.progress_lines import add_progress_argument
from replay.questions.unknown_fields import require_known_fields
from replay.verbs.log import whole_number
from replay.views import built_views
from replay.views.built_view import (
    SEEN,
    STREAM,
    BuiltColumn,
    BuiltView,
    Fold,
    WrongView,
    projection_of,
    require_sound,
)
from replay.views.group_key import group_key
from replay.words import counted, said
from store import json_text
from store.filter.parse import parse
from store.interface import EventReader
from store.opening import reading
from store.place import path_of
from store.query import EventQuery

HELP = said("define a view without code: groups and columns; previewed on the log first")
FOLDS: tuple[Fold, ...] = (
    "last",
    "first",
    "count",
    "sum",
    "min",
    "max",
    "distinct",
    "first_time",
    "last_time",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A column is NAME=FOLD or NAME=FOLD:FIELD."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("name", metavar="NAME", help=said("the name of the view"))
    parser.add_argument("--group-by", default=STREAM, metavar="FIELD", help=said("or `stream`"))
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=FOLD[:FIELD]",
        help=said("FOLD is one of {folds}", folds=", ".join(FOLDS)),
    )
    parser.add_argument(
        "--type",
        action="append",
        default=[],
        metavar="T",
        help=said("only streams of this category"),
    )
    parser.add_argument(
        "--where",
        type=_filter_text,
        default="",
        metavar="FILTER",
        help=said("only matching events, such as: data.total > 250 and actor = ada"),
    )
    parser.add_argument(
        "--preview", action="store_true", help=said("show what it would contain, without saving")
    )
    parser.add_argument("--remove", action="store_true", help=said("delete the view"))
    parser.add_argument(
        "--limit", type=whole_number, default=20, metavar="N", help=said("of a preview")
    )
    parser.add_argument("--json", action="store_true")
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """A saved view is folded by whatever keeps the views; `view` brings it up."""
    with reading(arguments.store) as log:
        if arguments.remove:
            built_views.remove(log.place, arguments.name)
            drop_now(log)
            return _say(
                arguments,
                {"removed": arguments.name},
                said("{name} was deleted", name=arguments.name),
            )
        built = BuiltView(
            name=arguments.name,
            group_by=arguments.group_by,
            columns=tuple(map(_column, arguments.column)),
            types=tuple(arguments.type),
            where=arguments.where,
        )
        taken = frozenset((*(it.name for it in all_views()), *own_names(log.place)))
        if arguments.preview:
            require_sound(built, taken=taken)
            return _preview(log, built, arguments)
        built_views.save(log.place, built, taken=taken)
    look = said(
        "{command_name} view {store} {name}",
        command_name=command_name(),
        store=arguments.store,
        name=built.name,
    )
    told = said("{name} was saved; list its rows with: {look}", name=built.name, look=look)
    return _say(arguments, {"saved": built}, told)


def _filter_text(text: str) -> str:
    """For argparse: the text of a filter that can be read. Raises WrongFilter."""
    parse(text)
    return text


def _column(text: str) -> BuiltColumn:
    name, _, rest = text.partition("=")
    fold, _, field = rest.partition(":")
    try:
        return msgspec.convert({"name": name, "fold": fold, "field": field}, BuiltColumn)
    except msgspec.ValidationError as error:
        raise WrongView(
            said("not a column: {text!r}; write NAME=FOLD[:FIELD]", text=text)
        ) from error


def _preview(log: EventReader, built: BuiltView, arguments: argparse.Namespace) -> int:
    rows = folded(projection_of(built), log.read(EventQuery(types=built.types)))
    where = parse(built.where)
    if not rows and where is not None:
        require_known_fields(log, where)
    facts = [_facts(it) for it in rows[: arguments.limit]]
    if arguments.json:
        print_json({"count": len(rows), "rows": facts})
        return 0
    titles = [it.name for it in built.columns]
    print_table(
        ["key", *titles], [[it["key"], *(_text(it[title]) for title in titles)] for it in facts]
    )
    part = (
        said(", the first {count:,} are shown (--limit)", count=len(facts))
        if len(facts) < len(rows)
        else ""
    )
    print_text(
        said(
            "{count}{part}; nothing was saved",
            count=counted("{count:,} row", "{count:,} rows", len(rows)),
            part=part,
        )
    )
    return 0


def _facts(row: Any) -> dict[str, Any]:
    found = msgspec.structs.asdict(row)
    return {name: value for name, value in found.items() if not name.endswith(SEEN)}


def _text(value: Any) -> str:
    """As JSON; a text stands bare unless it reads like another value."""
    if value is None or isinstance(value, str):
        return "" if value is None else group_key(value)
    return json_text.encode(value)


def _say(arguments: argparse.Namespace, facts: dict[str, Any], told: str) -> int:
    print_json(facts) if arguments.json else print_text(told)
    return 0
