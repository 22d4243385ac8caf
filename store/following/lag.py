"""How far a follower is behind the file that it follows."""

from msgspec import Struct

from store.words import counted, said


class Lag(Struct, frozen=True, kw_only=True):
    """As of the last look at the file."""

    seconds: float = 0.0  # since what is not stored yet was first seen; 0 when all of it is
    bytes: int = 0  # that are there and not stored; of a SQLite file 0, since nobody knows
    is_missing: bool = False  # whether there is no file now

    @property
    def text(self) -> str:
        """For a status line."""
        if self.is_missing:
            return said("the file is missing")
        if not self.seconds and not self.bytes:
            return said("up to date")
        if self.bytes:
            return said(
                "{bytes} and {s:.1f} s behind",
                bytes=counted("{count:,} byte", "{count:,} bytes", self.bytes),
                s=self.seconds,
            )
        return said("{s:.1f} s behind", s=self.seconds)
