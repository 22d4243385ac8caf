"""What a mirror notices of how events came."""

from pathlib import Path

import pytest

from store.events import NewEvent
from store.remote import mirroring
from store.remote.address import address_of
from store.remote.delivery_watch import DeliveryWatch, Finding
from store.remote.interface import RemoteEvent
from store.remote.kind import RemoteKind
from store.remote.mirroring import mirror_remote
from tests.store.remote.memory_remote import MemoryRemote, Server


def came(*versions: int, stream: str = "s") -> list[RemoteEvent]:
    return [
        RemoteEvent(
            stream=stream,
            version=it,
            cursor=f"{stream}-{at}-{it}",
            place=f"orders/0/{at}",
            event=NewEvent(type="T", id=f"{stream}-{it}"),
        )
        for at, it in enumerate(versions)
    ]


@pytest.fixture
def told() -> list[Finding]:
    return []


@pytest.fixture
def watch(tmp_path: Path, told: list[Finding]) -> DeliveryWatch:
    return DeliveryWatch(tmp_path / "mirror.foldline", tell=told.append)


def test_what_comes_in_order_is_no_finding(watch: DeliveryWatch, told: list[Finding]) -> None:
    assert watch.look([*came(1, 2, 3), *came(1, stream="t")]) == {}
    assert (told, watch.missing) == ([], 0)


def test_each_finding_says_where_it_was_noticed(watch: DeliveryWatch, told: list[Finding]) -> None:
    noted = watch.look(came(1, 2, 2, 5, 4))

    assert [(it.kind, it.place, it.version, it.expected) for it in told] == [
        ("duplicate", "orders/0/2", 2, 3),
        ("gap", "orders/0/3", 5, 3),
        ("reordering", "orders/0/4", 4, 6),
    ]
    assert noted == {"delivery": {"duplicates": 1, "gaps": 1, "reorderings": 1}}
    assert watch.missing == 1


def test_events_without_a_version_say_nothing(watch: DeliveryWatch, told: list[Finding]) -> None:
    assert watch.look(came(0, 0, 0)) == {}
    assert told == []


def test_a_mirror_that_went_on_elsewhere_notices_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut at every place, by watches that know nothing but the mirror."""
    versions = (1, 2, 2, 5, 4, 6, 3, 9, 9)
    whole = found_by(tmp_path / "whole.foldline", [versions], monkeypatch)

    for cut in range(1, len(versions)):
        path = tmp_path / f"cut-{cut}.foldline"
        assert found_by(path, [versions[:cut], versions[cut:]], monkeypatch) == whole


def found_by(
    into: Path, parts: list[tuple[int, ...]], monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, int, int]]:
    """The findings of one mirror after another, each of what had come by then."""
    server, told = Server(), list[Finding]()
    kind = RemoteKind(
        schemes=("memory",),
        title="Memory",
        extra="memory",
        open_reader=lambda _address: MemoryRemote(server),
        open_store=lambda _address: MemoryRemote(server),
        create=lambda _address: server.identity,
    )
    monkeypatch.setattr(mirroring, "kind_of", lambda _address: kind)
    for part in parts:
        at = len(server.events)
        server.events += [
            RemoteEvent(
                stream="s",
                version=it,
                cursor=f"{at + n}",
                place=f"orders/0/{at + n}",
                event=NewEvent(type="T", id=f"s-{it}", recorded_at_us=5, recorded_offset_min=0),
            )
            for n, it in enumerate(part)
        ]
        watch = DeliveryWatch(into, tell=told.append)
        mirror_remote(address_of("memory://here"), into=into, is_endless=False, look=watch.look)
    return [(it.kind, it.version, it.expected) for it in told]
