"""Ids that are given to events."""

from uuid import RFC_4122, UUID

from store.events import NewEvent, new_event_id


def test_every_id_is_another_random_uuid_in_its_usual_text() -> None:
    ids = [new_event_id() for _ in range(2_000)]

    assert len(set(ids)) == len(ids)
    assert {(UUID(it).version, UUID(it).variant) for it in ids} == {(4, RFC_4122)}
    assert [str(UUID(it)) for it in ids] == ids
    for at in range(len(ids[0])):  # what is random varies at each place
        assert len({it[at] for it in ids}) == {14: 1, 19: 4}.get(at, 1 if ids[0][at] == "-" else 16)


def test_an_event_without_an_id_is_given_one() -> None:
    assert NewEvent(type="Placed").id != NewEvent(type="Placed").id
