"""A rate that was corrected late: two times that matter."""

import json
from pathlib import Path
from typing import Final

from store.transfer.ingest import ingest

STREAM: Final = "rate-1"
RATES: Final = (  # when it came to hold, when it was recorded, what it says
    ("2026-07-01", "2026-07-01", {"percent": 5}),
    ("2026-09-01", "2026-09-01", {"percent": 7}),
    ("2026-07-15", "2026-10-01", {"percent": 6, "by": "ada"}),
)


def rates_in(folder: Path) -> Path:
    """A store with these three events, in this order."""
    source, path = folder / "rates.jsonl", folder / "rates.foldline"
    lines = [
        {
            "stream": STREAM,
            "type": "RateSet",
            "id": f"e{number}",
            "occurred_at": f"{occurred}T00:00:00Z",
            "recorded_at": f"{recorded}T00:00:00Z",
            "data": data,
        }
        for number, (occurred, recorded, data) in enumerate(RATES)
    ]
    source.write_text("".join(f"{json.dumps(it)}\n" for it in lines), "utf-8")
    ingest(source, into=path)
    return path
