"""A file that grows, and how it is read: what a log is mirrored from."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from store.errors import NotFollowed, WrongRules
from store.following.grown_text import GrownText, TextMark
from store.following.lag import Lag
from store.following.line_feed import LineFeed
from store.following.row_feed import RowFeed
from store.following.watched_file import WatchedFile
from store.reading.choices import require_offered
from store.reading.format import Format, Record
from store.reading.source import UTF_8, Source, plain_encoding
from store.shaping.check import require_sound
from store.shaping.chosen import chosen_format, require_mapped
from store.shaping.pipeline import shaped_piece
from store.shaping.rules import NO_RULES, ImportRules
from store.shaping.rules_file import rules_from
from store.shaping.shaper import Shaper
from store.transfer.manifest import last_batch
from store.transfer.mirror import Batch
from store.transfer.report import Tally
from store.words import said


class Wanted(Struct, frozen=True, kw_only=True):
    """How a file is to be followed."""

    format: str = ""  # empty: found from the content
    choices: Mapping[str, str] = {}
    rules: ImportRules = NO_RULES


class _Grown(Protocol):
    """What gives the records that a file has grown by."""

    def batches(self, after: str | None) -> Iterator[Batch]:
        """As at store.transfer.mirror.Feed."""


def feed_name(path: Path) -> str:
    """Tells a followed file from the other sources of a log, wherever it is named from."""
    return f"file:{path.resolve()}"


def wanted_before(store: Path, path: Path) -> Wanted | None:
    """How a file was followed into this log before; None when it was not. Raises what `open_log`
    raises."""
    kept = last_batch(store, feed_name(path)) if store.exists() else None
    if kept is None:
        return None
    rules = rules_from(json.dumps(kept["rules"])) if "rules" in kept else NO_RULES
    return Wanted(format=kept["format"], choices=kept.get("choices", {}), rules=rules)


class FollowedFile:
    """store.transfer.mirror.Feed of a file. One thread.

    Raises NotFollowed, UnknownFormat, UnknownChoice, WrongRules, UnreadableSource: a file that
    holds nothing yet has to be waited for, with `begin`.
    """

    def __init__(
        self,
        path: Path,
        wanted: Wanted,
        *,
        watched: WatchedFile,
        is_endless: bool = True,
        is_again: bool = False,
    ) -> None:
        """With `is_again` it is read from its beginning, whatever was read of it before."""
        require_sound(wanted.rules)
        if wanted.rules.order:
            raise WrongRules([("order", said("a followed file is read as it grows"))])
        if plain_encoding(wanted.rules.encoding) not in ("", UTF_8):
            raise WrongRules([("encoding", said("a followed file must be text in UTF-8"))])
        format_ = _format(path, wanted)
        self.name, self.format_name = feed_name(path), format_.name
        self._wanted, self._is_again = wanted, is_again
        rules = wanted.rules
        self._shaper = Shaper(rules) if rules.changes_events else None
        self._grown = _grown(path, format_, wanted, watched, is_endless=is_endless)

    @property
    def settings(self) -> Mapping[str, Any]:
        kept: dict[str, Any] = {"choices": dict(self._wanted.choices)}
        if self._wanted.rules != NO_RULES:
            kept["rules"] = self._wanted.rules.as_dict()
        return kept

    def shaped(self, records: Sequence[Record], tally: Tally) -> Sequence[Record]:
        return list(shaped_piece(records, self._shaper, tally))

    def batches(self, after: str | None) -> Iterator[Batch]:
        """Raises SourceReplaced, NotFollowed, UnreadableSource."""
        return self._grown.batches(None if self._is_again else after)


def begin(path: Path, watched: WatchedFile) -> bool:
    """Wait until a file is there and holds something; False when following ends before that.
    Raises UnreadableSource when it is no file."""
    while not (seen := watched.state()) or not _has_begun(path):
        if not watched.wait(seen):
            return False
    return True


def watched(
    path: Path, *, is_ended: Callable[[], bool], tell: Callable[[Lag], None]
) -> WatchedFile:
    """The file, or what a link to it leads to."""
    return WatchedFile(path.resolve(), is_ended=is_ended, tell=tell)


def _has_begun(path: Path) -> bool:
    """Whether a whole line, or a whole page of SQLite, is there: what it is can be told then."""
    if not path.is_file():
        Source(path).close()  # says what it is
    with path.open("rb") as file:
        return b"\n" in file.read(1 << 20)


def _format(path: Path, wanted: Wanted) -> Format:
    with Source(path, choices=wanted.choices) as source:
        found = chosen_format(source, wanted.rules, named=wanted.format or None).format
        require_offered(found, source)
        require_mapped(found, wanted.rules)
        if not (found.grows_by_lines or found.rows_after):
            raise NotFollowed(
                said("{title}: it can only be read as a whole", title=found.title), path
            )
        if found.rows_after is None and source.sample.shape in ("array", "sqlite"):
            raise NotFollowed(said("it is one document, not one line per event"), path)
        return found


def _grown(
    path: Path, format_: Format, wanted: Wanted, watched: WatchedFile, *, is_endless: bool
) -> _Grown:
    shared: dict[str, Any] = {
        "choices": wanted.choices,
        "watched": watched,
        "is_endless": is_endless,
    }
    if format_.rows_after is not None:
        return RowFeed(path, format_.rows_after, **shared)
    with GrownText(path, choices=wanted.choices, mark=TextMark()):  # says what is in the way
        return LineFeed(path, format_, **shared)
