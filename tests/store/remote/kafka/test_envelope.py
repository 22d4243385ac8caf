"""An event becomes a record of Kafka and comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from store.events import NewEvent
from store.remote.interface import RemoteEvent
from store.remote.kafka.envelope import Envelope, published

MOMENTS = st.tuples(st.integers(0, 4_000_000_000_000_000), st.sampled_from([None, 0, 60, -330]))
EVENTS = st.builds(
    lambda type_, data, metadata, source, links, recorded, occurred: NewEvent(
        type=type_,
        data_json=data,
        metadata_json=metadata,
        source_json=source,
        links=links,
        recorded_at_us=recorded[0],
        recorded_offset_min=recorded[1],
        occurred_at_us=occurred[0],
        occurred_offset_min=occurred[1],
    ),
    st.sampled_from(["Noted", "Größe"]),
    st.sampled_from(['{"n": 1}', "null", '{"a":1.50,"a":2}']),
    st.sampled_from(["{}", '{"actor":"ada"}']),
    st.sampled_from([None, '{"format":"csv"}']),
    st.sampled_from([(), ("elsewhere", "ö")]),
    MOMENTS,
    MOMENTS,
)


@given(event=EVENTS, version=st.integers(1, 10**9), cursor=st.sampled_from(["place", "own words"]))
def test_an_event_comes_back_as_it_was(event: NewEvent, version: int, cursor: str) -> None:
    cursor = f"7:{event.id}" if cursor == "place" else cursor
    sent = RemoteEvent(stream="s-ö", version=version, cursor=cursor, place="7", event=event)

    found = published(
        sent.stream.encode(), event.data_json.encode(), Envelope("shop-1").headers(sent)
    )

    assert found is not None
    assert (found.stream, found.version, found.position) == ("s-ö", version, 7)
    assert (found.store, found.cursor, found.event) == ("shop-1", cursor, event)


def test_a_record_of_somebody_else_is_none_of_ours() -> None:
    ours = Envelope("shop-1").headers(
        RemoteEvent(stream="s", version=1, cursor="c", place="1", event=NewEvent(type="T"))
    )

    assert published(b"s", b"{}", []) is None
    assert published(b"s", b"{}", [("ce_source", b"/shop"), ("ce_id", b"1")]) is None
    assert published(None, b"{}", ours) is None
    assert published(b"s", None, ours) is None
    assert published(b"s", b"\xff", ours) is None
    assert published(b"s", b"{}", [*ours, ("ce_sequence", b"first")]) is None
    assert published(b"s", b"{}", [it for it in ours if it[0] != "ce_type"]) is None
