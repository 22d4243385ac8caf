"""The starting point of a model of one's own, and of its test."""

from string import Template
from typing import Final

MODEL: Final = Template('''"""$title: say here what streams of this kind are about."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from replay.typed_model import Command, Event, Refused, Situation, State, TypedModel


# 1. What can have happened, in the past tense. The class's name is the event's type in the log.
class ${name}Opened(Event, frozen=True):
    """It exists now."""

    id: str


class ${name}Counted(Event, frozen=True):
    """There is more of it."""

    by: int


# 2. What is known after some events.
class $name(State, frozen=True):
    """The state; every field needs a value to begin with."""

    id: str = ""
    total: int = 0


# 3. What people can ask for. Titles become labels, docstrings help, Meta the checks.
class Open$name(Command, frozen=True):
    """Begin one."""

    id: Annotated[str, Meta(title="Name", min_length=1)]


class Count$name(Command, frozen=True):
    """Add to it."""

    id: Annotated[str, Meta(title="Name", extra_json_schema={"x-choices": "$category"})]
    by: Annotated[int, Meta(title="By", ge=1, description="how many more")]


# 4. What an event does to the state. It never refuses: what is recorded has happened.
def evolve(state: $name, event: Event) -> $name:
    match event:
        case ${name}Opened():
            return replace(state, id=event.id)
        case ${name}Counted():
            return replace(state, total=state.total + event.by)
    return state


# 5. What a command leads to: events, or a refusal that names its rule and says why.
def decide(state: $name, command: Command, situation: Situation) -> Sequence[Event]:
    match command:
        case Open$name():
            if state.id:
                raise Refused("opened once", f"{state.id} is there already.")
            return [${name}Opened(id=command.id)]
        case Count$name():
            if not state.id:
                raise Refused("opened first", f"{command.id} was never opened.")
            return [${name}Counted(by=command.by)]
    raise TypeError(f"no such command: {type(command).__name__}")


# 6. When the past is corrected: the events from the state now to the one that should be.
def correct(now: $name, should_be: $name) -> Sequence[Event]:
    by = should_be.total - now.total
    return [${name}Counted(by=by)] if by else []


MODEL = TypedModel(
    name="$category",
    title="$title",
    version=1,  # of its meaning; snapshots notice by themselves when its code changes
    category="$category",  # its streams are named $category-…
    state=$name,
    events=(${name}Opened, ${name}Counted),
    commands=(Open$name, Count$name),
    evolve=evolve,
    decide=decide,
    stream_of=lambda command: f"$category-{command.id}",
    correct=correct,
    invariants={"never negative": lambda state: state.total >= 0},
    meaning={${name}Counted: ("by",)},  # a change of these values needs a new type
)
''')

TEST: Final = Template('''"""$title: given some events, when a command comes, then what?"""

import pytest

from $module import MODEL, Count$name, Open$name, ${name}Counted, ${name}Opened
from replay.typed_model import Refused


def given(*events):
    state = MODEL.initial()
    for event in events:
        state = MODEL.evolve(state, event)
    return state


def test_what_was_opened_can_be_counted():
    state = given(${name}Opened(id="a"), ${name}Counted(by=2))

    assert MODEL.decide(state, Count$name(id="a", by=3), None) == [${name}Counted(by=3)]
    assert state.total == 2


def test_what_was_never_opened_cannot_be_counted():
    with pytest.raises(Refused, match="never opened"):
        MODEL.decide(given(), Count$name(id="a", by=1), None)


def test_a_count_that_was_wrong_is_corrected_by_the_difference():
    assert MODEL.correct(given(${name}Counted(by=20)), given(${name}Counted(by=2))) == [
        ${name}Counted(by=-18)
    ]


def test_it_is_opened_once():
    with pytest.raises(Refused, match="there already"):
        MODEL.decide(given(${name}Opened(id="a")), Open$name(id="a"), None)
''')


def files_for(name: str) -> dict[str, str]:
    """File name → text, for a model called `name` (letters and digits, a letter first)."""
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in name).split()
    module = "_".join(words).lower()
    facts = {
        "name": "".join(word[:1].upper() + word[1:] for word in words),
        "title": " ".join(words).capitalize(),
        "category": module.replace("_", ""),
        "module": module,
    }
    return {
        f"{module}.py": MODEL.substitute(facts),
        f"test_{module}.py": TEST.substitute(facts),
    }
