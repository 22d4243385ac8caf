"""Every text that a person reads, as templates for translators: python -m resources.words [FOLDER].

Writes `foldline-LAYER.pot` for each layer: the messages of `said` and `counted`, with the places
where they stand. A translation lies in resources/languages/LANGUAGE/LC_MESSAGES/foldline-LAYER.mo,
made from such a template with `msginit` and `msgfmt` of GNU gettext.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LAYERS: Final = {  # what speaks through the door of each layer
    "store": ("store",),
    "replay": ("replay", "resources/samples/catalog.py", "main.py"),
    "gui": ("gui",),
}
HEAD: Final = """msgid ""
msgstr ""
"Project-Id-Version: foldline\\n"
"Language: \\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


class NotLiteral(Exception):
    """A message that is put together: no template can hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text; `many` is its plural form, empty where it has none."""

    text: str
    many: str = ""
    has_values: bool = False


def messages_of(source: str) -> Iterator[tuple[int, Message]]:
    """(line, message) of every call of the door. Raises NotLiteral."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == "said":
            yield node.lineno, Message(text=_text(node.args[0]), has_values=bool(node.keywords))
        elif node.func.id == "counted":
            one, many = map(_text, node.args[:2])
            yield node.lineno, Message(text=one, many=many, has_values=True)


def collected(paths: Iterable[str]) -> dict[Message, list[str]]:
    """Where each message stands, in the order of files and lines."""
    found: dict[Message, list[str]] = {}
    for file in (file for path in paths for file in _files(ROOT / path)):
        source = file.read_text("utf-8")
        if ".words import" not in source:
            continue  # another function of that name
        for line, message in messages_of(source):
            found.setdefault(message, []).append(f"{file.relative_to(ROOT).as_posix()}:{line}")
    return found


def template(found: dict[Message, list[str]]) -> str:
    """The text of a .pot file."""
    return "\n".join([HEAD, *(_entry(message, places) for message, places in found.items())])


def main(folder: Path) -> None:
    """Write a template for each layer."""
    folder.mkdir(parents=True, exist_ok=True)
    for layer, paths in LAYERS.items():
        found = collected(paths)
        file = folder / f"foldline-{layer}.pot"
        file.write_text(template(found), "utf-8")
        print(f"{len(found):,} messages in {file}")


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise NotLiteral(f"line {node.lineno}: {ast.unparse(node)}")


def _entry(message: Message, places: list[str]) -> str:
    lines = [f"#: {' '.join(places)}"]
    lines += ["#, python-brace-format"] if message.has_values else []
    lines += [f"msgid {_quoted(message.text)}"]
    if message.many:
        lines += [f"msgid_plural {_quoted(message.many)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines += ['msgstr ""']
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "languages")
