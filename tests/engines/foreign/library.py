"""What a test needs of another program's event store."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import psycopg
from psycopg import sql

import tests.engines.foreign as folder

FOLDER = Path(__file__).parent
Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An event as its program writes it."""

    type: str = "Noted"
    data: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def data_json(self) -> str:
        return json.dumps(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Defined as LIBRARY by a module of this folder. `append` writes into the transaction that is
    under way; `version` is that of the stream before."""

    preset: str
    tables: str  # its own SQL, a file of this folder
    append: Callable[[Db, str, int, Sequence[Written]], None]
    names_by_uuid: bool = True  # a stream is named by a UUID
    locks_others: bool = False  # its writers wait for one another


def libraries() -> dict[str, Library]:
    """By the names of their presets."""
    found = [
        importlib.import_module(f"{folder.__name__}.{it.name}")
        for it in pkgutil.iter_modules(folder.__path__)
    ]
    kept = [it.LIBRARY for it in found if hasattr(it, "LIBRARY")]
    return {it.preset: it for it in kept}


def stream_of(library: Library, name: str) -> str:
    """A stream's name as the program would have it."""
    return str(uuid5(NAMESPACE_URL, name)) if library.names_by_uuid else name


def make(library: Library, server: str) -> str:
    """A database with the program's tables and nothing in them; its address."""
    name = f"f{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    made = server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(made) as db:
        db.execute((FOLDER / library.tables).read_bytes())
    return made
