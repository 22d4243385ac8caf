"""A row of a view as a query store keeps it, and back, without losing anything.

What a server does to numbers, long texts and odd characters touches only what is searched: key
and columns travel as JSON text in ASCII, which every server gives back byte for byte.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from replay.projection import Column
from replay.query_store.interface import Place, Version
from replay.views.row_history import Write
from replay.views.search_view import texts_in
from replay.views.sink import KeyValues
from store import json_text

ID_BYTES: Final = 400  # a longer key is known by its hash
SORT_BYTES: Final = 500  # of a key, by which rows are ordered; twice that as text
FACTS_MOST: Final = 1_000  # of one row
FACT_LENGTH: Final = 1_000  # characters of one; longer values are found by their words
WORD_LENGTH: Final = 255  # letters by which a word is known
PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # of a column, that no server takes apart
_WORD: Final = re.compile(r"[^\W_]+")
_SIGN: Final = 2**63


def version_of(write: Write, columns: Sequence[Column], *, until: int | None) -> Version:
    """A whole version of a row; `until`: the write that replaced it."""
    rest = [it for it in columns if not it.is_key]
    named = list(zip(rest, write.rest, strict=True))
    values = [] if write.is_deleted else [*_named_key(columns, write.key), *named]
    plain = {it.name: _shown(it, value) for it, value in values if it.kind != "json"}
    parts = {it.name: json_text.decode(value) for it, value in values if _is_part(it, value)}
    words = [str(it) for it in plain.values() if it is not None and not isinstance(it, bool)]
    return Version(
        id=row_id(write.key),
        sort=sort_text(write.key),
        key=exact(write.key),
        write=write.write,
        until=until,
        is_deleted=write.is_deleted,
        row=exact(write.rest),
        words=words_of_text(" ".join([*words, *_texts(parts)])),
        facts=tuple(_facts({**plain, **parts})),
        columns={name: _whole(it) for name, it in plain.items() if PLAIN_NAME.fullmatch(name)},
    )


def key_of(version: Version) -> KeyValues:
    """The key of a row."""
    return tuple(json.loads(version.key))


def rest_of(version: Version) -> tuple[Any, ...]:
    """The columns beside the key, as the views file has them."""
    return tuple(json.loads(version.row))


def place_of(version: Version) -> Place:
    """Behind which the next page begins."""
    return Place(sort=version.sort, id=version.id)


def is_cut_short(sort: str) -> bool:
    """Whether it may be that of several keys."""
    return len(sort) >= 2 * SORT_BYTES


def exact(values: Sequence[Any]) -> str:
    """As JSON text in ASCII; `json.loads` gives the same values, infinite numbers too."""
    return json.dumps(list(values), separators=(",", ":"))


def row_id(key: KeyValues) -> str:
    """The text of the key, or of a long one the text of its hash."""
    text = exact(key)
    if len(text) <= ID_BYTES:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def sort_text(key: KeyValues) -> str:
    """Orders as SQLite orders keys: numbers by size, texts by their bytes, column by column."""
    return b"".join(map(_sort_bytes, key))[:SORT_BYTES].hex()


def words_in(text: str) -> list[str]:
    """The words that are searched: runs of letters and digits, in small letters."""
    return [it[:WORD_LENGTH] for it in _WORD.findall(text.casefold())]


def words_of_text(text: str) -> str:
    """The words of a text, each once. Every kind of server takes them apart at the spaces alone."""
    return visible(" ".join(dict.fromkeys(words_in(text))))


def visible(text: str) -> str:
    """Without what a server may refuse in a text that is searched."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _sort_bytes(value: str | int) -> bytes:
    if isinstance(value, int):
        return (value + _SIGN).to_bytes(8, "big")
    return value.encode().replace(b"\0", b"\0\xff") + b"\0\0"


def _named_key(columns: Sequence[Column], key: KeyValues) -> list[tuple[Column, Any]]:
    return list(zip([it for it in columns if it.is_key], key, strict=True))


def _is_part(column: Column, value: Any) -> bool:
    return column.kind == "json" and value is not None


def _shown(column: Column, value: Any) -> Any:
    return bool(value) if column.kind == "boolean" and value is not None else value


def _texts(parts: dict[str, Any]) -> Iterator[str]:
    for it in parts.values():
        yield from texts_in(it)


def _whole(value: Any) -> Any:
    """JSON has no infinite numbers."""
    if isinstance(value, float) and value - value != 0:
        return None
    return visible(value) if isinstance(value, str) else value


def _facts(values: dict[str, Any]) -> Iterator[str]:
    """Of plain columns and of what lies in JSON ones, by path; each once."""
    found = dict.fromkeys(it for it in _paths(values) if len(it) <= FACT_LENGTH)
    yield from list(found)[:FACTS_MOST]


def _paths(values: dict[str, Any]) -> Iterator[str]:
    opened: list[tuple[str, Any]] = [("", values)]
    while opened:
        path, it = opened.pop()
        if isinstance(it, dict):
            opened += ((f"{path}.{name}" if path else name, value) for name, value in it.items())
        elif isinstance(it, list):
            opened += ((path, value) for value in it)
        elif it is not None:
            yield visible(f"{path}={it if isinstance(it, str) else json_text.encode(it)}")
