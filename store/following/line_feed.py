"""A text file that grows line by line, as a feed."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import MsgspecError
from msgspec.json import Decoder, encode

from store.following.grown_text import GrownText, TextMark
from store.following.watched_file import WatchedFile
from store.reading.format import Format
from store.transfer.mirror import Batch

_decoder = Decoder(TextMark)


class LineFeed:
    """Gives the records of whole lines, about a megabyte at once; then waits for more."""

    def __init__(
        self,
        path: Path,
        format_: Format,
        *,
        choices: Mapping[str, str],
        watched: WatchedFile,
        is_endless: bool,
    ) -> None:
        self._path, self._format, self._choices = path, format_, choices
        self._watched = watched
        self._is_endless = is_endless

    def batches(self, after: str | None) -> Iterator[Batch]:
        """Raises SourceReplaced, UnreadableSource."""
        mark = mark_of(after)
        while True:
            seen = self._watched.state()
            if seen and seen[0][1]:
                for batch, end in self._grown(mark):
                    yield batch
                    mark = end
            self._watched.caught_up()
            if not (self._is_endless and self._watched.wait(seen)):
                return

    def _grown(self, mark: TextMark) -> Iterator[tuple[Batch, TextMark]]:
        with GrownText(self._path, choices=self._choices, mark=mark) as text:
            text.require_same()
            while text.next_piece():
                self._watched.fell_behind(bytes_left=text.bytes_left)
                records = list(self._format.read(text))
                yield Batch(records=records, cursor=encode(text.end).decode()), text.end


def mark_of(cursor: str | None) -> TextMark:
    """How far a cursor of a line feed says that was read. One of another kind: nothing."""
    try:
        return _decoder.decode(cursor or "{}")
    except MsgspecError:
        return TextMark()
