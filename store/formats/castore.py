"""Events of Castore, kept in memory: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="castore",
    title="Castore events",
    signs=(UsualKeys(names=("aggregateId", "events")),),
)
