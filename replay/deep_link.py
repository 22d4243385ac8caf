"""Links to a place in a store: `foldline://open?store=…&branch=…&at=…&stream=…&filter=…`.

A link comes from anywhere, so it is read strictly: it names a file and a place in it, and nothing
that could run or write. What a link does not say stays as it is.
"""

import re
from pathlib import Path, PurePath
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from msgspec import Struct

from replay.words import said
from store.errors import StoreError
from store.filter.typed import typed
from store.place import LOG_SUFFIX, Place, is_branch_name

SCHEME: Final = "foldline"
HOST: Final = "open"
LONGEST: Final = 8_000  # characters of a link
LONGEST_NAME: Final = 1_000  # of a stream, a view or a field
GREATEST: Final = 2**63 - 1  # a position
_NAMES: Final = ("stream", "view", "tab", "field")
_KNOWN: Final = ("store", "branch", "at", "until", *_NAMES, "filter")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_TAB: Final = re.compile(r"[a-z][a-z ]*")


class WrongLink(StoreError):
    """A text that is no link, or one that asks for what a link may not."""

    hint = said(
        "A link looks like foldline://open?store=/folder/name.foldline&at=12. "
        "Copy one from an event's menu."
    )

    def __init__(self, why: str) -> None:
        super().__init__(said("the link cannot be opened: {why}", why=why))


class Link(Struct, frozen=True, kw_only=True):
    """A place in a store. Empty texts and None are not said by the link."""

    store: str = ""  # an absolute path of a log; empty: whatever store is open
    branch: str = ""  # of that store; empty: the log itself, or whatever line of it is open
    at: int | None = None  # position of the cursor
    until: int | None = None  # end of a range that begins at `at`
    stream: str = ""  # whose state is shown
    filter: str = ""  # as a person types it: words, or a filter
    view: str = ""
    tab: str = ""  # the id of a panel
    field: str = ""  # of the state, as a person writes it


def is_link(text: str) -> bool:
    """Whether a text means to be a link, well formed or not."""
    return text.strip().lower().startswith(f"{SCHEME}:")


def link_text(link: Link) -> str:
    """The link as a person copies it. What is not Unicode in a path is kept, byte by byte."""
    given = [
        (name, str(value)) for name in _KNOWN if (value := getattr(link, name)) not in ("", None)
    ]
    parts = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogateescape'), safe='/')}"
        for name, value in given
    )
    return f"{SCHEME}://{HOST}?{parts}"


def parse_link(text: str) -> Link:
    """Read a link strictly; nothing is looked up. Raises WrongLink."""
    text = text.strip()
    if len(text) > LONGEST:
        raise WrongLink(said("it has more than {longest:,} characters", longest=LONGEST))
    if not is_link(text):
        raise WrongLink(said("it does not begin with {scheme}://", scheme=SCHEME))
    try:
        parts = urlsplit(text)
        asked = parse_qsl(
            parts.query,
            keep_blank_values=True,
            strict_parsing=bool(parts.query),
            errors="surrogateescape",
            max_num_fields=2 * len(_KNOWN),
        )
    except ValueError as error:
        raise WrongLink(said("it cannot be read ({error})", error=error)) from error
    if parts.netloc not in ("", HOST) or parts.path not in ("", "/") or parts.fragment:
        raise WrongLink(
            said("everything it says must come after {scheme}://{host}?", scheme=SCHEME, host=HOST)
        )
    names = [name for name, _ in asked]
    if unknown := next((it for it in names if it not in _KNOWN), None):
        raise WrongLink(
            said(
                "{unknown!r} is not allowed in a link; allowed are {listed}",
                unknown=unknown,
                listed=_listed(),
            )
        )
    if twice := next((it for it in names if names.count(it) > 1), None):
        raise WrongLink(said("{twice!r} is given twice", twice=twice))
    return _checked(dict(asked))


def wrong_filter(link: Link) -> str:
    """What is wrong with the filter of a link, as a sentence; empty where nothing is."""
    problem = typed(link.filter).problem
    return (
        said("the filter of the link is not valid: {problem}", problem=problem) if problem else ""
    )


def store_of(link: Link) -> Path | None:
    """The file that a link names, which is there; None when it names none. Raises WrongLink for
    anything that is not plainly a log or a branch: nothing is opened to find out."""
    if not link.store:
        return None
    path = Path(link.store)
    if not path.exists():
        raise WrongLink(said("there is no store {store}", store=link.store))
    if not path.is_file():
        raise WrongLink(said("this is not a file: {store}", store=link.store))
    return _branch_of(Place(path), link.branch) if link.branch else path


def _branch_of(log: Place, name: str) -> Path:
    found = log.branch(name)
    if not found.is_file():
        raise WrongLink(said("the store has no branch {name}: {store}", name=name, store=log.named))
    return found


def _checked(given: dict[str, str]) -> Link:
    for name, value in given.items():
        if _CONTROL.search(value):
            raise WrongLink(
                said("{name!r} contains a character that cannot be displayed", name=name)
            )
    for name in _NAMES:
        if len(given.get(name, "")) > LONGEST_NAME:
            raise WrongLink(
                said(
                    "{name!r} has more than {longest_name:,} characters",
                    name=name,
                    longest_name=LONGEST_NAME,
                )
            )
    store, branch, tab = (given.get(name, "") for name in ("store", "branch", "tab"))
    if store and (why := _why_no_store(store)):
        raise WrongLink(why)
    if branch and not is_branch_name(branch):
        raise WrongLink(said("a branch cannot have this name: {name!r}", name=branch))
    if tab and not _TAB.fullmatch(tab):
        raise WrongLink(said("there is no tab {tab!r}", tab=tab))
    at, until = _position(given, "at"), _position(given, "until")
    if until is not None and (at is None or until < at):
        raise WrongLink(said("'until' ends a range and needs an 'at' before it"))
    others = {name: given[name] for name in (*_NAMES, "filter") if name in given}
    return Link(store=store, branch=branch, at=at, until=until, **others)


def _why_no_store(store: str) -> str:
    path = PurePath(store)
    if "://" in store or store.startswith(("//", "\\\\")):
        return said("the store must be a file on this machine: {store}", store=store)
    if not path.is_absolute():
        return said("the path of the store is not absolute: {store}", store=store)
    if ".." in path.parts:
        return said("the path of the store leaves its folder: {store}", store=store)
    if path.suffix != LOG_SUFFIX:
        return said(
            "the name of a store must end with {log_suffix}: {store}",
            log_suffix=LOG_SUFFIX,
            store=store,
        )
    return ""


def _position(given: dict[str, str], name: str) -> int | None:
    if name not in given:
        return None
    text = given[name]
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= GREATEST:
        raise WrongLink(
            said(
                "{name!r} must be a position, a whole number from 1: {text!r}", name=name, text=text
            )
        )
    return int(text)


def _listed() -> str:
    return ", ".join(_KNOWN)
