"""Look into a file before it is imported: its format and its first records."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from store.reading.detect import Detection, detect_in, format_named
from store.reading.format import Choice, Format, Record
from store.reading.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file seems to be."""

    detection: Detection
    records: tuple[Record, ...]  # the first ones, rejected lines among them
    choices: tuple[Choice, ...]  # what may be decided before it is read


def preview(
    source: Path,
    *,
    format: str | Format | None = None,
    choices: Mapping[str, str] | None = None,
    limit: int = 20,
) -> Preview:
    """Read the first `limit` records. Raises UnreadableSource, UnknownFormat."""
    with Source(source, choices=choices) as opened:
        detection = _detection(opened, format)
        records = tuple(islice(detection.format.read(opened), limit))
        offered = detection.format.choices
        return Preview(
            detection=detection,
            records=records,
            choices=() if offered is None else offered(opened),
        )


def _detection(opened: Source, chosen: str | Format | None) -> Detection:
    """As detected, or as the caller says."""
    if chosen is None:
        return detect_in(opened)
    named = format_named(chosen) if isinstance(chosen, str) else chosen
    return Detection(format=named, confidence=1.0, others=(), advice="")
