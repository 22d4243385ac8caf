"""What a dialog that teaches asks of a log and keeps beside it; on a reader thread."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.viewmodels.taught_preview import Stream, ask_stream
from gui.words import said
from gui.work.reads import Reads
from replay.taught import kept_taught
from replay.taught.guesses import guesses
from replay.taught.kept_taught import UnknownVersion
from replay.taught.model_file import model_file
from replay.taught.steps import Taught, Types, WrongTeaching
from replay.taught.teaching_facts import shapes_of
from replay.taught.type_samples import SampledType, looked_into, streams_of, type_samples
from store.place import Place
from store.whole_file import write_whole

LISTED: Final = 1_000  # streams that are offered; any other one can be typed
MOST_TYPES: Final = 300  # that are taught in a dialog: each is listed with its steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What there is to know of a category."""

    types: tuple[SampledType, ...]  # in the order in which they were met
    types_words: str  # that not all are listed; empty where they are
    guesses: Types
    taught: Taught | None  # what counts now
    versions: tuple[Taught, ...]
    streams: tuple[str, ...]
    streams_words: str  # that not all are offered; empty where they are
    looked_into: str  # that only a part of the events was looked into; empty where all were
    stream: Stream  # that is previewed first
    problem: str  # why what was taught cannot be used; empty where it can


def load(
    reads: Reads, *, place: Place, category: str, near: str, most_types: int = MOST_TYPES
) -> Loaded:
    """`near`: the stream to preview where it is of the category. Of more than `most_types` the most
    frequent are taken. Raises WrongTeaching where there is no stream of it."""
    sampled = type_samples(reads.log, category)
    types = most_frequent(sampled, most_types)
    streams = streams_of(reads.log, category)
    problem = ""
    try:
        taught = kept_taught.current(place, category)
        versions = _versions(place, category)
    except WrongTeaching as error:
        taught, versions, problem = None, (), str(error)
    return Loaded(
        types=types,
        types_words=_listed(len(types), len(sampled)),
        guesses=guesses(category, types),
        taught=taught,
        versions=versions,
        streams=tuple(streams[:LISTED]),
        streams_words=_offered(len(streams)),
        looked_into=looked_into(reads.log, category),
        stream=ask_stream(reads, stream=near if near in streams else streams[0]),
        problem=problem,
    )


def most_frequent(types: Sequence[SampledType], most: int) -> tuple[SampledType, ...]:
    """So many of them, in the same order."""
    if len(types) <= most:
        return tuple(types)
    kept = {it.name for it in sorted(types, key=lambda it: -it.count)[:most]}
    return tuple(it for it in types if it.name in kept)


def versions_now(_reads: Reads, *, place: Place, category: str) -> tuple[Taught, ...]:
    """Every version, whoever kept it. Raises WrongTeaching."""
    return _versions(place, category)


def keep(
    _reads: Reads, *, place: Place, category: str, types: Types, by: str, note: str, after: int
) -> tuple[Taught, ...]:
    """Every version, this one the last. Raises TaughtMeanwhile where another one than `after` is
    the newest by now; WrongTeaching, StoreReadOnly, DiskFull."""
    kept_taught.save(place, category, types, by=by or getpass.getuser(), note=note, after=after)
    return _versions(place, category)


def put_back(
    _reads: Reads, *, place: Place, category: str, number: int, by: str, after: int
) -> tuple[Taught, ...]:
    """The same of an older version. Raises UnknownVersion too."""
    kept_taught.put_back(place, category, number, by=by or getpass.getuser(), after=after)
    return _versions(place, category)


def export(reads: Reads, *, taught: Taught, path: Path) -> Path:
    """Write a model file that says the same; one of that name is written over, as the person was
    asked. Raises WrongTeaching, StoreReadOnly, DiskFull."""
    text = model_file(taught, shapes_of(reads.log, taught))
    write_whole(path, text.encode(), overwrite=True)
    return path


def _listed(listed: int, count: int) -> str:
    if count <= listed:
        return ""
    return said(
        "The {listed:,} most frequent of {count:,} types are listed.", listed=listed, count=count
    )


def _offered(count: int) -> str:
    if count <= LISTED:
        return ""
    return said(
        "The first {listed:,} of {count:,} streams are offered. You can type any other.",
        listed=LISTED,
        count=count,
    )


def _versions(place: Place, category: str) -> tuple[Taught, ...]:
    try:
        return kept_taught.versions(place, category)
    except UnknownVersion:
        return ()
