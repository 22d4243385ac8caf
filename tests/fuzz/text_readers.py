"""What reads short texts: filters, moments, JSON, and the file of recorded answers."""

import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import msgspec

from store import json_text
from store.beside.answers import Answer
from store.errors import WrongFilter
from store.events import NewEvent, RecordedEvent
from store.filter.evaluate import matches
from store.filter.parse import parse
from store.opening import open_store, reading
from store.query import EventQuery
from store.reading import json_members
from store.times import format_moment, is_canonical, is_exact, parse_moment
from store.transfer.answer_file import answers_beside, read_answers
from tests.fuzz.reader import Reader, require

FILTERS = (
    b"type = OrderTotalsCalculated and data.total > 250",
    b'conferenceId = "gophercon" and not (seats.quantity < 2 or actor in (ada, bob))',
    b'stream ~ "order-*" and recorded between 2026-01-01 and 2026-02-01',
    b'data."order.id" = 7 and metadata.step != null',
    b"n between -1 and 2.50 or a not in (1, '1', true, null, 1e400)",
    b"category = s and position >= 2 and version <> 3 and id !~ 'e?*'",
    b"occurred < 2026-03-14T09:41Z or data.list = b or data.deep.er ~ *[x]*",
)
PAYLOADS = (
    *('{"n":1,"a":"1","list":["a","b",1]}', '{"n":2.50,"a":1,"total":300,"order.id":7}'),
    *('{"n":9007199254740993,"a":null,"deep":{"er":"é[x]"}}', '{"n":"1","a":true,"list":[]}'),
    *('{"n":[1,7],"deep":[{"er":1},{"er":"x"}]}', '{"n":1,"n":2}', "null", '"text"', "[1,2]"),
    *('{"n":1e400,"a":-0.0}', '{"a":"\\u0000","":{"":1}}', '{"half":"\\ud800","n":1}'),
)
MOMENTS = (
    *(b"2026-03-14T09:41:09.921000+01:00", b"2026-03-14", b"2026-03-14T09:41Z", b"20260314T0941"),
    *(b"2026-W11-6", b"2026-12-31T23:59:60.9999999z", b"2026-03-14 09:41:09 UTC", b"-00:00"),
    *(b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59.999999-23:59", b"T", b"1e9"),
)
DOCUMENTS = (
    *(b'{"a":1,"b":[1,2.50,{"c":null}],"a":"\\ud800"}', b'[1, {}, [], "x", true , 1e400]'),
    *(b'{ "a" : { "b" : "\\u0000" } }\r\n', b"[]", b"{}", b'"text"', b"-0.0", b'["a'),
)


def text_readers(work: Path) -> list[Reader]:
    """`work` is a folder for what they share."""
    log = work / "filtered.foldline"
    return [
        Reader(name="filter", seeds=lambda: FILTERS, tries=partial(_try_filter, log)),
        Reader(name="moment", seeds=lambda: MOMENTS, tries=_try_moment),
        Reader(name="json", seeds=lambda: DOCUMENTS, tries=_try_json),
        Reader(name="answers", seeds=_answers, tries=_try_answers),
    ]


def _try_filter(log: Path, data: bytes, _folder: Path, _is_close: bool) -> None:
    """The same events by SQL as by the evaluator."""
    try:
        tree = parse(data.decode("utf-8", "surrogateescape"))
    except WrongFilter as error:
        require(0 <= error.at <= len(data), "the place of a mistake is within the text")
        return
    if tree is None:
        return
    holds = matches(tree)
    meant = [it.position for it in _filtered(log) if holds(it)]
    with reading(log) as reader:
        found = [it.position for it in reader.read(EventQuery(where=tree))]
    require(found == meant, "SQL and the evaluator find the same events")


@cache
def _filtered(log: Path) -> list[RecordedEvent]:
    store = open_store(log, create=True)
    for number, text in enumerate(PAYLOADS):
        event = NewEvent(
            type="OrderTotalsCalculated" if number % 2 else "T",
            data_json=text,
            metadata_json='{"actor":"ada","step":3}' if number % 3 else "{}",
            id=f"e{number}",
        )
        stream = "order-a" if number % 2 else "s"
        store.append(stream, [event], expected=number // 2)
    found = list(store.read())
    store.close()
    return found


def _try_moment(data: bytes, _folder: Path, _is_close: bool) -> None:
    text = data.decode("utf-8", "surrogateescape")
    try:
        moment = parse_moment(text)
    except ValueError:
        return
    with suppress(OverflowError):  # a moment whose year in its own offset is none
        written = format_moment(*moment)
        require(parse_moment(written) == moment, "a moment that is written is the same one")
        require(is_exact(written, moment), "what is written gives the very text")
        require(not is_canonical(text) or written == text, "canonical texts are written so")


def _try_json(data: bytes, _folder: Path, _is_close: bool) -> None:
    text = data.decode("utf-8", "surrogatepass") if _is_text(data) else data.decode("latin-1")
    whole = _plainly(text)
    require(json_members.is_value(text) == (whole is not None), "is_value says what json says")
    if json_members.is_value(text):
        require(json_members.may_begin_a_value(text, is_whole=True), "a value may begin")
        require(json_members.is_value(json_members.one_line(text)), "one line is the same JSON")
    json_members.may_begin_a_value(text, is_whole=False)
    json_members.keys_of_beginning(text)
    with suppress(ValueError):
        names = [name for name, _ in json_members.members(text)]
        require(isinstance(whole, dict) and list(whole) == list(dict.fromkeys(names)), "names")
    with suppress(ValueError):
        found = [it.text for it in json_members.elements(text)]
        meant = [... if it is None else it for it in whole] if isinstance(whole, list) else None
        require([*map(_plainly, found)] == meant, "the elements of an array")
    with suppress(ValueError):
        decoded = json_text.decode(text)
        require(json_text.decode(json_text.encode(decoded)) == decoded, "what is written is read")


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _plainly(text: str) -> object:
    """As Python's own reader has it; None where it is no JSON, and `...` for null."""
    try:
        value = json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return ... if value is None else value


def _refuse(name: str) -> object:
    raise ValueError(name)


def _answers() -> Iterable[bytes]:
    answer = Answer(
        event_id="e-1",
        gateway="rates",
        request_json='{"of":"EUR"}',
        answer_json="1.10",
        asked_at_us=1,
    )
    line = msgspec.json.encode(answer)
    return [line, line + b"\n" + line.replace(b"e-1", b"e-2") + b"\n\n{}\n"]


def _try_answers(data: bytes, folder: Path, _is_close: bool) -> None:
    events, log = folder / "events.jsonl", folder / "log.foldline"
    open_store(log, create=True).close()
    answers_beside(events).write_bytes(data)
    new, bad = read_answers(events, log)
    require(new >= 0 <= bad, "counts are counts")
    require(read_answers(events, log) == (0, bad), "reading again adds nothing")
