"""What the name of a field says of its value: the unit at its end."""

import re
from typing import Final

from replay.states.diff import Path

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_UNITS: Final = {
    "eur": "€",
    "euro": "€",
    "euros": "€",
    "usd": "$",
    "gbp": "£",
    "chf": "CHF",
    "jpy": "¥",
    "cny": "CNY",
    "cents": "cents",
    "pct": "%",
    "percent": "%",
    "percentage": "%",
    "us": "µs",
    "ms": "ms",
    "millis": "ms",
    "milliseconds": "ms",
    "s": "s",
    "sec": "s",
    "secs": "s",
    "seconds": "s",
    "min": "min",
    "mins": "min",
    "minutes": "min",
    "h": "h",
    "hours": "h",
    "days": "d",
    "bytes": "B",
    "kb": "kB",
    "mb": "MB",
    "gb": "GB",
    "px": "px",
    "mm": "mm",
    "cm": "cm",
    "m": "m",
    "km": "km",
    "kg": "kg",
    "g": "g",
    "celsius": "°C",
    "kwh": "kWh",
}


def unit_of(path: Path) -> str:
    """The unit that the last word of a field's name is, such as € of `priceEur` or ms of
    `took_ms`; empty where it is none. A name that is only that word says it too, if it is longer
    than one letter."""
    names = [it for it in path if isinstance(it, str)]
    words = _WORDS.findall(names[-1]) if names else []
    if not words or (len(words) == 1 and len(words[0]) < 2):
        return ""
    return _UNITS.get(words[-1].lower(), "")
