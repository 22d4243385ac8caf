"""Event stores of other programs on a server: their tables, and how they number their events.

A preset adds to a layout of tables (`store.tables.layout`, which files of the same program are
read by) what only a live store needs: when an event gets its number, so that no reader passes by
what commits late.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

import store.remote.presets
from store.tables.cells import Row
from store.tables.layout import Layout, States

Numbered: TypeAlias = Literal["under a lock", "in its transaction", "before it"]
# The rows behind a condition, of the table of events: what a row may ask about other rows.
AskRows: TypeAlias = Callable[[str, tuple[object, ...]], Iterator[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Defined as PRESET by a module of store/remote/presets/.

    `numbered` says when an event gets its number:

    - under a lock that lasts until the commit: whoever sees a number sees all before it
    - in its transaction, from a sequence: a number that is missing may still come as long as a
      transaction that has used the sequence has not ended, and never afterwards
    - before it, by the client: a missing number may come later; for `patience_s` it is waited
      for, and it is looked for from then on as well
    """

    name: str  # in addresses: `?preset=marten`
    title: str  # of the program, for people
    layout: Layout
    states: Callable[[AskRows], States]  # what a row means, as the layout says
    schema: str  # where the program puts its tables, where the address names none
    numbered: Numbered
    sequence: str = ""  # a pattern of the names of sequences, where no column has one as default
    patience_s: float = 0.0
    stream_columns: tuple[str, ...]  # in which a stream's name, or a part of it, stands
    stream_names: Callable[[str], tuple[str, ...]] = lambda name: (name,)  # what stands there
    transaction: str = ""  # the column of type xid8 that holds a row's transaction
    # Of several tables: SQL with {schema} and {table}, the table of events as `e`.
    source: str = "{schema}.{table} e"
    where: str = "true"
    position: str = ""  # in `source`, with an index; empty: the layout's column of its order
    extra: tuple[str, ...] = ()  # further columns, such as "s.deleted_at::text AS deleted_at"


@cache
def presets() -> tuple[Preset, ...]:
    """Every preset in the folder, by name."""
    modules = pkgutil.iter_modules(
        store.remote.presets.__path__, f"{store.remote.presets.__name__}."
    )
    found = [importlib.import_module(it.name).PRESET for it in modules]
    return tuple(sorted(found, key=lambda it: it.name))
