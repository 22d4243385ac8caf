"""Small logs with everything in them that a view can stumble over."""

import random
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from msgspec import structs

from replay.catalog.all_views import all_views
from replay.views.read_store import ReadStore, open_views
from replay.views.runner import Runner
from replay.views.view import View
from store import json_text
from store.branches.store import BranchStore
from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.place import is_branch
from store.sqlite.connect import create_log, open_log
from store.sqlite.writer import Writer

START_US = 1_700_000_000_000_000
TYPES = ("Placed", "Paid", "Shipped", "Returned")
LONG = "long text " * 300


# Of what the bundled projections need; the payloads of `_heard` speak of the same ones.
DOMAINS = ("seats-1", "seattype-ga", "account-1", "conference-1", "assign-1", "payment-1")


def views_of_any_log() -> tuple[View, ...]:
    """Those that are folded whatever streams a log has."""
    return tuple(
        it
        for it in all_views()
        if not it.any_category and not (it.projection and it.projection.categories)
    )


def names_of_made_log() -> set[str]:
    """Of the views that a log of `make_log` has: there are orders in it."""
    return {it.name for it in all_views() if "order" in it.any_category} | {
        it.name for it in views_of_any_log()
    }


def make_log(
    path: Path, events: int, *, seed: int = 7, heard: frozenset[str] = frozenset()
) -> Path:
    """A log of so many events: streams that begin late, one with a big state, links, clocks that
    step back and tie, payloads that are no objects, fields that are taken away. Of the types
    `heard` among others."""
    create_log(path)
    append(path, events, seed=seed, heard=heard)
    return path


def append(path: Path, events: int, *, seed: int = 7, heard: frozenset[str] = frozenset()) -> None:
    """Put so many more events into a log, or a branch."""
    if is_branch(path):
        with closing(BranchStore(path)) as store:
            for stream, one in _made(store.head(), events, seed, heard):
                store.append(stream, [one], expected=ANY_VERSION)
        return
    db = open_log(path, writable=True)
    writer = Writer(db)
    head = db.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()[0]
    with writer.transaction():
        for stream, one in _made(head, events, seed, heard):
            writer.append_inside(stream, [one], expected=None)
    db.close()


def _made(
    head: int, events: int, seed: int, heard: frozenset[str]
) -> Iterator[tuple[str, NewEvent]]:
    chance = random.Random(seed + head)
    for n in range(head + 1, head + 1 + events):
        stream = chance.choice(["big-1", f"order-{chance.randrange(1 + n // 10)}", "order-0"])
        one = _event(n, chance)
        if heard and n % 2:
            stream = chance.choice([stream] * len(DOMAINS) + list(DOMAINS))
            one = _heard(one, heard, chance)
        yield stream, one


def heard_by(views: Iterable[View]) -> frozenset[str]:
    """The types that projections listen to which do not listen to all."""
    found = (it.projection.listens for it in views if it.projection)
    return frozenset[str]().union(*(it for it in found if it is not None))


def open_runner(log: EventReader, views: tuple[View, ...]) -> tuple[ReadStore, Runner]:
    """The views of a log, and what keeps them."""
    store = open_views(log)
    return store, Runner(store.db, log, views)


def catch_up(runner: Runner) -> None:
    """Fold until the head."""
    while runner.advance():
        continue


def _heard(one: NewEvent, heard: frozenset[str], chance: random.Random) -> NewEvent:
    """Of a type that a projection listens to; often with a payload that it can read."""
    seats = [{"seatType": "ga", "quantity": chance.randrange(-3, 4)}, "no line"]
    data = {
        "seats": seats,
        "availableSeatsChanged": seats,
        "total": 5,
        "orderId": "0",
        "conferenceId": "1",
        "owner": "Ada",
        "newOwner": "Bob",
        "amount": chance.randrange(99),
        "name": f"seat {chance.randrange(9)}",
        "lines": seats * chance.randrange(3),
    }
    readable = structs.replace(one, data_json=json_text.encode(data))
    by_place = {str(chance.randrange(3)): {"seatType": "ga", "attendee": {"first": "A"}}}
    placed = structs.replace(one, data_json=json_text.encode({"seats": by_place}))
    chosen = chance.choice([one, readable, placed])
    return structs.replace(chosen, type=chance.choice(sorted(heard)))


def _event(n: int, chance: random.Random) -> NewEvent:
    recorded_us = START_US + n * 1_000 + chance.choice([0, 0, 500, -40_000])
    links = tuple({f"item-{chance.randrange(9)}" for _ in range(chance.randrange(3))})
    return NewEvent.of(
        chance.choice(TYPES),
        chance.choice(
            [
                {"n": n, "note": LONG if n % 3 else None, f"field{n % 50}": {"a": n, "b": None}},
                {"n": n, "gone": None, "list": [n, 1.5, None], "text": "ж\u2028"},
                {"n": n},
                n if n % 97 == 0 else {"m": n},
            ]
        ),
        {"correlation_id": f"c-{n % 7}", "causation_id": f"e-{n - 1}"} if n % 3 else {},
        recorded_at_us=recorded_us,
        recorded_offset_min=60,
        occurred_at_us=recorded_us - chance.choice([0, 0, 70_000, 5_000_000]),
        links=links,
    )


def made_by(view: View, log: EventReader) -> None:
    """The view as this version of its code leaves it."""
    store, runner = open_runner(log, (view,))
    catch_up(runner)
    store.close()
