"""An Avro object container file: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import Magic
from store.words import said

FORMAT: Final = UnreadFormat(
    name="avro",
    title=said("an Avro file"),
    signs=(Magic(starts=(b"Obj\x01",)),),
)
