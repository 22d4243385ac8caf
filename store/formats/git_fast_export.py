"""What git fast-export writes: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Text

FORMAT: Final = UnreadFormat(
    name="git-fast-export",
    title="a git fast-export",
    signs=(Text(starts=(b"feature ", b"blob\n", b"reset refs/", b"commit refs/")),),
)
