"""The process in which standing rules are folded by models of a person's own, and of packages:
python -P -m replay.own.rules_worker FILE=SHA256 MARKER PLACE. Without a file the first is empty;
what is asked are the rules kept for the log at PLACE, and the invariants of the models.

It says of each event what became of rules, and with the last one of a request what is to be kept of
the streams: where a model ends the process before that, the request is folded again.
"""

import sys
from functools import partial
from typing import Any, Final

from replay.own.own_messages import Asked, Done, Fold, Loaded
from replay.own.own_worker import Ask, Prepared, run
from replay.own.rules_messages import Broken, Kind, Mended, Problem, Told, kept_as, written
from replay.own.worker_models import models_with
from replay.rules import kept_rules
from replay.rules.rule import invariants_of
from replay.rules.rule_book import RuleBook
from replay.rules.stream_rules import StoredStream, StreamRules
from replay.rules.stream_run import Happened
from replay.taught.teaching import teaching_of
from store.events import RecordedEvent
from store.place import place_of

STREAMS_CACHED: Final = 50_000
TEXT_CACHED: Final = 16_000_000  # characters of JSON of states; as values they take more


class RulesFolding:
    """Folds what it is sent, and runs no own model at events that have ended the process."""

    def __init__(self, book: RuleBook, own: frozenset[str], ask: Ask) -> None:
        self._book, self._own, self._ask = book, own, ask
        self._told: list[Told] = []
        self._until = 0
        self._text_size = 0
        self._streams: dict[str, StreamRules] = {}
        self._changed: dict[str, StreamRules] = {}
        self._said: set[Any] = set()
        self._is_empty = False

    def begin(self, request: Fold) -> None:
        """Remember no stream where the parent says so."""
        self._until = request.events[-1].position
        if request.is_fresh:
            self.forget()
            self._is_empty = request.is_empty

    def fold(self, request: Fold, event: RecordedEvent) -> None:
        """Fold one event into its stream, and those that it is linked into."""
        self._told = []
        why = request.spared.get(event.position, request.spares)
        links = request.links.get(event.position, ())
        for stream in (event.stream, *(it for it in links if it != event.stream)):
            if not self._book.concerns(stream):
                continue
            it = self._streams.get(stream) or self._load(stream)
            is_spared = bool(why) and it.would_run(self._own, event)
            if it.give_up(event, self, why) if is_spared else it.take(event, self):
                self._changed[stream] = it

    def done(self, position: int, *, is_last: bool) -> Done:
        """What became of rules there; with the last event, what is to be kept."""
        entries = []
        if is_last or position == self._until:
            entries = [
                kept_as(name, it.stored())
                for name, it in self._changed.items()
                if it.was_kept or not it.is_as_if_never_begun()
            ]
            self._changed = {}
            self._text_size = sum(len(it.text or "") for it in entries)
        return Done(
            position=position,
            writes=list(map(written, self._told)),
            lookup=entries,
            is_last=is_last,
        )

    def forget(self) -> None:
        """Remember no stream, and nothing that was said."""
        self._streams, self._changed, self._said = {}, {}, set()
        self._is_empty = False

    def shrink(self) -> None:
        """Remember no stream when they are too many."""
        if len(self._streams) > STREAMS_CACHED or self._text_size > TEXT_CACHED:
            self.forget()

    def broken(self, rule: str, stream: str, _event: Happened, value: str) -> None:
        """For replay.rules.asking.Report, as the next three."""
        self._told.append(Broken(rule, stream, value))

    def mended(self, rule: str, stream: str, since: int, _event: Happened) -> None:
        """The end of a violation."""
        self._told.append(Mended(rule, stream, since))

    def problem(self, rule: str, stream: str, _position: int, what: str) -> None:
        """Only the first of a rule and a stream is said."""
        self._say_once((rule, stream), Problem(rule, stream, what))

    def kind(self, rule: str, path: str, kind: str, stream: str, _event: Happened) -> None:
        """Only the first of its kind is said."""
        self._say_once((rule, path, kind), Kind(rule, path, kind, stream))

    def _say_once(self, key: tuple[str, ...], told: Told) -> None:
        if key not in self._said:
            self._said.add(key)
            self._told.append(told)

    def _load(self, stream: str) -> StreamRules:
        found = None if self._is_empty else self._ask(Asked(stream))
        stored = None if found is None else StoredStream(*map(str, found))
        it = self._streams[stream] = StreamRules(self._book, stream, stored)
        return it


def load(file: str, place: str) -> Prepared:
    """The rules of a log by the models of a file, PATH=SHA256, and of installed packages. Raises
    ModelFailed, NoModel, TakenName, WrongRule, and whatever the file raises."""
    found, at = models_with(file), place_of(place)
    book = RuleBook(kept_rules.load(at), found.models, teaching_of(at))
    return Prepared(
        Loaded(invariants=invariants_of(found.models)), partial(RulesFolding, book, found.own)
    )


def main(arguments: list[str]) -> int:
    """Serve until the input ends."""
    return run(lambda: load(arguments[0], arguments[2]), arguments[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
