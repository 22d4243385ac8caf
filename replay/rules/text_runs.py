"""Runs of events from the texts of a page of the log: what they say is read together for all the
streams that are read alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import msgspec

from replay.rules.stream_run import Happened, Heard, Read
from replay.states.typed_run import SHAPE_IS_TOLD
from store import json_text
from store.events import Payload
from store.log_texts import LogTexts
from store.stream_texts import StreamTexts

_UNREAD: Final[Any] = object()

_decode_raw: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


class TextRun:
    """For replay.rules.stream_run.StreamRun, by where its events are on a page."""

    def __init__(self, page: "ReadPage", at: Sequence[int]) -> None:
        self.page, self.at = page, at

    def __len__(self) -> int:
        return len(self.at)

    def part(self, first: int, end: int | None = None) -> "TextRun":
        """For StreamRun, as the others."""
        return TextRun(self.page, self.at[first:end])

    def event(self, place: int) -> Heard:
        """Made of the texts."""
        return self.page.event(self.at[place])

    def happened(self, place: int) -> Happened:
        """Without what it says."""
        return self.page.happened(self.at[place])

    def position(self, place: int) -> int:
        """As recorded."""
        return self.page.positions[self.at[place]]

    def type(self, place: int) -> str:
        """As recorded."""
        return self.page.types[self.at[place]]

    def types(self) -> Sequence[str]:
        """As recorded."""
        types = self.page.types
        return [types[it] for it in self.at]

    def said(self, read: Read) -> Sequence[Any] | None:
        """Mostly read already."""
        return self.page.said(read, self.at)


class _Happened(msgspec.Struct, frozen=True, gc=False):
    position: int
    stream: str
    recorded_at_us: int


class _Heard(Payload, frozen=True, gc=False):
    recorded_at_us: int


class ReadPage:
    """The texts of a page, told apart. One thread."""

    def __init__(
        self, texts: LogTexts, raw: list[msgspec.Raw], metadata: list[msgspec.Raw]
    ) -> None:
        self.types, self.positions = texts.types, texts.positions
        self._texts = texts
        self._raw, self._metadata = raw, metadata
        self._tells_shapes = SHAPE_IS_TOLD in texts.metadata_json
        self._known: dict[Read, list[Any]] = {}
        self._is_partly_known: set[Read] = set()  # by whom not all events were read

    def runs(self, links: Mapping[int, tuple[str, ...]]) -> Mapping[str, TextRun]:
        """By the names of streams, in the order in which they come up; with linked events."""
        texts = self._texts
        if not links:
            by_home = defaultdict[int, list[int]](list)
            for at, home in enumerate(texts.homes):
                by_home[home].append(at)
            return {texts.streams[home]: TextRun(self, it) for home, it in by_home.items()}
        found = defaultdict[str, list[int]](list)
        for at, (home, position) in enumerate(zip(texts.homes, texts.positions, strict=True)):
            name = texts.streams[home]
            found[name].append(at)
            for stream in links.get(position, ()):
                if stream != name:
                    found[stream].append(at)
        return {name: TextRun(self, it) for name, it in found.items()}

    def read_together(self, read: Read, runs: Iterable[TextRun]) -> None:
        """What these say is asked for soon. Where it cannot be read so, each is read by itself."""
        at = sorted({*chain.from_iterable(it.at for it in runs)})
        said = read(self._texts_of(at))
        if said is None:
            return
        if len(at) == len(self.types):
            self._known[read] = list(said)
            return
        self._is_partly_known.add(read)
        known = self._known[read] = [_UNREAD] * len(self.types)
        for it, what in zip(at, said, strict=True):
            known[it] = what

    def known(self, read: Read) -> Sequence[Any]:
        """What was read together, at the places of the events on the page."""
        return self._known[read]

    def has_read(self, read: Read | None, at: Sequence[int]) -> bool:
        """Whether the events at these places were."""
        if read is None or read not in self._known:
            return False
        known = self._known[read]
        return read not in self._is_partly_known or all(known[it] is not _UNREAD for it in at)

    def said(self, read: Read, at: Sequence[int]) -> Sequence[Any] | None:
        """What the events at these places say."""
        if self.has_read(read, at):
            known = self._known[read]
            return [known[it] for it in at]
        return read(self._texts_of(at))

    def happened(self, at: int) -> _Happened:
        """An event as far as it is told."""
        texts = self._texts
        return _Happened(
            self.positions[at], texts.streams[texts.homes[at]], texts.recorded_at_us[at]
        )

    def event(self, at: int) -> _Heard:
        """One by itself."""
        texts = self._texts
        return _Heard(
            position=texts.positions[at],
            stream=texts.streams[texts.homes[at]],
            type=texts.types[at],
            data_json=bytes(self._raw[at]).decode(),
            metadata_json=bytes(self._metadata[at]).decode(),
            recorded_at_us=texts.recorded_at_us[at],
        )

    def _texts_of(self, at: Sequence[int]) -> StreamTexts:
        """Put together from parts of the texts; metadata only where any tells a shape."""
        is_whole = len(at) == len(self.types)
        raw = self._raw if is_whole else [self._raw[it] for it in at]
        metadata = [self._metadata[it] for it in at] if self._tells_shapes else []
        return StreamTexts(
            events=lambda: map(self.event, at),
            data_json=self._texts.data_json if is_whole else _array(raw),
            positions=range(len(at)),
            types=self.types if is_whole else [self.types[it] for it in at],
            metadata_json=_array(metadata).decode(),
            raw=raw,
        )


def read_page(texts: LogTexts) -> ReadPage | None:
    """None where a text is no JSON."""
    try:
        raw, metadata = _decode_raw(texts.data_json), _decode_raw(texts.metadata_json)
    except json_text.REFUSALS:
        return None
    is_whole = len(raw) == len(metadata) == len(texts.positions)
    return ReadPage(texts, raw, metadata) if is_whole else None


def _array(raw: Sequence[msgspec.Raw]) -> bytes:
    return b"[" + b",".join(raw) + b"]"
