"""Short runs of events put together, so that a reader has no more runs than it has from a log."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Final

from store.events import Payload
from store.stream_texts import StreamTexts

LONGEST: Final = 1_000  # events of a run that is put together with the next one
HEAVIEST: Final = 1 << 18  # characters of its payloads


def glued(runs: Iterator[StreamTexts]) -> Iterator[StreamTexts]:
    """The same events in the same order."""
    held: StreamTexts | None = None
    for run in runs:
        if held is None:
            held = run
        elif _is_short(held) and _is_short(run):
            held = _together(held, run)
        else:
            yield held
            held = run
    if held is not None:
        yield held


def _is_short(run: StreamTexts) -> bool:
    return run.data_json is not None and (
        len(run.positions) <= LONGEST and len(run.data_json) <= HEAVIEST
    )


def _together(one: StreamTexts, other: StreamTexts) -> StreamTexts:
    return StreamTexts(
        events=partial(_both, one, other),
        data_json=_joined(one.data_json, other.data_json),
        positions=[*one.positions, *other.positions],
        types=[*one.types, *other.types],
        metadata_json=_joined(one.metadata_json, other.metadata_json),
    )


def _both(one: StreamTexts, other: StreamTexts) -> Iterator[Payload]:
    return chain(one.events(), other.events())


def _joined(one: str | bytes | None, other: str | bytes | None) -> str:
    """Two JSON arrays as one."""
    parts = (it.decode() if isinstance(it, bytes) else it or "[]" for it in (one, other))
    return f"[{','.join(it[1:-1] for it in parts if it != '[]')}]"
