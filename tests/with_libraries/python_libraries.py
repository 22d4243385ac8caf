"""Writes and reads with a library of Python, in its own environment; prints JSON.

python python_libraries.py write|read|rewrite:OUT LIBRARY FILE. It imports nothing of ours, and
nothing of ours imports it (pm4py is under the AGPL).
"""

import json
import sys
from collections.abc import Callable
from typing import Any


def main(action: str, library: str, path: str) -> Any:
    """What was written or read: a stream, a version, a type and its data, for each event."""
    if library.startswith("pm4py-"):
        return rewritten(library.removeprefix("pm4py-"), path, action.partition(":")[2])
    if library == "eventsourcing":
        from python_carts import read_carts, write_carts

        return (write_carts if action == "write" else read_carts)(path)
    programs: dict[tuple[str, str], Callable[[str], Any]] = {
        ("write", "cloudevents-python"): write_cloudevents,
        ("read", "cloudevents-python"): read_cloudevents,
    }
    return programs[action, library](path)


def write_cloudevents(path: str) -> list[dict[str, Any]]:
    """A line for each event."""
    from cloudevents.v1.conversion import to_json
    from cloudevents.v1.http import CloudEvent

    told, lines = [], []
    for n in range(1, 21):
        data, subject = {"n": n, "note": "Käse ☕"}, f"order-{n % 4}"
        attributes = {
            "type": "order.noted",
            "source": "/shop",
            "id": f"e-{n}",
            "subject": subject,
            "time": f"2026-03-14T09:41:{n:02}.921+00:00",
        }
        lines.append(to_json(CloudEvent(attributes, data)))
        told.append(_fact(subject, (n + 3) // 4, "order.noted", data))
    with open(path, "wb") as file:
        file.write(b"\n".join(lines) + b"\n")
    return told


def read_cloudevents(path: str) -> list[dict[str, Any]]:
    """Of lines, or of a batch."""
    from cloudevents.v1.http import from_json

    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = (
        json.loads(text) if text.lstrip().startswith("[") else map(json.loads, text.splitlines())
    )
    told, versions = [], dict[str, int]()
    for it in found:
        event = from_json(json.dumps(it))
        stream = event["subject"]
        versions[stream] = versions.get(stream, 0) + 1
        told.append(_fact(stream, versions[stream], event["type"], event.data))
    return told


def rewritten(name: str, path: str, out: str) -> list[str]:
    """The activities that pm4py reads; it writes them again."""
    import pm4py

    form = name.replace("-", "_")
    log = getattr(pm4py, f"read_{form}")(path)
    getattr(pm4py, f"write_{form}")(log, out)
    events = log if name == "xes" else log.events
    return [str(it) for it in events["concept:name" if name == "xes" else "ocel:activity"]]


def _fact(stream: str, version: int, type_: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"stream": stream, "version": version, "type": type_, "data": data}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
