"""What a dialog that teaches asks of a log and keeps beside it; on a reader thread."""

import getpass
from dataclasses import dataclass
from typing import Final

from gui.viewmodels.taught_preview import Stream, ask_stream
from gui.work.reads import Reads
from replay.taught import kept_taught
from replay.taught.guesses import guesses
from replay.taught.kept_taught import UnknownVersion
from replay.taught.steps import Taught, Types, WrongTeaching
from replay.taught.type_samples import SampledType, streams_of, type_samples
from store.place import Place

LISTED: Final = 1_000  # streams that are offered; any other one can be typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What there is to know of a category."""

    types: tuple[SampledType, ...]
    guesses: Types
    taught: Taught | None  # what counts now
    versions: tuple[Taught, ...]
    streams: tuple[str, ...]
    stream: Stream  # that is previewed first
    problem: str  # why what was taught cannot be used; empty where it can


def load(reads: Reads, *, place: Place, category: str, near: str) -> Loaded:
    """`near`: the stream to preview where it is of the category. Raises WrongTeaching where there
    is no stream of it."""
    types = type_samples(reads.log, category)
    streams = streams_of(reads.log, category)
    problem = ""
    try:
        taught = kept_taught.current(place, category)
        versions = _versions(place, category)
    except WrongTeaching as error:
        taught, versions, problem = None, (), str(error)
    return Loaded(
        types=types,
        guesses=guesses(category, types),
        taught=taught,
        versions=versions,
        streams=tuple(streams[:LISTED]),
        stream=ask_stream(reads, stream=near if near in streams else streams[0]),
        problem=problem,
    )


def keep(
    _reads: Reads, *, place: Place, category: str, types: Types, by: str, note: str
) -> tuple[Taught, ...]:
    """Every version, this one the last. Raises WrongTeaching, StoreReadOnly, DiskFull."""
    kept_taught.save(place, category, types, by=by or getpass.getuser(), note=note)
    return _versions(place, category)


def put_back(
    _reads: Reads, *, place: Place, category: str, number: int, by: str
) -> tuple[Taught, ...]:
    """The same of an older version. Raises UnknownVersion too."""
    kept_taught.put_back(place, category, number, by=by or getpass.getuser())
    return _versions(place, category)


def _versions(place: Place, category: str) -> tuple[Taught, ...]:
    try:
        return kept_taught.versions(place, category)
    except UnknownVersion:
        return ()
