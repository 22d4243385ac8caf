"""The committed sample files, read with nothing but the standard library."""

import gzip
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

Line: TypeAlias = dict[str, Any]

FOLDER = Path(__file__).parents[2] / "resources" / "samples"
NAMES = ("conference", "ships", "bank")


def path(name: str) -> Path:
    return FOLDER / f"{name}.jsonl.gz"


@cache
def text(name: str) -> str:
    return gzip.decompress(path(name).read_bytes()).decode()


@cache
def lines(name: str) -> tuple[Line, ...]:
    return tuple(json.loads(line, parse_float=Decimal) for line in text(name).splitlines())


def of_type(name: str, *types: str) -> list[Line]:
    return [line for line in lines(name) if line["type"] in types]


def of_stream(name: str, stream: str) -> list[Line]:
    return [line for line in lines(name) if line["stream"] == stream]
