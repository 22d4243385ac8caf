"""What every query store must do; those that need a server run by `make test-engines`.

The tests of a kind subclass QueryStoreContract and supply `opened`: an empty query store, each
call another connection to the same one.
"""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from replay.catalog.all_views import all_views
from replay.projection import Column
from replay.projector.catch_up import catch_up
from replay.query_store.errors import NothingStored
from replay.query_store.interface import MadeOf, QueryStore, StoredView, Version
from replay.query_store.sinker import Sinker
from replay.query_store.source import EVENTS, source_of
from replay.query_store.stored_rows import found_rows, page_at, row_at, rows_at, shown_view
from replay.query_store.version_text import key_of, place_of, rest_of, version_of
from replay.questions import view_query
from replay.views.read_store import open_views_to_read
from replay.views.row_history import Write
from replay.views.sink import WRITES_PER_EVENT, KeyValues, Mark
from store.interface import EventReader
from store.opening import open_reader
from tests.replay.logs import heard_by, make_log

Opened = Callable[[], QueryStore]
COLUMNS = (
    Column(name="id", kind="text", is_key=True),
    Column(name="count", kind="integer"),
    Column(name="share", kind="real", is_nullable=True),
    Column(name="is_open", kind="boolean"),
    Column(name="state", kind="json"),
)
EVENTS_MADE = 240
VIEWS = ["latest_states", "event_types", "priced_orders"]
ODD_KEYS = [
    "",
    " ",
    "a",
    "a\0b",
    "a b/c?d#e%20",
    "_doc",
    '"quoted" \\ and [bracketed]',
    "é",
    "e\u0301",
    "\U0001f600",
    "A",
    "z" * 2_000,
    "z" * 1_999 + "a",
    "z" * 1_999,
    "line\nbreak",
    "-1",
    "ß@12",
]
HARD_TEXTS = [
    '{"total":0.10,"big":123456789012345678901234567890,"e":1e400}',
    '{"a":1,"a":2}',
    '{"a":{"b":1},"a.b":"text"}',
    '{"when":"2024-01-01","when2":"no date"}',
    '["\\ud800",null,[[]],{}]',
    '"text"',
    "17",
    json.dumps({"deep": [[[[[{"x": {}}]]]]], "long": "word " * 9_000}),
    json.dumps({"one": "x" * 40_000}),
]


def made_of(view: str = "orders", *, log: str = "log-1", generation: int = 1) -> MadeOf:
    return MadeOf(
        log=log,
        view=view,
        title="Orders",
        definition="abc",
        generation=generation,
        columns_json=json.dumps([asdict(it) for it in COLUMNS]),
        has_history=True,
    )


def version(
    key: str = "a",
    position: int = 1,
    *,
    count: int = 1,
    until: int | None = None,
    is_deleted: bool = False,
    state: str = '{"status":"open"}',
    number: int = 0,
) -> Version:
    """`until`: the position of the event that replaced it."""
    write = Write(
        row=1,
        write=position * WRITES_PER_EVENT + number,
        is_deleted=is_deleted,
        key=(key,),
        rest=(None,) * 4 if is_deleted else (count, 0.1, 1, state),
    )
    end = None if until is None else until * WRITES_PER_EVENT
    return version_of(write, COLUMNS, until=end)


def mark(position: int) -> Mark:
    return Mark(position=position, event_id=f"event {position}")


def shown(store: QueryStore, stored: StoredView, at: int) -> list[tuple[KeyValues, int]]:
    """Key and first column of each row as of a position."""
    return [(key_of(it), rest_of(it)[0]) for it in rows_at(store, stored, at)]


class QueryStoreContract:
    @pytest.fixture
    def opened(self) -> Opened | Iterator[Opened]:
        raise NotImplementedError

    @pytest.fixture
    def store(self, opened: Opened) -> QueryStore:
        return opened()

    def test_an_empty_one_holds_no_views(self, store: QueryStore) -> None:
        assert list(store.views()) == []
        with pytest.raises(NothingStored, match="no rows of orders"):
            shown_view(store, "orders")

    def test_what_is_being_written_is_not_shown(self, store: QueryStore, opened: Opened) -> None:
        stored = store.begin(made_of())
        store.note(stored, mark(3))

        (found,) = opened().views()
        assert (found.made_of, found.position, found.is_shown) == (made_of(), 3, False)
        with pytest.raises(NothingStored, match="still being written"):
            shown_view(store, "orders")

    def test_what_was_shown_is_found_by_everybody_with_its_checkpoint(
        self, store: QueryStore, opened: Opened
    ) -> None:
        stored = store.begin(made_of())
        store.write(stored, [version("a", 2)])
        store.show(store.note(stored, mark(4)))

        found = shown_view(opened(), "orders")
        assert (found.position, found.event_id) == (4, "event 4")
        assert shown(opened(), found, 4) == [(("a",), 1)]

    def test_a_checkpoint_never_goes_back(self, store: QueryStore, opened: Opened) -> None:
        stored = store.begin(made_of())
        store.note(stored, mark(9))

        assert store.note(stored, mark(4)).position == 9
        (found,) = opened().views()
        assert (found.position, found.event_id) == (9, "event 9")

    def test_rows_come_back_byte_for_byte(self, store: QueryStore) -> None:
        written = [
            version(key, n + 1, count=n * 2**62 // 40, state=HARD_TEXTS[n % len(HARD_TEXTS)])
            for n, key in enumerate(ODD_KEYS)
        ]
        stored = store.begin(made_of())
        store.write(stored, written)
        store.note(stored, mark(99))

        found = list(rows_at(store, stored, 99))
        assert [key_of(it)[0] for it in found] == sorted(ODD_KEYS)
        by_write = sorted(found, key=lambda it: it.write)
        assert [(it.key, it.row, it.write) for it in by_write] == [
            (it.key, it.row, it.write) for it in written
        ]
        for it in written:
            one = store.row(stored, it.id, at=99)
            assert one is not None
            assert (one.key, one.row) == (it.key, it.row)

    def test_what_comes_again_or_late_changes_nothing(self, store: QueryStore) -> None:
        first, second = version("a", 2, until=5), version("a", 5, count=2)
        third = version("b", 3)
        stored = store.begin(made_of())
        assert store.write(stored, [first, second, third]) == 3

        assert store.write(stored, [third, first, second]) == 0
        store.write(stored, [version("a", 2)])  # as it was before it was replaced

        store.note(stored, mark(6))
        assert shown(store, stored, 6) == [(("a",), 2), (("b",), 1)]
        assert shown(store, stored, 4) == [(("a",), 1), (("b",), 1)]
        assert [rest_of(it)[0] for it in store.newest(stored, after=None, limit=9)] == [2, 1]

    def test_versions_in_any_order_give_the_same(self, store: QueryStore) -> None:
        chance = random.Random(5)
        ends = [1, 4, 8, None]
        versions = [
            version("a", first, count=first, until=end)
            for first, end in zip([1, 4, 8], ends[1:], strict=True)
        ]
        as_they_came = [version("a", first, count=first) for first in (1, 4, 8)]
        stored = store.begin(made_of())
        sent = [*versions, *as_they_came]
        chance.shuffle(sent)
        for it in sent:
            store.write(stored, [it])

        store.note(stored, mark(9))
        assert [shown(store, stored, at) for at in (0, 1, 3, 4, 7, 8)] == [
            [],
            [(("a",), 1)],
            [(("a",), 1)],
            [(("a",), 4)],
            [(("a",), 4)],
            [(("a",), 8)],
        ]
        assert [it.write // WRITES_PER_EVENT for it in store.written(stored, after=0, limit=9)] == [
            1,
            4,
            8,
        ]

    def test_a_deleted_row_is_gone_from_then_on_and_nothing_late_brings_it_back(
        self, store: QueryStore
    ) -> None:
        stored = store.begin(made_of())
        store.write(stored, [version("a", 2, until=5), version("a", 5, is_deleted=True)])
        store.write(stored, [version("a", 2)])
        store.note(stored, mark(6))

        assert [shown(store, stored, at) for at in (4, 5, 6)] == [[(("a",), 1)], [], []]
        (newest,) = store.newest(stored, after=None, limit=9)
        assert newest.is_deleted
        store.write(stored, [version("a", 5, is_deleted=True, until=7), version("a", 7, count=3)])
        store.note(stored, mark(8))
        assert [shown(store, stored, at) for at in (4, 6, 7)] == [
            [(("a",), 1)],
            [],
            [(("a",), 3)],
        ]

    def test_two_writes_of_a_row_by_one_event_end_with_the_last(self, store: QueryStore) -> None:
        first, second = version("a", 3), version("a", 3, count=2, number=1)
        stored = store.begin(made_of())
        store.write(stored, [structs.replace(first, until=second.write), second])
        store.note(stored, mark(3))

        assert shown(store, stored, 3) == [(("a",), 2)]
        assert shown(store, stored, 2) == []

    def test_pages_go_on_behind_a_row_whatever_is_written_meanwhile(
        self, store: QueryStore
    ) -> None:
        stored = store.begin(made_of())
        store.write(stored, [version(f"k{n:02}", 1, number=n) for n in range(25)])
        stored = store.note(stored, mark(1))

        found = list(store.rows(stored, at=1, after=None, limit=10))
        later = [version(f"k{n:02}a", 2, number=n) for n in range(25)]
        again = [version(f"k{n:02}", 2, number=40 + n, count=9) for n in range(25)]
        closed = [
            structs.replace(version(f"k{n:02}", 1, number=n), until=it.write)
            for n, it in enumerate(again)
        ]
        store.write(stored, [*closed, *later, *again])
        store.note(stored, mark(2))
        while page := store.rows(stored, at=1, after=place_of(found[-1]), limit=10):
            found += page

        assert [key_of(it)[0] for it in found] == [f"k{n:02}" for n in range(25)]
        assert {rest_of(it)[0] for it in found} == {1}

    def test_a_rebuild_takes_the_place_of_the_rows_while_they_are_read(
        self, store: QueryStore, opened: Opened
    ) -> None:
        old = store.begin(made_of())
        store.write(old, [version(f"k{n}", 1, number=n) for n in range(9)])
        store.show(store.note(old, mark(1)))
        reader = opened()
        reading = shown_view(reader, "orders")
        first = list(reader.rows(reading, at=1, after=None, limit=4))

        new = store.begin(made_of(generation=2))
        store.write(new, [version("other", 1)])
        assert shown(reader, shown_view(reader, "orders"), 1) == [((f"k{n}",), 1) for n in range(9)]
        store.show(store.note(new, mark(1)))

        rest = reader.rows(reading, at=1, after=place_of(first[-1]), limit=9)
        assert [key_of(it)[0] for it in [*first, *rest]] == [f"k{n}" for n in range(9)]
        now = shown_view(reader, "orders")
        assert (now.id, now.made_of.generation) == (new.id, 2)
        assert shown(reader, now, 1) == [(("other",), 1)]

    def test_rows_before_the_last_ones_go_with_the_next_rebuild(self, store: QueryStore) -> None:
        made = list[StoredView]()
        for generation in (1, 2, 3):
            made.append(store.begin(made_of(generation=generation)))
            store.show(made[-1])

        assert {it.id for it in store.views()} == {made[1].id, made[2].id}
        store.drop(made[1])
        store.drop(made[1])
        assert [it.id for it in store.views()] == [made[2].id]

    def test_words_are_found_in_keys_texts_and_parts_of_rows(self, store: QueryStore) -> None:
        stored = store.begin(made_of())
        texts = ['{"note":"Blue lagoon"}', '{"note":["green"]}', '{"deep":{"er":"blueberry"}}']
        store.write(stored, [version(f"k{n}", n + 1, state=it) for n, it in enumerate(texts)])
        store.write(stored, [version("k7", 7, state='{"note":"blue, late"}')])
        store.note(stored, mark(7))

        def found(words: str, at: int | None = None) -> list[object]:
            page = found_rows(store, structs.replace(stored, position=7), words, at=at, limit=9)
            return [it.key[0] for it in page.rows]

        assert found("blue") == ["k7", "k2", "k0"]
        assert found("BLUE lag") == ["k0"]
        assert found("blue", at=5) == ["k2", "k0"]
        assert found("k1") == ["k1"]
        assert found("nowhere") == []

    def test_only_one_may_write(self, store: QueryStore, opened: Opened) -> None:
        other = opened()
        assert store.claim("log-1", "me")
        assert store.claim("log-1", "me")
        assert not other.claim("log-1", "you")
        assert other.claim("log-2", "you")

        store.release("log-1", "me")
        other.release("log-1", "nobody")
        assert other.claim("log-1", "you")
        other.release("log-1", "you")
        other.release("log-2", "you")

    def test_the_rows_are_those_of_the_local_view_as_of_every_position(
        self, store: QueryStore, log: EventReader, view: str
    ) -> None:
        sink(store, log, [view, EVENTS])

        stored = shown_view(store, view)
        assert stored.position == EVENTS_MADE

        @settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
        @given(at=st.integers(0, EVENTS_MADE))
        def same(at: int) -> None:
            db = open_views_to_read(log)
            here = view_query.page(db, log, view, at=at, limit=10_000)
            there = page_at(store, stored, at=at)
            assert there.columns == here.columns
            assert there.rows == here.rows
            if here.rows:
                key = random.Random(at).choice(here.rows).key
                texts = [str(it) for it in key]
                assert row_at(store, stored, texts, at=at).rows == tuple(
                    it for it in here.rows if it.key == key
                )
            if db:
                db.close()

        same()
        events = page_at(store, shown_view(store, EVENTS))
        assert [it.values[5] for it in events.rows] == [it.id for it in log.page(1, EVENTS_MADE)]

    @pytest.fixture(params=VIEWS)
    def view(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture
    def log(self, tmp_path: Path) -> EventReader:
        heard = heard_by(all_views())
        log = open_reader(make_log(tmp_path / "shop.foldline", EVENTS_MADE, heard=heard))
        catch_up(log, only=VIEWS)
        return log


def sink(store: QueryStore, log: EventReader, names: Sequence[str]) -> None:
    """All that the local views have."""
    db = open_views_to_read(log)
    assert db is not None
    sinker = Sinker(store, log)
    sinker.claim()
    sinker.advance([source_of(db, log, it) for it in names])
    sinker.release()
    db.close()
