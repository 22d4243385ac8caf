"""A history that `git fast-export --all --show-original-ids` wrote: one event a commit.

A commit lies in the stream of its branch, `branch/NAME`, and is linked into the stream of each file
that it changes, `file/PATH`, so both are there without a second copy. It happened when its author
wrote it and was recorded when it was committed; its first parent caused it. What files held stays
out. With the choice streams=path each change of a file is an event, in the stream of that file, and
the commit is what they belong to; a commit without any stays one event. Commits stand in the
stream's order, parents before children, which is not that of time.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import structs

from store import json_text
from store.reading.commit_ids import CommitIds
from store.reading.fast_export import Commit, FastExport
from store.reading.fields import Unusable, quoted
from store.reading.format import Choice, Format, Options, Record, Rejected
from store.reading.identity import minted_id
from store.reading.json_members import json_object
from store.reading.json_records import RawRecord
from store.reading.remarks import Skipped
from store.reading.signs import Text
from store.reading.source import Source
from store.reading.stated_event import StatedEvent, incoming
from store.reading.stated_times import StatedTimes
from store.times import Moment
from store.words import counted, said

NAME: Final = "git-fast-export"
STREAMS: Final = "streams"  # the choice, and its values
BY_BRANCH: Final = "branch"
BY_PATH: Final = "path"
PEOPLE_KEPT: Final = 1_024
ZONES_KEPT: Final = 256
REFS_KEPT: Final = 1_024
DAYS_KEPT: Final = 4_096
_EPOCH: Final = date(1970, 1, 1)
_USUAL_S: Final = 4_102_444_800  # up to the year 2100
_WHO: Final = re.compile(rb"(.*?) ?<([^>]*)> (-?\d+) ([+-]\d{4})$")
_ESCAPE: Final = re.compile(rb'\\([0-7]{3}|[abfnrtv"\\])')
_LETTERS: Final = dict(zip(b'abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))
_REF: Final = re.compile(r"^refs/(heads|tags|remotes)/")
_CHANGES: Final = {b"M": "modified", b"D": "deleted", b"R": "renamed", b"C": "copied"}


def read(source: Source) -> Iterator[Record]:
    """Every commit, or every change of a file; tags and resets are told."""
    export, ids = FastExport(source.pieces(), source.path), CommitIds(source.scratch())
    is_by_path = source.choices.get(STREAMS) == BY_PATH
    for commit in export.commits():
        record = RawRecord(commit.number, commit.offset, b"")
        try:
            stated = _stated(commit, ids)
            id_ = stated.id or minted_id(*stated.key)
            ids.add(commit.mark or commit.oid, id_)
            if is_by_path and (changes := _by_path(commit, stated, id_)):
                yield from [incoming(record, it) for it in changes]
            else:
                yield incoming(record, stated)
        except Unusable as reason:
            yield Rejected(line=commit.number, offset=commit.offset, reason=str(reason))
    if export.others:
        text = said(
            "{others} and branch resets",
            others=counted("{count:,} tag", "{count:,} tags", export.others),
        )
        yield Skipped(kind="relations", text=text, count=export.others)


def _stated(commit: Commit, ids: CommitIds) -> StatedEvent:
    author, written = _person(commit.author or commit.committer, "author")
    _, committed = _person(commit.committer, "committer")
    message = _text(commit.message, commit.encoding)
    paths, changes = _changes(commit.changes)
    parents = [ids.of(it) for it in commit.parents]
    metadata = {"user": quoted(author.email or author.name)}
    if parents:
        metadata["causation_id"] = quoted(parents[0])
    return StatedEvent(
        stream=_stream_of(commit.ref),
        type="Merged" if len(parents) > 1 else "Committed",
        id=commit.oid.decode("ascii", "replace") or None,
        key=() if commit.oid else _key(commit, author, written.text, committed.text, message),
        data=(
            f'{{"message":{quoted(message)},"author":{author.as_json},'
            f'"changes":{changes},"parents":{json_text.encode(parents)}}}'
        ),
        metadata=metadata,
        times=StatedTimes(
            *(*written.moment, *committed.moment, written.text, committed.text),
            has_naive=False,
            is_exact=False,
            is_unlike=True,
        ),
        links=tuple([f"file/{path}" for path in paths]),
        has_unique_keys=True,
    )


def _key(
    commit: Commit, author: "_Author", written: str, committed: str, message: str
) -> tuple[str, ...]:
    """What names a commit of which git's own id is not told."""
    committer, _ = _person(commit.committer, "committer")
    return (NAME, committed, committer.email, written, author.email, message)


def _by_path(commit: Commit, stated: StatedEvent, id_: str) -> list[StatedEvent]:
    """An event for each file that a commit changes, in the stream of that file and linked into
    that of the branch; the commit is the conversation."""
    author = _person(commit.author or commit.committer, "author")[0].as_json
    message = quoted(_text(commit.message, commit.encoding))
    found = []
    for number, line in enumerate(commit.changes):
        change = _change(line)
        if "path" not in change:
            continue
        told = {"commit": quoted(id_), "message": message, "author": author}
        before = {"from": quoted(change["from"])} if "from" in change else {}
        was = (f"file/{change['from']}",) if "from" in change else ()
        found.append(
            structs.replace(
                stated,
                stream=f"file/{change['path']}",
                type=f"File{change['change'].capitalize()}",
                id=None,
                key=(NAME, id_, number, change["path"]),
                data=json_object({**before, **told}),
                metadata={**stated.metadata, "correlation_id": quoted(id_)},
                links=(stated.stream, *was),
            )
        )
    return found


class _Author(NamedTuple):
    name: str
    email: str
    as_json: str


class _At(NamedTuple):
    """A time of git's, which has whole seconds: its text is not ours."""

    moment: Moment
    text: str


def _person(line: bytes, what: str) -> tuple[_Author, _At]:
    """Who it was, and when."""
    found = _WHO.match(line)
    if found is None:
        raise Unusable(said("the commit has no {what} with a time", what=what))
    try:
        zone = _zone(found[4])
        seconds = int(found[3])
        text = _written(seconds, zone)
    except (OverflowError, ValueError, OSError):
        raise Unusable(said("the time of the {what} is outside the calendar", what=what)) from None
    return _known(found[1], found[2]), _At(Moment(seconds * 1_000_000, zone.offset_min), text)


@lru_cache(PEOPLE_KEPT)
def _known(name: bytes, email: bytes) -> _Author:
    who = {"name": _text(name), "email": _text(email)}
    return _Author(**who, as_json=json_text.encode(who))


class _Zone(NamedTuple):
    offset_min: int
    zone: timezone
    text: str  # "+01:00"


def _written(seconds: int, at: _Zone) -> str:
    """A time as `datetime.isoformat` writes it; of the usual ones the date is remembered."""
    if not 0 <= seconds < _USUAL_S:
        return datetime.fromtimestamp(seconds, at.zone).isoformat()
    day, second = divmod(seconds + at.offset_min * 60, 86_400)
    clock = f"{second // 3_600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return f"{_date(day)}T{clock}{at.text}"


@lru_cache(DAYS_KEPT)
def _date(day: int) -> str:
    """Of a number of days since 1970."""
    return (_EPOCH + timedelta(days=day)).isoformat()


@lru_cache(REFS_KEPT)
def _stream_of(ref: bytes) -> str:
    """The stream of a branch."""
    return f"branch/{_REF.sub('', _text(ref))}"


@lru_cache(ZONES_KEPT)
def _zone(stated: bytes) -> _Zone:
    offset_min = int(stated[1:3]) * 60 + int(stated[3:])
    if stated[:1] == b"-":
        offset_min = -offset_min
    zone = timezone(timedelta(minutes=offset_min))
    hours, minutes = divmod(abs(offset_min), 60)
    return _Zone(offset_min, zone, f"{'-' if offset_min < 0 else '+'}{hours:02}:{minutes:02}")


def _text(content: bytes, encoding: bytes = b"utf-8") -> str:
    """Bytes that a commit says are of an encoding; what does not fit is marked."""
    if encoding == b"utf-8":
        return content.decode("utf-8", "replace")
    try:
        return content.decode(encoding.decode("ascii", "replace"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _changes(lines: list[bytes]) -> tuple[list[str], str]:
    """The paths of a commit, each once and in order, and its changes as JSON."""
    if len(lines) == 1 and (path := _plain_path(lines[0])) is not None:
        return [path], f'[{{"change":"modified","path":{quoted(path)}}}]'
    changes = [_change(it) for it in lines]
    paths = {it[name] for it in changes for name in ("from", "path") if name in it}
    return sorted(paths), json_text.encode(changes)


def _plain_path(line: bytes) -> str | None:
    """The path of a file that is added or changed, where that stands as it is."""
    plain = line.split(b" ", 3)
    is_plain = plain[0] == b"M" and len(plain) == 4 and plain[3][:1] != b'"'
    return _text(plain[3]) if is_plain else None


def _change(line: bytes) -> dict[str, str]:
    word = line[:1]
    paths = _paths(line)
    if not paths:
        return {"change": "all deleted"}
    if word in b"RC":
        return {"change": _CHANGES[word], "from": paths[0], "path": paths[-1]}
    return {"change": _CHANGES[word], "path": paths[0]}


def _paths(line: bytes) -> list[str]:
    """The paths of a file command; both of a renaming."""
    plain = _plain_path(line)
    if plain is not None:
        return [plain]
    word, _, rest = line.partition(b" ")
    if word == b"M":
        rest = rest.split(b" ", 2)[-1]
    if word in (b"M", b"D"):
        return [_path(rest)[0]]
    if word in (b"R", b"C"):
        first, rest = _path(rest, ends_at_blank=True)
        return [first, _path(rest)[0]]
    return []


def _path(text: bytes, *, ends_at_blank: bool = False) -> tuple[str, bytes]:
    """A path, quoted in the manner of C or plain, and what stands behind it."""
    if text.startswith(b'"'):
        end = re.compile(rb'"(?:[^"\\]|\\.)*"').match(text)
        if end is None:
            raise Unusable(said("a quoted path is not closed"))
        return _text(_ESCAPE.sub(_unescaped, end.group()[1:-1])), text[end.end() + 1 :]
    if ends_at_blank:
        first, _, rest = text.partition(b" ")
        return _text(first), rest
    return _text(text), b""


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8) & 0xFF]) if len(sign) == 3 else bytes([_LETTERS[sign[0]]])


def _streams(_source: Source) -> Options:
    return Options(values=(BY_BRANCH, BY_PATH), default=BY_BRANCH)


FORMAT: Final = Format(
    name=NAME,
    title=said("Git history, git fast-export"),
    suffixes=(".fast-export",),
    signs=(Text(starts=(b"feature ", b"blob\n", b"reset refs/", b"commit refs/")),),
    read=read,
    choices=(Choice(name=STREAMS, title=said("Streams are"), options=_streams),),
)
