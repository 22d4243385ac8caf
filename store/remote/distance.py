"""How far a mirror is behind the store on the server."""

from msgspec import Struct

from store.words import counted, said


class Distance(Struct, frozen=True, kw_only=True):
    """As of the last look at the server."""

    events: int | None = 0  # that are there and not here; None: nobody can tell
    seconds: float = 0.0  # since what is not here yet was first seen
    trouble: str = ""  # why the server cannot be asked now; empty while it can

    @property
    def text(self) -> str:
        """For a status line."""
        if self.trouble:
            return said("{trouble}; trying again", trouble=self.trouble)
        if self.events == 0:
            return said("up to date")
        if self.events is None:
            return said("{s:.1f} s behind", s=self.seconds)
        behind = counted("{count:,} event behind", "{count:,} events behind", self.events)
        return said("{behind}, {s:.1f} s", behind=behind, s=self.seconds)

    @property
    def short(self) -> str:
        """Behind the address, where there is little room: `12 behind · 0.4 s`."""
        if self.trouble or self.events == 0:
            return self.text
        late = said("{s:.1f} s", s=self.seconds)
        if self.events is None:
            return late
        return said("{events:,} behind · {late}", events=self.events, late=late)
