"""OpenTelemetry metrics as JSON: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="otlp-metrics",
    title="OpenTelemetry metrics",
    signs=(UsualKeys(names=("resourceMetrics",)),),
)
