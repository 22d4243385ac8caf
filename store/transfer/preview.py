"""Look into a file before it is imported: its format and its first records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from store.reading.choices import Offer, offers
from store.reading.detect import Detection, detect_in, format_named
from store.reading.format import Format, Record
from store.reading.source import Source, stopped_when


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file seems to be."""

    detection: Detection
    records: tuple[Record, ...]  # the first ones, rejected lines among them
    choices: tuple[Offer, ...]  # what may be decided before it is read


def preview(
    source: Path,
    *,
    format: str | Format | None = None,
    choices: Mapping[str, str] | None = None,
    limit: int = 20,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Preview:
    """Read the first `limit` records. Raises UnreadableSource, UnknownFormat, UnknownChoice,
    Cancelled."""
    with Source(source, choices=choices) as opened:
        opened.pulse = stopped_when(is_cancelled)
        detection = _detection(opened, format)
        offered = offers(detection.format, opened)
        records = tuple(islice(detection.format.read(opened), limit))
        return Preview(detection=detection, records=records, choices=offered)


def _detection(opened: Source, chosen: str | Format | None) -> Detection:
    """As detected, or as the caller says."""
    if chosen is None:
        return detect_in(opened)
    named = format_named(chosen) if isinstance(chosen, str) else chosen
    return Detection(format=named, confidence=1.0, others=(), advice="")
