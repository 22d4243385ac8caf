"""OpenTelemetry traces as JSON: known, not read yet."""

from typing import Final

from store.reading.format import UnreadFormat
from store.reading.signs import UsualKeys

FORMAT: Final = UnreadFormat(
    name="otlp-traces",
    title="OpenTelemetry traces",
    signs=(UsualKeys(names=("resourceSpans",)),),
)
