"""How old a view is, in words: as of which event, how many behind, and for how long."""

from replay.projector.rates import duration
from replay.words import counted, said


def old_words(stale_since_us: int | None, now_us: int) -> str:
    """ "3.2 s old"; empty for a view that lacks nothing."""
    if stale_since_us is None:
        return ""
    return said("{now_us} old", now_us=duration(max(now_us - stale_since_us, 0) / 1000000))


def behind_words(*, checkpoint: int, behind: int, stale_since_us: int | None, now_us: int) -> str:
    """ "as of 297, 3 events behind, 3.2 s old"; "as of 300" for a view that lacks nothing."""
    told = [said("as of {checkpoint:,}", checkpoint=checkpoint)]
    if behind:
        told.append(counted("1 event behind", "{count:,} events behind", behind))
        told.append(old_words(stale_since_us, now_us))
    return ", ".join(it for it in told if it)
