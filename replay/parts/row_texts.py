"""Rows as text, as Python shows their tuples: what a digest is made of, of many rows at once."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from replay.parts.arrow import arrow, compute

AT_ONCE: Final = 2  # batches
_NONE: Final = repr(None)
_PLAIN: Final = np.array([32 <= it < 127 and chr(it) not in "'\\" for it in range(256)])


def row_texts(columns: Sequence[Any]) -> bytes:
    """One after the other, in UTF-8; two columns or more, of one length."""
    first, *rest = map(_texts, columns)
    pieces: list[Any] = ["(", first]
    for it in rest:
        pieces += [", ", it]
    joined = compute().binary_join_element_wise(*pieces, ")", "")
    return bytes(_bytes_of(joined))


def texts_of_all(batches: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The same of each batch, in their order. Some are worked on at once, in threads: most of it
    is Arrow's work, which does not hold the interpreter."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = deque[Future[bytes]]()
        for it in batches:
            waiting.append(pool.submit(row_texts, it))
            if len(waiting) > AT_ONCE:
                yield waiting.popleft().result()
        for done in waiting:
            yield done.result()


def _texts(column: Any) -> Any:
    """Each value as `repr` has it; truth as a number."""
    pa, pc = arrow(), compute()
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), _NONE)
    if pa.types.is_string(column.type) and _PLAIN[_bytes_of(column)].all():
        return pc.fill_null(pc.binary_join_element_wise("'", column, "'", ""), _NONE)
    return pa.array(map(repr, column.to_pylist()), type=pa.string())


def _bytes_of(texts: Any) -> Any:
    """All characters of a column of text."""
    _, ends, held = texts.buffers()
    if held is None or not len(texts):
        return np.zeros(0, np.uint8)
    ends = np.frombuffer(ends, np.int32)
    return np.frombuffer(held, np.uint8)[ends[texts.offset] : ends[texts.offset + len(texts)]]
