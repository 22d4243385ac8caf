"""Names in a list, as they are shown where some of them look alike."""

from collections.abc import Sequence

from store.visible_text import look_alikes, spelled_out, visible


def told_apart(names: Sequence[str]) -> dict[str, str]:
    """What is shown for each name: those that look like another one are spelled out."""
    odd = {name for group in look_alikes(names) for name in group}
    return {it: spelled_out(it) if it in odd else visible(it) for it in names}
