"""Elements of a JSON array that stand in memory one behind the other, told apart in one go.

The elements are objects. Where a run of them ends is guessed: before the last place that looks like
the beginning of the first one. A wrong guess ends within an element, which no JSON array can, so
the decoder refuses it, and the elements are read one by one.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from msgspec import MsgspecError, Raw
from msgspec.json import Decoder

LONGEST_RUN: Final = 64 * 1024  # bytes
_BEGINNING: Final = re.compile(r'\{[ \t\n\r]*"[^"\\]{1,64}"')
_BETWEEN: Final = re.compile(rb"[ \t\n\r]*(?:,[ \t\n\r]*)?")
_GUESSES: Final = 3
_decoder: Final[Decoder[list[Raw]]] = Decoder(list[Raw])


class Run(NamedTuple):
    """Some elements of an array, the next one excluded."""

    content: bytes  # up to the next element
    raws: list[Raw]

    def elements(self) -> Iterator[tuple[int, bytes]]:
        """Each behind the place of its first byte in the run."""
        at, match = 0, _BETWEEN.match
        for raw in self.raws:
            text = bytes(raw)
            yield at, text
            between = match(self.content, at + len(text))
            at = between.end() if between else 0


def run_of(text: str, at: int) -> Run | None:
    """The elements from the one that begins at `at` to the last one behind which another is seen;
    None where there are none, or they cannot be told apart. A character of `text` is a byte."""
    beginning = _BEGINNING.match(text, at)
    if beginning is None:
        return None
    end = at + LONGEST_RUN
    for _ in range(_GUESSES):
        end = text.rfind(beginning.group(), at + 1, end)
        if end < 0:
            return None
        content = text[at:end].encode("latin-1")
        elements = content.rstrip(b" \t\n\r")
        if elements.endswith(b","):
            try:
                return Run(content, _decoder.decode(b"[%b]" % elements[:-1]))
            except (MsgspecError, RecursionError):
                continue
    return None
