"""How a count of an import is spoken of after the number 1."""

from collections.abc import Mapping
from typing import Final

from store.words import said

ONE: Final[Mapping[str, str]] = {  # by what is said after any other number
    "duplicates": said("duplicate"),
    "conflicts": said("conflict"),
    "gaps": said("gap"),
    "gaps in stream versions": said("gap in stream versions"),
    "minted ids": said("minted id"),
    "ids created here": said("id created here"),
    "minted versions": said("minted version"),
    "versions created here": said("version created here"),
    "naive times": said("naive time"),
    "times without an offset, read as UTC": said("time without an offset, read as UTC"),
    "missing times": said("missing time"),
    "events without a time, dated here": said("event without a time, dated here"),
    "opaque payloads": said("opaque payload"),
    "events with a repeated key": said("event with a repeated key"),
    "repeated attributes": said("repeated attribute"),
    "attributes of another type": said("attribute of another type"),
    "attributes of another type, kept": said("attribute of another type, kept"),
    "lines that are too long": said("line that is too long"),
    "events archived at the source": said("event archived at the source"),
    "archived in their store": said("archived in its store"),
    "events deleted at the source": said("event deleted at the source"),
    "deleted in their store": said("deleted in its store"),
    "snapshots skipped": said("snapshot skipped"),
    "snapshots skipped: they are not events": said("snapshot skipped: it is not an event"),
    "links into an event's own stream": said("link into an event's own stream"),
    "messages skipped": said("message skipped"),
    "messages skipped: they are not events": said("message skipped: it is not an event"),
    "relations skipped": said("relation skipped"),
    "relations skipped: an end is missing": said("relation skipped: an end is missing"),
    "other rows skipped": said("other row skipped"),
    "other rows skipped: they contain no events": said("other row skipped: it contains no event"),
    "clock steps back": said("clock step back"),
    "steps back of the recording clock": said("step back of the recording clock"),
    "future times": said("future time"),
    "times in the future": said("time in the future"),
    "times in January 1970: perhaps counted in another unit": said(
        "time in January 1970: perhaps counted in another unit"
    ),
    "names changed": said("name changed"),
    "names changed by a rule": said("name changed by a rule"),
    "values converted": said("value converted"),
    "values converted by a rule": said("value converted by a rule"),
    "values masked": said("value masked"),
    "values masked by a rule": said("value masked by a rule"),
    "facts whose mapped field is missing": said("fact whose mapped field is missing"),
    "late events, which occurred before an event ahead of them": said(
        "late event, which occurred before an event ahead of it"
    ),
    "events at the end, without a value to order by": said(
        "event at the end, without a value to order by"
    ),
    "rules that matched no event": said("rule that matched no event"),
    "recorded answers of outside systems": said("recorded answer of outside systems"),
    "lines of the answers file that cannot be read": said(
        "line of the answers file that cannot be read"
    ),
}


def after_number(count: int, words: str) -> str:
    """The words that go with a number: `1 gap in stream versions`, `2 gaps in stream versions`."""
    return ONE.get(words, words) if count == 1 else words
