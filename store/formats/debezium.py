"""Changes of rows as Debezium writes them: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="debezium",
    title="Debezium changes",
    signs=(
        UsualKeys(names=("op", "source", "before")),
        UsualKeys(names=("op", "source", "after")),
        UsualKeys(names=("schema", "payload"), confidence=0.89),
    ),
)
