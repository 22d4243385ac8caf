"""Given these events, when this command comes, then these events or this refusal: kept as tests."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from replay.beside_log import TextBesideLog
from replay.commands.decide import ReadRow
from replay.commands.offers import Offers, Preview, no_row
from replay.commands.outcome_words import because
from replay.own.user_models import digest
from replay.states.diff import diff, path_text
from replay.states.model_set import ModelSet
from replay.words import said
from store import json_text
from store.beside.commands import IssuedCommand
from store.errors import StoreError
from store.events import NewEvent
from store.interface import EventReader
from store.memory import MemoryStore
from store.place import Place

FILE: Final = TextBesideLog("-cases.json", what=said("the saved tests"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One saved decision. Everything it depends on is in it, the time and the ids too."""

    name: str
    given: tuple[dict[str, Any], ...]  # stream, type, data, schema_version; in order
    command: str
    data: Any
    now_us: int
    command_id: str
    actor: str
    roles: tuple[str, ...]
    then: tuple[dict[str, Any], ...]  # type, data
    refusal: str  # the rule; empty when it is not refused
    rows: tuple[dict[str, Any], ...] = ()  # of views that were read: view, key, row, checkpoint


def case_of(
    log: EventReader,
    models: ModelSet,
    command: IssuedCommand,
    *,
    position: int,
    now_us: int,
    selected: tuple[int, int] | None = None,
    row: ReadRow | None = None,
) -> Case:
    """The decision on a command as of a position. With `selected` only the events from the first
    to the last of these positions are given, as far as they are of the streams it depends on.
    Raises what a preview raises."""
    rows = _Rows(row or no_row)
    preview = Offers(log, models, clock_us=lambda: now_us, row=rows).preview(command, position)
    given = _given(log, preview, after=0, until=position)
    if selected is not None:
        given = _given(log, preview, after=selected[0] - 1, until=selected[1])
        store, rows = _holding(given, now_us), _Rows(row or no_row)
        offers = Offers(store, models, clock_us=lambda: now_us, row=rows)
        preview = offers.preview(command, store.head())
    rule = preview.refusal.rule if preview.refusal else ""
    told = rule or ", ".join(type_ for type_, _ in preview.events) or "nothing"
    return Case(
        name=f"{command.type} on {preview.stream} v{preview.version}: {told}",
        given=given,
        command=command.type,
        data=command.data,
        now_us=now_us,
        command_id=command.id,
        actor=command.actor,
        roles=command.roles,
        then=_then(preview),
        refusal=rule,
        rows=rows.read,
    )


def run(case: Case, models: ModelSet) -> str:
    """Why the case does not hold any more, line by line; empty when it does."""
    store = _holding(case.given, case.now_us)
    command = IssuedCommand(
        id=case.command_id,
        type=case.command,
        stream="",
        data_json=json_text.encode(case.data),
        actor=case.actor,
        roles=tuple(case.roles),
        expected=None,
        issued_at_us=case.now_us,
        due_at_us=case.now_us,
        expires_at_us=None,
        causation_id=None,
        correlation_id=case.command_id,
    )
    kept = _kept_rows(case)
    offers = Offers(store, models, clock_us=lambda: case.now_us, row=kept)
    try:
        preview = offers.preview(command, store.head())
    except (StoreError, LookupError) as error:
        return said("the command cannot be decided: {error}", error=error)
    rule, reason = (it.rule, it.reason) if (it := preview.refusal) else ("", "")
    if rule != case.refusal:
        return said(
            "was {refusal}; now {rule}",
            refusal=_refusal_words(case.refusal),
            rule=_refusal_words(rule, reason),
        )
    before, after = _plain(case.then), _plain(_then(preview))
    return "\n".join(
        said(
            "{path}: was {before}, now {after}",
            path=path_text(it.path),
            before=json_text.encode(it.before),
            after=json_text.encode(it.after),
        )
        for it in diff(before, after)
    )


def _refusal_words(rule: str, reason: str = "") -> str:
    if not rule:
        return said("not refused")
    return (
        said("refused: {rule}", rule=because(rule, reason))
        if reason
        else said('refused by rule "{rule}"', rule=rule)
    )


def cases_file(place: Place) -> Path:
    """Where the cases of a log are kept."""
    return FILE.path(place)


def load(path: Path) -> list[Case]:
    """The cases of a file; none when there is no file."""
    if not path.is_file():
        return []
    return [_case(it) for it in json_text.decode(path.read_text("utf-8"))]


def add(place: Place, case: Case) -> None:
    """Keep one more; one of the same name is replaced."""

    def with_it(text: str) -> str:
        kept = [_case(it) for it in json_text.decode(text)] if text else []
        return f"{_listed([*(it for it in kept if it.name != case.name), case])}\n"

    FILE.change(place, with_it)


def as_pytest(cases: Sequence[Case], *, source: str, model_files: Sequence[Path] = ()) -> str:
    """A test file that passes as it stands, where Foldline can be imported. Model files of a
    person's own are loaded from where they lie now, as they are now."""
    own = {str(it.resolve()): digest(it) for it in model_files}
    return PYTEST.format(source=source, cases=_listed(cases), own=own)


def _listed(cases: Sequence[Case]) -> str:
    """As JSON, a case a line."""
    lines = ",\n".join(json_text.encode(asdict(it)) for it in cases)
    return f"[\n{lines}\n]"


PYTEST: Final = '''"""Saved decisions of {source}: given, when, then."""

import pytest

from replay.commands.cases import cases_from, run
from replay.own.user_models import bundled_and_own
from store import json_text

MODEL_FILES = {own}  # path: SHA-256; a changed file is read by you before it is run
MODELS = bundled_and_own(MODEL_FILES)
CASES = cases_from(
    json_text.decode(r"""{cases}""")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_decision_is_still_the_same(case):
    assert run(case, MODELS) == ""
'''


def cases_from(facts: Sequence[dict[str, Any]]) -> list[Case]:
    """Cases out of JSON values."""
    return [_case(it) for it in facts]


def _case(facts: dict[str, Any]) -> Case:
    lists = {key: tuple(facts.get(key, ())) for key in ("given", "then", "roles", "rows")}
    return Case(**{**facts, **lists})


class _Rows:
    """Reads rows of views and keeps them, so that the case holds without the views."""

    def __init__(self, read: ReadRow) -> None:
        self._read = read
        self._seen: dict[tuple[str, str], dict[str, Any]] = {}

    @property
    def read(self) -> tuple[dict[str, Any], ...]:
        return tuple(self._seen.values())

    def __call__(self, view: str, key: str) -> tuple[Mapping[str, Any] | None, int]:
        found, checkpoint = self._read(view, key)
        row = None if found is None else _plain(dict(found))
        self._seen[view, key] = {"view": view, "key": key, "row": row, "checkpoint": checkpoint}
        return found, checkpoint


def _kept_rows(case: Case) -> ReadRow:
    kept = {(it["view"], it["key"]): (it["row"], it["checkpoint"]) for it in case.rows}

    def read(view: str, key: str) -> tuple[Mapping[str, Any] | None, int]:
        if (view, key) not in kept:
            raise LookupError(f"the case holds no row {key!r} of the view {view!r}")
        return kept[view, key]

    return read


def _given(
    log: EventReader, preview: Preview, *, after: int, until: int
) -> tuple[dict[str, Any], ...]:
    """The events that a decision depends on, of a part of the log, in order."""
    found = {
        event.position: event
        for stream in (preview.stream, *preview.read)
        for event in log.read_stream(stream, after=after, until=until)
    }
    return tuple(
        {
            "stream": it.stream,
            "type": it.type,
            "data": it.data,
            "schema_version": it.metadata.get("schema_version", 1),
            "links": list(log.links(it.position)),
        }
        for _, it in sorted(found.items())
    )


def _holding(given: Sequence[dict[str, Any]], now_us: int) -> MemoryStore:
    """A store of just these events."""
    store = MemoryStore(clock_us=lambda: now_us)
    for it in given:
        metadata = {"schema_version": it.get("schema_version", 1)}
        links = tuple(it.get("links", ()))
        event = NewEvent.of(it["type"], it["data"], metadata, links=links)
        store.append(it["stream"], [event], expected=None)
    return store


def _then(preview: Preview) -> tuple[dict[str, Any], ...]:
    return tuple({"type": type_, "data": data} for type_, data in preview.events)


def _plain(value: Any) -> Any:
    """As it reads after having been written."""
    return json_text.decode(json_text.encode(value))
