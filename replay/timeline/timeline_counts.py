"""Counts by type as bytes: pairs of a type's number and its count, both uint32."""

from typing import Final

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]

PAIR: Final = np.dtype([("type", "<u4"), ("count", "<u4")])


def packed(counts: Int64s) -> bytes:
    """The bytes of `counts[type]`; types without an event take no room."""
    types = np.flatnonzero(counts)
    pairs = np.empty(len(types), PAIR)
    pairs["type"], pairs["count"] = types, counts[types]
    return pairs.tobytes()


def unpacked(*texts: bytes) -> Int64s:
    """`counts[type]` of all the bytes together."""
    pairs = np.frombuffer(b"".join(texts), PAIR)
    size = int(pairs["type"].max(initial=0)) + 1
    counts = np.zeros(size, np.int64)
    np.add.at(counts, pairs["type"], pairs["count"])
    return counts
