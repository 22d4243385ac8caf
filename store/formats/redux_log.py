"""The lifted state of Redux DevTools: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="redux-log",
    title="a Redux DevTools log",
    signs=(UsualKeys(names=("actionsById", "stagedActionIds")),),
)
