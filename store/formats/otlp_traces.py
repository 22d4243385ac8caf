"""OpenTelemetry traces as OTLP JSON: one export request a line, `{"resourceSpans": […]}`.

A span is two events, its start and its end, and one for each event inside it. The stream is the
trace; what caused a span is its parent's start. Children are written before their parents, so all
come in by time. Numbers and times may be texts. Layout: OpenTelemetry protocol 1.x, JSON encoding.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from store.reading import fields
from store.reading.epoch_times import of_nanoseconds
from store.reading.fields import Unusable, quoted
from store.reading.format import Format, Record
from store.reading.identity import minted_id
from store.reading.inner_records import inner, stated
from store.reading.json_members import elements, json_object, members
from store.reading.json_records import RawRecord, members_of, records, rejected
from store.reading.ordered_records import OrderedRecords
from store.reading.signs import UsualKeys
from store.reading.source import Source
from store.reading.stated_event import StatedEvent
from store.words import said

NAME: Final = "otlp-traces"
STARTED, ENDED, HAPPENED = "started", "ended", "event"
_KNOWN: Final = ("traceId", "spanId", "events", "startTimeUnixNano", "endTimeUnixNano")


def read(source: Source) -> Iterator[Record]:
    """Starts, ends and inner events of all spans by time."""
    by_time = OrderedRecords(source)
    number = 0
    for request in records(source):
        try:
            for part, at, rank in _parts(request):
                number += 1
                by_time.add((at, rank, 0), RawRecord(request.number, request.offset, part))
        except Unusable as reason:
            yield rejected(request, reason)
    yield from stated(by_time.records(), _stated)


def _parts(request: RawRecord) -> Iterator[tuple[bytes, int, int]]:
    """What becomes an event, as JSON of our own, with its time in nanoseconds and its rank among
    those of one time."""
    for resource in inner(request, members_of(request), "resourceSpans"):
        of_resource = members_of(resource)
        about = of_resource.get("resource", "{}")
        for scope in inner(resource, of_resource, "scopeSpans"):
            for span in inner(scope, members_of(scope), "spans"):
                yield from _of_span(members_of(span), about)


def _of_span(span: Mapping[str, str], resource: str) -> Iterator[tuple[bytes, int, int]]:
    start, end = _nanoseconds(span, "startTimeUnixNano"), _nanoseconds(span, "endTimeUnixNano")
    common = {"trace": span.get("traceId", "null"), "span": span.get("spanId", "null")}
    stated = {name: text for name, text in span.items() if name not in _KNOWN}
    begun = {**common, "kind": quoted(STARTED), "said": json_object(stated), "resource": resource}
    yield _part(begun, start), start, 0
    for at, text in enumerate(_events(span)):
        event = dict(members(text))
        when = _nanoseconds(event, "timeUnixNano")
        held = {"said": text, "number": str(at), "name": event.get("name", '"event"')}
        yield _part({**common, "kind": quoted(HAPPENED), **held}, when), when, 1
    if end:
        ended = {"status": span.get("status", "{}"), "name": span.get("name", '""')}
        yield _part({**common, "kind": quoted(ENDED), "said": json_object(ended)}, end), end, 2


def _part(members_: Mapping[str, str], at: int) -> bytes:
    return json_object({**members_, "at": str(at)}).encode()


def _events(span: Mapping[str, str]) -> list[str]:
    try:
        return [it.text for it in elements(span.get("events", "[]"))]
    except ValueError as error:
        raise Unusable(said("events are not a list ({error})", error=error)) from None


def _nanoseconds(record: Mapping[str, str], name: str) -> int:
    digits = record.get(name, "0").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise Unusable(said("{name} is not a number of nanoseconds", name=name))
    return int(digits)


def _stated(record: RawRecord) -> StatedEvent:
    part = members_of(RawRecord(record.number, record.offset, record.text))
    trace, span = fields.required_text(part, "trace"), fields.required_text(part, "span")
    kind, at = fields.required_text(part, "kind"), int(part["at"])
    stated = dict(members(part["said"]))
    name = fields.text(part if kind == HAPPENED else stated, "name") or "span"
    place = part.get("number", "")
    resource = {"resource": part["resource"]} if part.get("resource", "{}") != "{}" else {}
    return StatedEvent(
        stream=f"trace-{trace}",
        type=name if kind == HAPPENED else f"{name} {kind}",
        key=_key(trace, span, kind, place),
        data=part["said"],
        metadata={"correlation_id": quoted(trace), **_cause(trace, span, kind, stated)},
        recorded=of_nanoseconds(at, said("the time")) if at else None,
        cursor=f"{trace}/{span}",
        beyond=resource,
    )


def _key(trace: str, span: str, kind: str, place: str) -> tuple[str | int, ...]:
    return (NAME, trace, span, kind, place)


def _cause(trace: str, span: str, kind: str, stated: Mapping[str, str]) -> dict[str, str]:
    """Of a start the start of the parent span; of the rest the start of the span itself."""
    cause = span if kind != STARTED else fields.text(stated, "parentSpanId")
    if not cause:
        return {}
    return {"causation_id": quoted(minted_id(*_key(trace, cause, STARTED, "")))}


FORMAT: Final = Format(
    name=NAME,
    title=said("OpenTelemetry traces, OTLP JSON"),
    suffixes=(".jsonl", ".json"),
    signs=(UsualKeys(names=("resourceSpans",), confidence=0.97),),
    read=read,
)
