"""The ports of the ships sample: their clocks, and how far apart they lie."""

from dataclasses import dataclass
from typing import Final

from resources.samples.places import HONG_KONG, HONOLULU, PACIFIC_COAST, YOKOHAMA, Place
from resources.samples.ships_rules import CANADA


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    code: str
    name: str
    country: str
    place: Place


PORTS: Final = {
    port.code: port
    for port in (
        Port(code="san-francisco", name="San Francisco", country="US", place=PACIFIC_COAST),
        Port(code="los-angeles", name="Los Angeles", country="US", place=PACIFIC_COAST),
        Port(code="seattle", name="Seattle", country="US", place=PACIFIC_COAST),
        Port(code="vancouver", name="Vancouver", country=CANADA, place=PACIFIC_COAST),
        Port(code="prince-rupert", name="Prince Rupert", country=CANADA, place=PACIFIC_COAST),
        Port(code="honolulu", name="Honolulu", country="US", place=HONOLULU),
        Port(code="yokohama", name="Yokohama", country="JAPAN", place=YOKOHAMA),
        Port(code="hong-kong", name="Hong Kong", country="CHINA", place=HONG_KONG),
    )
}

_NAUTICAL_MILES: Final = {
    ("san-francisco", "los-angeles"): 370,
    ("san-francisco", "seattle"): 810,
    ("san-francisco", "vancouver"): 820,
    ("san-francisco", "honolulu"): 2_090,
    ("los-angeles", "seattle"): 1_150,
    ("los-angeles", "honolulu"): 2_230,
    ("los-angeles", "hong-kong"): 6_380,
    ("seattle", "vancouver"): 125,
    ("seattle", "prince-rupert"): 580,
    ("seattle", "yokohama"): 4_260,
    ("vancouver", "prince-rupert"): 480,
    ("vancouver", "yokohama"): 4_270,
    ("honolulu", "yokohama"): 3_400,
    ("honolulu", "hong-kong"): 4_860,
    ("yokohama", "hong-kong"): 1_590,
}


def nautical_miles(port: str, other: str) -> int:
    """The way between two ports that some ship here sails."""
    there = _NAUTICAL_MILES.get((port, other))
    return _NAUTICAL_MILES[other, port] if there is None else there
