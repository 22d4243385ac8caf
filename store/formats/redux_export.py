"""The payload form of Redux DevTools: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="redux-export",
    title="a Redux DevTools export",
    signs=(UsualKeys(names=("payload", "preloadedState")),),
)
