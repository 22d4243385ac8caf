"""The sentence that a list says of itself when it shows only a part of what there is."""


def part_words(which: str, shown: int, count: int) -> str:
    """`The newest 500 of 1,203 are listed.`; empty where all of them are. `which`: "newest"."""
    return f"The {which} {shown:,} of {count:,} are listed." if shown < count else ""
