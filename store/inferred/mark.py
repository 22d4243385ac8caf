"""The mark of an event that was inferred: in its metadata, so that every export keeps it."""

from typing import Final

import msgspec
from msgspec import Raw, Struct

NAME: Final = "inferred"


class Mark(Struct, frozen=True, kw_only=True):
    """From which states of what an event was inferred, and what a changed row was before."""

    table: str
    before: str  # the name of the file that holds the earlier state; empty: there was none
    after: str
    was: dict[str, Raw] = {}  # the fields that changed, or of a removed row all, as they were
    changed: tuple[str, ...] = ()  # names of fields, in the order of the columns


class _Metadata(Struct):
    inferred: Mark | None = None


_decoder: Final = msgspec.json.Decoder(_Metadata)


def mark_of(metadata_json: str) -> Mark | None:
    """The mark that an event bears; None when nobody says that it was inferred."""
    if f'"{NAME}"' not in metadata_json:
        return None
    try:
        return _decoder.decode(metadata_json).inferred
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None


def marked(mark: Mark) -> str:
    """Metadata with nothing but the mark."""
    return msgspec.json.encode(_Metadata(inferred=mark)).decode()
