"""Events of GitHub, also of GH Archive: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="github",
    title="GitHub events",
    signs=(UsualKeys(names=("type", "actor", "repo", "payload", "created_at")),),
)
