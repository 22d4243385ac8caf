"""A preview reads the streams concerned, and nothing of the rest of the log."""

from contextlib import closing
from typing import Any

import pytest

from replay.correcting.asked import Asked
from replay.correcting.proposal import By, proposed
from replay.states.stream_states import StreamStates
from store.events import ANY_VERSION
from store.sqlite.reader import LogReader
from tests.replay.correcting.test_correct import correct, log_of, noted, said

READING_ALL = ("read", "positions", "payloads", "type_counts", "stream_names")
ASKED = (
    Asked(position=1, kind="wrong", data={"a": 5}),
    Asked(position=1, kind="rejected"),
    Asked(position=3, kind="late"),
    Asked(position=3, kind="late", before=1),
)


@pytest.mark.parametrize("asked", ASKED, ids=lambda it: it.kind)
def test_the_whole_log_is_never_asked_for(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = set[str]()
    with log_of(noted(5, {"a": 1}), noted(6, {"a": 2}), noted(1, {"a": 3})) as store:
        for n in range(10, 30):
            event = said(n, "Noted", {"n": n})
            store.append(f"other-{n}", [event], expected=ANY_VERSION)
        correct(store, 2, "wrong", data={"a": 9})
        with closing(store.reader()) as log:
            _watch(log, streams, monkeypatch)
            found = proposed(log, StreamStates(), asked, By(actor="ada"))

    assert found.sides
    assert streams == {"order-1"}


def _watch(log: LogReader, streams: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_asked: Any, **_how: Any) -> Any:
        raise AssertionError("more than the streams concerned was asked for")

    for name in READING_ALL:
        monkeypatch.setattr(log, name, refuse)
    page = log.page
    monkeypatch.setattr(log, "page", lambda one, last: page(one, last) if one == last else refuse())
    for name in ("read_stream", "stream_payloads"):
        monkeypatch.setattr(log, name, _noted(getattr(log, name), streams))


def _noted(ask: Any, streams: set[str]) -> Any:
    def asked(stream: str, **how: Any) -> Any:
        streams.add(stream)
        return ask(stream, **how)

    return asked
