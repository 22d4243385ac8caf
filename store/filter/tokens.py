"""The words of a filter text, each with its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from store.errors import WrongFilter
from store.words import said

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<open>\()|(?P<close>\))
|(?P<comma>,)|(?P<joint>&&|\|\|)|(?P<sign>==|!=|<>|<=|>=|!~|=|<|>|~)|(?P<not>!)
|(?P<word>(?:[^\s()<>=!~,"'&|]|(?<=\.)"(?:[^"\\]|\\.)*")+)""",
    re.VERBOSE | re.DOTALL,
)
_KEY: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."]+)', re.DOTALL)
_PLAIN: Final = re.compile(r"""[^\s().<>=!~,"'&|]+""")
_JOINTS: Final = {"&&": "and", "||": "or"}
KEYWORDS: Final = frozenset({"and", "or", "not", "in", "between"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word, sign or quoted text."""

    kind: str  # a group of _TOKEN, a keyword, or "end"
    text: str
    at: int  # characters from the start of the filter


def tokens(text: str) -> Iterator[Token]:
    """The tokens in order, the last of the kind "end". Raises WrongFilter."""
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            is_open = text[at] in "\"'"
            problem = (
                said("this text has no closing quote") if is_open else said("unexpected character")
            )
            raise WrongFilter(problem, text, at)
        kind, word = str(found.lastgroup), found[0]
        if kind == "joint":
            kind = _JOINTS[word]
        elif kind == "word" and word.lower() in KEYWORDS:
            kind = word.lower()
        if kind != "space":
            yield Token(kind=kind, text=word, at=at)
        at = found.end()
    yield Token(kind="end", text="", at=len(text))


def unquoted(text: str) -> str:
    """What stands between quotes; a backslash takes the next character as it is."""
    return _unescaped(text[1:-1])


def keys_of(word: str) -> tuple[str, ...] | None:
    """The keys of a path such as `data."order.id".total`; None where one is missing."""
    keys, at = list[str](), 0
    while found := _KEY.match(word, at):
        keys.append(found[2] if found[1] is None else _unescaped(found[1]))
        at = found.end()
        if at == len(word):
            return tuple(keys)
        if word[at] != ".":
            return None
        at += 1
    return None


def path_of(keys: Sequence[str]) -> str:
    """The keys as a path that `keys_of` reads: those that a word cannot hold are in quotes."""
    return ".".join(it if _PLAIN.fullmatch(it) else _quoted(it) for it in keys)


def _quoted(key: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", key) + '"'


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
