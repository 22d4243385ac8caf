"""So many of something, in words."""


def counted(count: int, of: str = "event") -> str:
    """ "1 event", "2 events"."""
    return f"{count:,} {of}" if count == 1 else f"{count:,} {of}s"
