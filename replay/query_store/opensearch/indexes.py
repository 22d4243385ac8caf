"""The indexes of a query store: their names, their mapping, and the documents in them.

Of each view two indexes: the rows as they are now, under their keys, and every version of every
row, under key and write. Two aliases name those that are shown: PREFIX-VIEW and
PREFIX-VIEW-history. One more index keeps checkpoints and who is writing.
"""

from typing import Any, Final

from msgspec import convert, json, structs

from replay.projection import Column
from replay.query_store.interface import MadeOf, Version
from replay.query_store.version_text import PLAIN_NAME
from replay.views.row_history import NO_END
from replay.views.sink import WRITES_PER_EVENT
from replay.words import said

PROGRAM: Final = "foldline"
LAYOUT: Final = 1
HISTORY: Final = "-history"
CONTROL: Final = "-foldline.control"  # no view has a dot in its name
LONGEST_TERM: Final = 8_000  # characters; a server refuses terms of 32,766 bytes
READ: Final = ("id", "sort", "key", "write", "until", "is_deleted", "row")

_TYPES: Final = {
    "text": {"type": "keyword", "ignore_above": LONGEST_TERM},
    "integer": {"type": "long"},
    "real": {"type": "double"},
    "boolean": {"type": "boolean"},
}
_ONLY_KEPT: Final = {"type": "keyword", "index": False, "doc_values": False}

Body = dict[str, Any]


def control_body() -> Body:
    """Of the index of checkpoints."""
    return {
        "settings": _settings(),
        "mappings": {"_meta": {"program": PROGRAM, "layout": LAYOUT}, "enabled": False},
    }


def index_body(made_of: MadeOf, *, stored_id: str, prefix: str, begun_at_us: int) -> Body:
    """Of both indexes of a view."""
    columns = json.decode(made_of.columns_json, type=tuple[Column, ...])
    meta = {
        "program": PROGRAM,
        "layout": LAYOUT,
        "prefix": prefix,
        "stored": stored_id,
        "begun_at_us": begun_at_us,
        "made_of": structs.asdict(made_of),
    }
    plain = {it.name: _TYPES[it.kind] for it in columns if it.kind != "json"}
    properties = {
        "id": {"type": "keyword"},
        "sort": {"type": "keyword"},
        "key": _ONLY_KEPT,
        "row": _ONLY_KEPT,
        "write": {"type": "long"},
        "position": {"type": "long"},
        "until": {"type": "long"},
        "is_deleted": {"type": "boolean"},
        "words": {"type": "text", "analyzer": "whitespace", "norms": False},
        "facts": {"type": "keyword", "ignore_above": LONGEST_TERM},
        "columns": {
            "properties": {name: it for name, it in plain.items() if PLAIN_NAME.fullmatch(name)}
        },
    }
    mappings = {"_meta": meta, "dynamic": "strict", "properties": properties}
    return {"settings": _settings(), "mappings": mappings}


def document(it: Version) -> bytes:
    """One version."""
    return json.encode(
        {
            **structs.asdict(it),
            "until": NO_END if it.until is None else it.until,
            "position": it.write // WRITES_PER_EVENT,
        }
    )


def version_in(source: Body) -> Version:
    """One version back from its document. Raises ValueError when it is none."""
    try:
        found = convert({it: source[it] for it in READ}, Version)
    except KeyError as error:
        raise ValueError(said("the field {name} is missing", name=error)) from None
    return structs.replace(found, until=None) if (found.until or 0) >= NO_END else found


def as_of(end: int) -> list[Body]:
    """Versions that were in force before a write."""
    return [
        {"range": {"write": {"lt": end}}},
        {"range": {"until": {"gte": end}}},
        {"term": {"is_deleted": False}},
    ]


def _settings() -> Body:
    """What is written can be seen once its checkpoint is, and not before."""
    return {"auto_expand_replicas": "0-1", "number_of_shards": 1, "refresh_interval": "-1"}
