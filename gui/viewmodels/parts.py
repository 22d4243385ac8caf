"""The sentence that a list says of itself when it shows only a part of what there is."""

from typing import Final, Literal

from gui.words import said

Which = Literal["first", "newest", "longest", "longest due", "looked at"]
WHICH: Final[dict[Which, str]] = {
    "first": said("The first {shown:,} of {count:,} are listed."),
    "newest": said("The newest {shown:,} of {count:,} are listed."),
    "longest": said("The longest {shown:,} of {count:,} are listed."),
    "longest due": said("The {shown:,} most overdue of {count:,} are listed."),
    "looked at": said("The newest {shown:,} of {count:,} messages were checked."),
}


def part_words(which: Which, shown: int, count: int) -> str:
    """`The newest 500 of 1,203 are listed.`; empty where all of them are."""
    return WHICH[which].format(shown=shown, count=count) if shown < count else ""


def offered_words(shown: int, count: int) -> str:
    """The same of texts that a field offers."""
    if shown >= count:
        return ""
    return said(
        "The first {shown:,} of {count:,} are offered. You can type any other.",
        shown=shown,
        count=count,
    )
