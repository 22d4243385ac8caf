"""Both ends of a fold in parts as a person types them: --from and --into."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from replay.parts.errors import WrongEnd
from replay.parts.origins.of_log import LogSource
from replay.parts.origins.of_parquet import ParquetSource
from replay.parts.origins.of_server import server_source
from replay.parts.source import Source
from replay.parts.target import Target
from replay.parts.targets.into_parquet import IntoParquet
from replay.parts.targets.into_server import IntoServer
from replay.parts.targets.into_store import IntoStore
from replay.words import said
from store.opening import reading
from store.place import path_of
from store.remote.address import address_of, is_address

PARQUET: Final = "parquet:"


@contextmanager
def opened_source(text: str) -> Iterator[Source]:
    """What --from names. Raises WrongEnd, WrongAddress, NotOurEvents, and what opening a store or
    a server raises."""
    if text.startswith(PARQUET):
        with closing(ParquetSource(_folder(text))) as files:
            yield files
    elif _is_server(text):
        with closing(server_source(address_of(text))) as server:
            yield server
    else:
        with reading(path_of(text)) as log:
            yield LogSource(log)


@contextmanager
def opened_target(text: str, source: Source, *, work: Path | None) -> Iterator[Target]:
    """What --into names; `work`: where parts are kept that are not complete. Raises as
    `opened_source` does, and what opening a query store raises."""
    if text.startswith(PARQUET):
        with closing(IntoParquet(_folder(text), work=work)) as files:
            yield files
    elif _is_server(text):
        with closing(IntoServer(address_of(text), source, work=work)) as server:
            yield server
    else:
        with reading(path_of(text)) as log:
            yield IntoStore(log, work=work)


def _is_server(text: str) -> bool:
    return is_address(text) and not text.startswith("file:")


def _folder(text: str) -> Path:
    name = text.removeprefix(PARQUET)
    if not name:
        raise WrongEnd(said("parquet: names no folder"))
    return Path(name)
