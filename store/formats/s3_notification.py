"""A notification of S3: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Words

FORMAT: Final = UnreadFormat(
    name="s3-notification",
    title="an S3 notification",
    signs=(Words(names=("Records", "s3")),),
)
