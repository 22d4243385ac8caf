"""OpenTelemetry metrics as JSON: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys
from store.words import said

FORMAT: Final = UnreadFormat(
    name="otlp-metrics",
    title=said("OpenTelemetry metrics"),
    signs=(UsualKeys(names=("resourceMetrics",)),),
)
