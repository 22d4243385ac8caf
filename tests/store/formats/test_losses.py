"""What a format cannot hold is declared: what is not declared comes back as it was, and what is
counted as lost is lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.provenance import source_members
from store.reading.detect import format_named, formats
from store.reading.format import Format, Incoming, Outgoing
from store.reading.losses import Aspect, Loss
from store.reading.source import Source
from tests.store.recorded_events import outgoing

WRITABLE: Final = tuple(it.name for it in formats() if it.write is not None)
COLUMNS: Final = frozenset(get_args(Aspect)) - {"order", "position", "stream", "version", "links"}
JSON_COLUMNS: Final = frozenset({"data_json", "metadata_json"})


def read_back(format_: Format, events: list[Outgoing], path: Path) -> list[Incoming]:
    """What a reader makes of what the format writes."""
    assert format_.write is not None
    with path.open("wb") as file:
        assert format_.write(iter(events), file) == len(events)
    with Source(path) as source:
        return [it for it in format_.read(source) if isinstance(it, Incoming)]


def paired(sent: list[Outgoing], came: list[Incoming]) -> list[tuple[Outgoing, Incoming]]:
    """By id where the ids have come back, else by their order."""
    assert len(sent) == len(came)
    by_id = {it.event.id: it for it in came}
    if by_id.keys() == {it.event.id for it in sent}:
        return [(it, by_id[it.event.id]) for it in sent]
    return list(zip(sent, came, strict=True))


def exact(text: str) -> Any:
    """JSON as a value that differs where a digit does, or a key stands twice."""
    return json.loads(
        text,
        parse_int=lambda it: ("number", it),
        parse_float=lambda it: ("number", it),
        object_pairs_hook=lambda pairs: ("object", sorted(pairs, key=lambda pair: pair[0])),
    )


def differing(sent: Outgoing, came: Incoming) -> Iterator[str]:
    """The aspects in which an event has not come back."""
    ours, theirs = sent.event, came.event
    if came.origin.cursor != str(ours.position):
        yield "position"
    if came.stream != ours.stream:
        yield "stream"
    if came.version != ours.version:
        yield "version"
    if set(theirs.links) != set(sent.links):
        yield "links"
    for name in sorted(COLUMNS):
        one, other = getattr(ours, name), getattr(theirs, name)
        if name in JSON_COLUMNS:
            one, other = exact(one), exact(other)
        if one != other and not (name == "source_json" and one is None):
            yield name


def is_from(format_: Format, sent: Outgoing) -> bool:
    """Whether an event came from this very format: what it said then is told by other tests."""
    return bool(source_members(sent.event.source_json, format_.name))


def losses_of(format_: Format, sent: Outgoing) -> list[Loss]:
    """What the format says that the event loses."""
    return [it for it in format_.losses if it.is_lost(sent.event, sent.links)]


@pytest.mark.parametrize("name", WRITABLE)
@given(data=st.data())
def test_what_is_not_declared_as_lost_comes_back_and_what_is_counted_as_lost_does_not(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    events, format_ = data.draw(outgoing()), format_named(name)

    came = read_back(format_, events, tmp_path_factory.mktemp("out") / "file")

    for sent, back in paired(events, came):
        missed, losses = set(differing(sent, back)), losses_of(format_, sent)
        excused = {aspect for loss in losses for aspect in loss.aspects}
        if is_from(format_, sent):
            excused.add("source_json")
        assert missed <= excused
        assert all(missed & set(loss.aspects) for loss in losses)


@pytest.mark.parametrize("name", WRITABLE)
def test_every_loss_is_named_once_and_says_what_differs(name: str) -> None:
    losses = format_named(name).losses

    assert len({it.name for it in losses}) == len(losses)
    assert all(it.what and it.aspects for it in losses)
