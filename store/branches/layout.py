"""What the edits of a branch come to: which events are taken out, and which are put in where."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct, structs

from store.branches.edits import Content, Edit
from store.branches.joined import Joined
from store.branches.places import Places
from store.events import RecordedEvent
from store.words import said


class Placed(Struct, frozen=True, kw_only=True):
    """An event that an edit has put where it stands; `origin` is where it was before, if it was
    somewhere. `arrived_us`: when it came, in microseconds since 1970 UTC."""

    event: RecordedEvent
    links: tuple[str, ...]
    arrived_us: int
    origin: int | None = None


class Layout(Struct, frozen=True, kw_only=True):
    """Of one history: `removed` by where it was, `placed` by where it is."""

    places: Places
    removed: tuple[RecordedEvent, ...]
    removed_links: dict[int, tuple[str, ...]]
    placed: tuple[Placed, ...]
    unfit: tuple[tuple[Edit, str], ...]  # edits that no longer fit, and why


def layout_of(raw: Joined, edits: Iterable[Edit]) -> Layout:
    """What the edits that are not undone do to a history. An edit that does not fit any more is
    left out and told. Raises Cancelled."""
    slots = _Slots(raw)
    unfit: list[tuple[Edit, str]] = []
    for edit in edits:
        if not edit.is_undone:
            try:
                slots.apply(edit)
            except LookupError as error:
                unfit.append((edit, str(error.args[0])))
    return slots.layout(tuple(unfit))


class _Item:
    """An event that is put somewhere, while the edits are gone through."""

    def __init__(
        self, event: RecordedEvent, links: tuple[str, ...], arrived_us: int, origin: int | None
    ) -> None:
        self.event, self.links, self.arrived_us, self.origin = event, links, arrived_us, origin
        self.slot = 0


class _Slots:
    """Events that are put in, by the position there before which they stand."""

    def __init__(self, raw: Joined) -> None:
        self._raw = raw
        self._removed: dict[int, RecordedEvent] = {}
        self._slots: dict[int, list[_Item]] = {}
        self._items: dict[str, _Item] = {}  # by id

    def apply(self, edit: Edit) -> None:
        """Raises LookupError, with a sentence, when an event that it names is not there."""
        doing: dict[str, Callable[[Edit], None]] = {
            "leave out": self._leave_out,
            "replace": self._replace,
            "decide": self._decide,
            "insert": self._insert,
            "move": self._move,
            "swap": self._swap,
        }
        doing[edit.kind](edit)

    def layout(self, unfit: tuple[tuple[Edit, str], ...]) -> Layout:
        removed = [self._removed[it] for it in sorted(self._removed)]
        taken = [it.position for it in removed]
        items, here = list[_Item](), list[int]()
        for slot in sorted(self._slots):
            before = slot - 1 - bisect_left(taken, slot)  # kept events
            for it in self._slots[slot]:
                here.append(before + len(items) + 1)
                items.append(it)
        places = Places(taken, here)
        links = self._raw.links_between(taken[0], taken[-1]) if taken else {}
        return Layout(
            places=places,
            removed=tuple(removed),
            removed_links={it: links[it] for it in taken if it in links},
            placed=tuple(_versioned(self._raw, places, removed, items)),
            unfit=unfit,
        )

    def _leave_out(self, edit: Edit) -> None:
        self._take_out(edit.target)

    def _replace(self, edit: Edit) -> None:
        item = self._loose(edit.target)
        item.event = changed(item.event, edit.content)

    def _decide(self, edit: Edit) -> None:
        item = self._loose(edit.target)
        item.event = changed(item.event, edit.content)
        item.links = _links(edit.content, item.event.stream)

    def _insert(self, edit: Edit) -> None:
        if edit.target in self._items or self._is_there(edit.target):
            raise LookupError(said("an event with the id of the new one is there by now"))
        links = _links(edit.content, edit.content.stream)
        item = _Item(new_event(edit), links, edit.at_us, None)
        self._put(item, edit)

    def _move(self, edit: Edit) -> None:
        self._require(edit.other)
        item = self._loose(edit.target)
        self._slots[item.slot].remove(item)
        item.event = changed(item.event, edit.content)
        self._put(item, edit)

    def _swap(self, edit: Edit) -> None:
        self._require(edit.other)
        one, other = self._loose(edit.target), self._loose(edit.other)
        at, to = (self._slots[it.slot].index(it) for it in (one, other))
        self._slots[one.slot][at], self._slots[other.slot][to] = other, one
        one.slot, other.slot = other.slot, one.slot

    def _require(self, event_id: str) -> None:
        if event_id and event_id not in self._items:
            self._kept(event_id)

    def _is_there(self, event_id: str) -> bool:
        found = self._raw.event_by_id(event_id)
        return found is not None and found.position not in self._removed

    def _kept(self, event_id: str) -> RecordedEvent:
        found = self._raw.event_by_id(event_id)
        if found is None or found.position in self._removed:
            raise LookupError(said("the event {id} is not there any more", id=event_id))
        return found

    def _loose(self, event_id: str) -> _Item:
        """The event as one that is put where it stands."""
        if event_id in self._items:
            return self._items[event_id]
        event = self._kept(event_id)
        self._removed[event.position] = event
        links = self._raw.links(event.position)
        arrived_us = self._raw.arrived_at_us(event.position) or event.recorded_at_us
        item = _Item(event, links, arrived_us, event.position)
        self._slots.setdefault(event.position, []).append(item)
        item.slot = event.position
        self._items[event_id] = item
        return item

    def _take_out(self, event_id: str) -> None:
        item = self._items.pop(event_id, None)
        if item is not None:
            self._slots[item.slot].remove(item)
            return
        event = self._kept(event_id)
        self._removed[event.position] = event

    def _put(self, item: _Item, edit: Edit) -> None:
        """Before another event, or at what was the end then."""
        self._items[item.event.id] = item
        other = self._items.get(edit.other)
        if other is not None:
            item.slot = other.slot
            slot = self._slots[item.slot]
            slot.insert(slot.index(other), item)
            return
        item.slot = self._kept(edit.other).position if edit.other else edit.end
        self._slots.setdefault(item.slot, []).append(item)


def changed(event: RecordedEvent, content: Content) -> RecordedEvent:
    """An event with what is given in the place of what it says; an offset goes with its time."""
    facts = {
        name: value
        for name in ("type", "data_json", "metadata_json")
        if (value := getattr(content, name)) is not None
    }
    for time in ("recorded", "occurred"):
        if (at_us := getattr(content, f"{time}_at_us")) is not None:
            facts[f"{time}_at_us"] = at_us
            facts[f"{time}_offset_min"] = getattr(content, f"{time}_offset_min")
    return structs.replace(event, **facts)


def new_event(edit: Edit) -> RecordedEvent:
    """The event that an "insert" makes, before it is known where it stands."""
    it = edit.content
    recorded_us = edit.at_us if it.recorded_at_us is None else it.recorded_at_us
    occurred_us = recorded_us if it.occurred_at_us is None else it.occurred_at_us
    offset = it.occurred_offset_min if it.occurred_at_us is not None else it.recorded_offset_min
    return RecordedEvent(
        0,
        it.stream or "",
        0,
        it.type or "",
        edit.target,
        recorded_us,
        it.recorded_offset_min,
        occurred_us,
        offset,
        it.data_json or "{}",
        it.metadata_json or "{}",
        None,
    )


def _links(content: Content, stream: str | None) -> tuple[str, ...]:
    return tuple(sorted({*content.links} - {stream}))


def _versioned(
    raw: Joined, places: Places, removed: Sequence[RecordedEvent], items: Sequence[_Item]
) -> Iterable[Placed]:
    """With positions, and versions in their streams."""
    gone: dict[str, list[int]] = {}
    for event in removed:
        gone.setdefault(event.stream, []).append(event.position)
    put: dict[str, int] = {}
    for here, it in zip(places.placed, items, strict=True):
        stream, there = it.event.stream, places.there(here)
        taken = bisect_left(gone.get(stream, []), there + 1)
        put[stream] = put.get(stream, 0) + 1
        version = raw.stream_version(stream, until=there) - taken + put[stream]
        event = structs.replace(it.event, position=here, version=version)
        yield Placed(event=event, links=it.links, arrived_us=it.arrived_us, origin=it.origin)
