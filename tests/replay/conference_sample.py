"""The bundled conference as a log, and what is known of it without this program."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from replay import command_line

SAMPLE: Final = Path(__file__).parents[2] / "resources" / "samples" / "conference.jsonl.gz"


def conference(path: Path) -> Path:
    """The sample imported into a new store."""
    assert command_line.run(["import", str(SAMPLE), "--into", str(path)]) == 0
    return path


def sample_events() -> list[dict[str, Any]]:
    """The lines of the sample, in their order."""
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as lines:
        return [json.loads(line, parse_float=Decimal) for line in lines]


def orders_over(amount: int) -> set[str]:
    """Orders that are not expired and whose last total is more, by a plain loop."""
    totals: dict[str, Decimal] = {}
    for event in sample_events():
        if event["type"] == "OrderTotalsCalculated":
            totals[event["stream"]] = Decimal(event["data"]["total"])
        elif event["type"] == "OrderExpired":
            totals.pop(event["stream"], None)
    return {stream.removeprefix("order-") for stream, it in totals.items() if it > amount}
