"""Every text that a person reads comes through the door of its layer, and a template holds it."""

from pathlib import Path
from string import Formatter

import pytest

from resources.words import LAYERS, ROOT, NotLiteral, collected, messages_of, template
from tests.stilted_turns import MOST_WORDS, stilted
from tests.unspoken import unspoken
from tests.unspoken_exceptions import SINGLE, WHOLE

PLAIN = ("gui", "replay", "store")  # layers whose every message was read
BEGINNING = 50  # characters by which an exception names a text


def test_no_text_of_the_program_passes_by_the_door() -> None:
    found = {str(file): texts for file in _files() if (texts := list(_unexpected(file)))}

    assert found == {}


def test_every_exception_is_still_there() -> None:
    for texts_of in SINGLE:
        for file, texts in texts_of.items():
            said = {text[:BEGINNING] for _, text in unspoken((ROOT / file).read_text("utf-8"))}
            assert set(texts) <= said, file


@pytest.mark.parametrize(
    "source",
    [
        'raise StoreError("the store is gone")',
        'raise StoreError(f"no stream {name!r}")',
        'button = QPushButton("Open")',
        'label.setToolTip("x of y")',
        'parser.add_argument("--at", help="position")',
        'TITLES = ("Name of it", "Time of it")',
        'words = said("{what} of it", what="a stream")',
        'return f"{count} events" if count else "no events"',
        "menu.addAction(f\"Copy {'row' if one else 'all rows'}\")",
    ],
)
def test_a_text_that_passes_by_the_door_is_noticed(source: str) -> None:
    assert list(unspoken(source))


@pytest.mark.parametrize(
    "source",
    [
        'raise StoreError(said("the store is gone"))',
        'raise StoreError(said("no stream {name!r}", name=name))',
        'words = counted("1 event", "{count:,} events", count)',
        'SQL = "SELECT a FROM b WHERE c"',
        'if text == "not read": pass',
        '"""A module says this of itself."""',
        'widget.setProperty("role", "Dim text")',
        'self._tasks.latest("event types", query)',
        'raise LookupError("no such panel")',
    ],
)
def test_what_nobody_reads_or_is_said_is_left_alone(source: str) -> None:
    assert list(unspoken(source)) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_a_template_holds_every_message_of_a_layer_with_names_for_its_values(layer: str) -> None:
    found = collected(LAYERS[layer])

    assert len(found) > 400
    for message in found:
        for form in (message.text, message.many) if message.has_values else ():
            names = [name for _, name, _, _ in Formatter().parse(form) if name is not None]
            assert all(name and name[0].isalpha() for name in names), form


def test_a_template_is_text_in_the_format_of_gettext() -> None:
    message = dict.fromkeys(item for _, item in messages_of('said("say \\"{a}\\"\\n", a=1)'))

    assert template({it: ["a.py:1"] for it in message}).endswith(
        '#: a.py:1\n#, python-brace-format\nmsgid "say \\"{a}\\"\\n"\nmsgstr ""\n'
    )


def test_a_message_that_is_put_together_is_refused() -> None:
    with pytest.raises(NotLiteral):
        list(messages_of("said(text)"))


@pytest.mark.parametrize("layer", PLAIN)
def test_every_message_is_plain_english_in_short_sentences(layer: str) -> None:
    found = {
        f"{places[0]}: {form}": wrong
        for message, places in collected(LAYERS[layer]).items()
        for form in (message.text, message.many)
        if (wrong := list(stilted(form)))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("They part at {position:,}", ["'part at' → first differ at"]),
        ("the chosen stream. Nobody keeps the views", ["nobody keeps", "chosen"]),
        ("word " * (MOST_WORDS + 1), [f"{MOST_WORDS + 1} words"]),
        ("{stream} is paused. " + "word " * MOST_WORDS, []),
    ],
)
def test_a_stilted_turn_and_a_long_sentence_are_noticed(text: str, told: list[str]) -> None:
    found = list(stilted(text))

    assert len(found) == len(told)
    assert all(any(one in it for it in found) for one in told)


def _files() -> list[Path]:
    paths = [ROOT / it for layer in LAYERS.values() for it in layer]
    found = [file for it in paths for file in ([it] if it.is_file() else sorted(it.rglob("*.py")))]
    return [it.relative_to(ROOT) for it in found if not _name(it).startswith(tuple(WHOLE))]


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _unexpected(file: Path) -> list[tuple[int, str]]:
    allowed = {text for texts_of in SINGLE for text in texts_of.get(file.as_posix(), ())}
    found = unspoken((ROOT / file).read_text("utf-8"))
    return [(line, text) for line, text in found if text[:BEGINNING] not in allowed]
