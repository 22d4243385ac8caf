"""An Avro object container file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic

FORMAT: Final = UnreadFormat(
    name="avro",
    title="an Avro file",
    signs=(Magic(starts=(b"Obj\x01",)),),
)
