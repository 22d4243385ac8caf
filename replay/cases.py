"""Given these events, when this command comes, then these events or this refusal: kept as tests."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from replay.diff import diff, path_text
from replay.model_set import ModelSet
from replay.offers import Offers, Preview
from store import json_text
from store.backends.memory import MemoryStore
from store.commands import IssuedCommand
from store.errors import StoreError
from store.events import NewEvent
from store.interface import EventReader

SUFFIX: Final = "-cases.json"  # beside the log


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


def case_of(
    log: EventReader, models: ModelSet, command: IssuedCommand, *, position: int, now_us: int
) -> Case:
    """The decision on a command as of a position. Raises what a preview raises."""
    preview = Offers(log, models, clock_us=lambda: now_us).preview(command, position)
    given = sorted(
        (
            event
            for stream in dict.fromkeys((preview.stream, *preview.read))
            for event in log.read_stream(stream, until=position)
        ),
        key=lambda event: event.position,
    )
    told = preview.rule or ", ".join(type_ for type_, _ in preview.events) or "nothing"
    return Case(
        name=f"{command.type} on {preview.stream} v{preview.version}: {told}",
        given=tuple(
            {"stream": it.stream, "type": it.type, "data": it.data,
             "schema_version": it.metadata.get("schema_version", 1)}
            for it in given
        ),
        command=command.type,
        data=command.data,
        now_us=now_us,
        command_id=command.id,
        actor=command.actor,
        roles=command.roles,
        then=_then(preview),
        refusal=preview.rule,
    )  # fmt: skip


def run(case: Case, models: ModelSet) -> str:
    """Why the case does not hold any more, line by line; empty when it does."""
    store = MemoryStore(clock_us=lambda: case.now_us)
    for it in case.given:
        metadata = {"schema_version": it.get("schema_version", 1)}
        store.append(it["stream"], [NewEvent.of(it["type"], it["data"], metadata)], expected=None)
    command = IssuedCommand(
        case.command_id, case.command, "", json_text.encode(case.data), case.actor,
        tuple(case.roles), None, case.now_us, case.now_us, None, None, case.command_id,
    )  # fmt: skip
    offers = Offers(store, models, clock_us=lambda: case.now_us)
    try:
        preview = offers.preview(command, store.head())
    except StoreError as error:
        return f"the command cannot be decided on: {error}"
    if preview.rule != case.refusal:
        was, now = case.refusal or "no refusal", preview.rule or "no refusal"
        return f"refusal: was {was!r}, is {now!r} {preview.reason}".strip()
    before, after = _plain(case.then), _plain(_then(preview))
    return "\n".join(
        f"{path_text(it.path)}: was {json_text.encode(it.before)}, is {json_text.encode(it.after)}"
        for it in diff(before, after)
    )


def cases_file(log: Path) -> Path:
    """Where the cases of a log are kept."""
    return log.with_name(log.name + SUFFIX)


def load(path: Path) -> list[Case]:
    """The cases of a file; none when there is no file."""
    if not path.is_file():
        return []
    return [_case(it) for it in json_text.decode(path.read_text("utf-8"))]


def save(path: Path, cases: Sequence[Case]) -> None:
    """Write all cases."""
    path.write_text(_listed(cases) + "\n", "utf-8")


def add(path: Path, case: Case) -> None:
    """Keep one more; one of the same name is replaced."""
    save(path, [*(it for it in load(path) if it.name != case.name), case])


def as_pytest(cases: Sequence[Case], *, source: str) -> str:
    """A test file that passes as it stands, where Foldline can be imported."""
    return PYTEST.format(source=source, cases=_listed(cases))


def _listed(cases: Sequence[Case]) -> str:
    """As JSON, a case a line."""
    lines = ",\n".join(json_text.encode(asdict(it)) for it in cases)
    return f"[\n{lines}\n]"


PYTEST: Final = '''"""Saved decisions of {source}: given, when, then."""

import pytest

from replay.cases import cases_from, run
from replay.model_set import bundled_models
from store import json_text

CASES = cases_from(
    json_text.decode(r"""{cases}""")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_decision_is_still_the_same(case):
    assert run(case, bundled_models()) == ""
'''


def cases_from(facts: Sequence[dict[str, Any]]) -> list[Case]:
    """Cases out of JSON values."""
    return [_case(it) for it in facts]


def _case(facts: dict[str, Any]) -> Case:
    lists = {key: tuple(facts[key]) for key in ("given", "then", "roles")}
    return Case(**{**facts, **lists})


def _then(preview: Preview) -> tuple[dict[str, Any], ...]:
    return tuple({"type": type_, "data": data} for type_, data in preview.events)


def _plain(value: Any) -> Any:
    """As it reads after having been written."""
    return json_text.decode(json_text.encode(value))
