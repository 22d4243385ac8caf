"""A notification of S3: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Words
from store.words import said

FORMAT: Final = UnreadFormat(
    name="s3-notification",
    title=said("an S3 notification"),
    signs=(Words(names=("Records", "s3")),),
)
