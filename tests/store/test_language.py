"""One door for every text: English without a catalogue, another language with one."""

import subprocess
import sys
from pathlib import Path

import pytest

from store.language import Door

ROOT = Path(__file__).parents[2]
ASK = """
import sys
from store import language
language.CATALOGUES = language.Path(sys.argv[1])
door = language.Door("store")
print(door.said("{count} of {total} events", count=2, total=9))
print(door.said("no store is open"))
print(door.said("{kind} is broken", kind="it"))
print(door.counted("{count} event", "{count} events", 1))
print(door.counted("{count} event", "{count} events", 3))
"""


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 events"), (1, "1 event"), (1_200, "1,200 events")]
)
def test_one_is_not_told_as_many(count: int, words: str) -> None:
    assert Door("store").counted("{count:,} event", "{count:,} events", count) == words


def test_values_are_put_in_by_name_and_a_text_without_values_keeps_its_braces() -> None:
    said = Door("store").said

    assert said("{count:,} of {total:,}", total=9_000, count=2) == "2 of 9,000"
    assert said('an object such as {"a": 1}') == 'an object such as {"a": 1}'


def test_a_catalogue_changes_order_and_plural_and_a_wrong_line_of_it_stops_nothing(
    tmp_path: Path,
) -> None:
    _compile(
        tmp_path / "de" / "LC_MESSAGES" / "foldline-store.mo",
        {
            "": "Content-Type: text/plain; charset=UTF-8\n"
            "Plural-Forms: nplurals=2; plural=(n != 1);\n",
            "{count} of {total} events": "von {total} Ereignissen {count}",
            "{kind} is broken": "{art} ist verletzt",
            "{count} event\0{count} events": "{count} Ereignis\0{count} Ereignisse",
        },
    )

    assert _spoken(tmp_path, "de") == [
        "von 9 Ereignissen 2",
        "no store is open",
        "it is broken",
        "1 Ereignis",
        "3 Ereignisse",
    ]
    assert _spoken(tmp_path, "fr")[0] == "2 of 9 events"


def test_the_pseudo_language_marks_every_message(tmp_path: Path) -> None:
    assert _spoken(tmp_path, "pseudo")[:2] == ["⟦2 of 9 events⟧", "⟦no store is open⟧"]


def _spoken(catalogues: Path, language: str) -> list[str]:
    """What a process of that language says."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(catalogues)],
        cwd=ROOT,
        env={"FOLDLINE_LANGUAGE": language, "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().splitlines()


def _compile(path: Path, messages: dict[str, str]) -> None:
    """A catalogue in the format of GNU gettext: two tables of (length, offset), then the texts."""
    path.parent.mkdir(parents=True)
    pairs = sorted((one.encode(), two.encode()) for one, two in messages.items())
    columns = [[one for one, _ in pairs], [two for _, two in pairs]]
    at = 28 + 16 * len(pairs)
    tables, texts = bytearray(), bytearray()
    for column in columns:
        for text in column:
            tables += len(text).to_bytes(4, "little") + (at + len(texts)).to_bytes(4, "little")
            texts += text + b"\0"
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 28)
    path.write_bytes(b"".join(it.to_bytes(4, "little") for it in head) + tables + texts)
