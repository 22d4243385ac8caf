"""How far a topic was read: the next offset of each partition, and the last position."""

from collections.abc import Mapping

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, Encoder

_encode = Encoder().encode


class Cursor(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`offsets` by partition; of one that nothing was read of yet there is none."""

    offsets: Mapping[str, int]
    store: str = ""  # that published the last event which states its position; empty: none did
    position: int = 0  # of that event, in that store

    @property
    def text(self) -> str:
        """As it is kept."""
        return _encode(self).decode()

    def next_of(self, partition: int) -> int | None:
        """The offset to read on at."""
        return self.offsets.get(str(partition))


_decoder = Decoder(Cursor)


def cursor_from(text: str) -> Cursor | None:
    """None for a text that is none of ours."""
    try:
        return _decoder.decode(text)
    except MsgspecError:
        return None
