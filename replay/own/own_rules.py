"""The view of broken rules where a log is read with models of a person's own, or of a package.

Those models run in a process of their own (`rules_worker`), so their invariants stand among the
rules, and a kept rule asks the states of their streams. What raises there is told as in any log. An
event that ends the process, or at which it hangs, is folded once more without those models: its
stream has no state from there on, and that is told. After a few of those they are left alone. Where
the file is not trusted, the payloads of its streams are merged, and the rules' remarks say so.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from msgspec import MsgspecError

from replay.children.command import RULES_WORKER
from replay.own import own_models, own_process
from replay.own.installed_models import entries, made_of
from replay.own.own_messages import Asked, Done, Fold, Loaded, Value
from replay.own.own_process import OwnFailed, OwnProcess, failure_there
from replay.own.own_states import LOADING, LOSSES
from replay.own.own_writer import BUDGET_S, EVENTS_PER_FOLD, some
from replay.own.rules_messages import kept_in, tell, values_of
from replay.own.user_models import Trust, digest
from replay.rules import kept_rules
from replay.rules.rule import Rule
from replay.rules.rules_tables import NAME, RulesTables
from replay.rules.rules_view import rules_view
from replay.rules.stream_rules import StoredStream
from replay.taught.teaching import teaching_of
from replay.view_version import ViewVersion
from replay.views.failure import Failure
from replay.views.sink import Flushed, Mark
from replay.views.sqlite_sink import note, refusing, savepoint
from replay.views.view import View
from replay.words import said
from store.events import RecordedEvent
from store.place import Place


def own_rules_view(place: Place, trust: Trust | None = None) -> View:
    """The view for a log whose latest states are own (own_states.is_own). Nothing of a person's own
    is run here. Raises WrongModels, WrongRule."""
    rules, found = kept_rules.load(place), own_models.of(place)
    known = rules_view(rules, teaching=teaching_of(place))
    path = None if found is None else (trust or Trust()).as_trusted(Path(found.path))
    if path is None and not entries():
        return known
    sha256 = "" if path is None else digest(path)
    return replace(
        known,
        definition=_definition(known.definition, sha256, *made_of()),
        is_apart=True,
        reads_texts=False,
        events_per_take=EVENTS_PER_FOLD,
        any_category=frozenset(),
        writer=lambda db, version: OwnRulesWriter(
            db,
            version,
            rules,
            OwnProcess(path, sha256, worker=RULES_WORKER, further=[place.text]),
        ),
    )


class OwnRulesWriter:
    """Writes what the process says of rules: a ViewWriter whose code is elsewhere.

    `take` may stop before the last event. Where the process is lost the request is folded again.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        version: ViewVersion,
        rules: Sequence[Rule],
        process: OwnProcess,
    ) -> None:
        self._db, self._version, self._rules, self._process = db, version, rules, process
        self._tables = RulesTables(db, version)
        self._spared: dict[int, str] = {}  # position → why no own model is run at that event
        self._spares = ""  # why none is run at any; empty when they are
        self._kept: dict[str, StoredStream] = {}
        self._loaded: Loaded | None = None
        self._is_fresh = True

    @property
    def has_failed(self) -> bool:
        """It raises at once."""
        return False

    def end_when(self, is_cancelled: Callable[[], bool]) -> None:
        """From now on `take` raises Cancelled when this is so, even amid an event."""
        self._process.is_cancelled = is_cancelled

    def take(self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]) -> int:
        """Fold events in; returns the position it has come to. Raises OwnFailed when the models
        cannot be loaded, or the fault is not theirs; NoProcess."""
        part = some(events)
        self._loaded = self._process.loaded(part[0].position)
        wanted = self._concerned(part, links)
        if not wanted:
            return part[-1].position
        done = self._fold(wanted, links)
        by_position = {it.position: it for it in wanted}
        try:
            for it in done:
                for write in it.writes:
                    tell(write, by_position[it.position], self._tables)
            self._kept.update((it.key, kept_in(it)) for it in done[-1].lookup)
        except (MsgspecError, ValueError, RecursionError) as error:
            self._process.close()  # what else it has said is of no more worth
            raise OwnFailed("WrongRow", str(error), position=part[0].position) from error
        return part[-1].position if len(done) == len(wanted) else wanted[len(done)].position - 1

    def failure(self, error: Exception) -> Failure:
        """What `take` has raised; where, as its process says."""
        return failure_there(error)

    def flush(self, until: Mark) -> Flushed:
        """Write what was said, with the checkpoint."""
        named = () if self._loaded is None else self._loaded.invariants
        with savepoint(self._db):
            with refusing():
                done = self._tables.flush(self._kept.items(), named)
            note(self._db, self._version, until, rows=done.rows, writes=done.writes)
        self._kept = {}
        return done

    def forget(self) -> None:
        """Drop everything that is not in the tables."""
        self._tables.forget()
        self._kept, self._loaded = {}, None
        self._is_fresh = True

    def close(self) -> None:
        """End the process."""
        self._process.close()

    def _concerned(
        self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]
    ) -> Sequence[RecordedEvent]:
        """Those that a rule or an invariant may be about."""
        named = () if self._loaded is None else self._loaded.invariants
        categories = {*(it.of for it in self._rules), *(it.of for it in named)}
        begin = tuple(f"{it}-" if it else "" for it in categories)
        return [
            it
            for it in events
            if it.stream.startswith(begin)
            or any(stream.startswith(begin) for stream in links.get(it.position, ()))
        ]

    def _fold(
        self, events: Sequence[RecordedEvent], links: dict[int, tuple[str, ...]]
    ) -> Sequence[Done]:
        while True:
            is_fresh = self._is_fresh or not self._process.is_running
            request = Fold(
                view=NAME,
                events=events,
                links={it.position: links[it.position] for it in events if it.position in links},
                is_fresh=is_fresh,
                is_empty=is_fresh and not self._kept and not self._tables.has_streams(),
                is_careful=False,
                budget_s=BUDGET_S,
                limit_s=own_process.LIMIT_S,
                spared=self._spared,
                spares=self._spares,
            )
            self._is_fresh = False
            folded = self._process.fold(request, self._find)
            if folded.failure is None:
                return folded.done
            self._spare(folded.failure)

    def _spare(self, failed: OwnFailed) -> None:
        """The event is folded without own models from now on."""
        if failed.kind == LOADING or failed.position in self._spared or self._spares:
            raise failed
        self._is_fresh = True  # what came of the events before it was never kept
        self._spared[failed.position] = said("the model failed: {failed}", failed=failed)
        if len(self._spared) >= LOSSES:
            self._spares = said(
                "its models crashed {losses} times: {failed}",
                losses=LOSSES,
                failed=failed,
            )

    def _find(self, asked: Asked) -> list[Value] | None:
        stream = str(asked.key)
        found = self._kept.get(stream) or self._tables.stored(stream)
        return None if found is None else values_of(found)


def _definition(*facts: str) -> str:
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogatepass")).hexdigest()
