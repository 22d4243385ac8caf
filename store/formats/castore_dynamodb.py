"""Events of Castore, scanned from DynamoDB: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Words

FORMAT: Final = UnreadFormat(
    name="castore-dynamodb",
    title="a Castore DynamoDB scan",
    signs=(Words(names=("Items", "aggregateId")),),
)
