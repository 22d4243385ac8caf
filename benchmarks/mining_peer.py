"""pm4py in its own environment (.venv-bench): reads, and writes again; prints JSON.

Run by benchmarks/mining.py with that environment's interpreter: it imports nothing of ours, and
nothing of ours imports it (pm4py is under the AGPL).
"""

import json
import resource
import sys
import warnings
from collections.abc import Callable
from time import perf_counter
from typing import Any, Final

import pm4py
from lxml import etree

# The standard's own schema lets no attribute be declared of two types: its examples do so as well.
BROKEN_KEYS: Final = ("objectAttributeRef", "eventAttributeRef")
XSD: Final = "{http://www.w3.org/2001/XMLSchema}keyref"


def main(action: str, format_: str, *paths: str) -> dict[str, Any]:
    """`read PATH`, or `rewrite IN OUT SCHEMA`."""
    read: Callable[[str], Any] = {
        "ocel2-json": pm4py.read_ocel2_json,
        "ocel2-xml": pm4py.read_ocel2_xml,
        "ocel2-sqlite": pm4py.read_ocel2_sqlite,
        "xes": pm4py.read_xes,
    }[format_]
    started = perf_counter()
    log = read(paths[0])
    seconds = perf_counter() - started
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    events = len(log) if format_ == "xes" else len(log.events)
    told: dict[str, Any] = {"seconds": seconds, "events": events, "peak_kib": peak_kib}
    if action == "rewrite":
        write: Callable[[Any, str], None] = {
            "ocel2-json": pm4py.write_ocel2_json,
            "ocel2-xml": pm4py.write_ocel2_xml,
            "ocel2-sqlite": pm4py.write_ocel2_sqlite,
            "xes": pm4py.write_xes,
        }[format_]
        write(log, paths[1])
        told["validity"] = _validity(format_, paths[0], paths[2])
    return told


def _validity(format_: str, path: str, schema: str) -> str:
    """By the published schema. Raises AssertionError where a document is not valid."""
    if format_ != "ocel2-xml":
        return "no schema for a validator here"
    document = etree.parse(schema)
    for it in list(document.iter(XSD)):
        if it.get("name") in BROKEN_KEYS:
            it.getparent().remove(it)
    etree.XMLSchema(document).assertValid(etree.parse(path))
    return "valid by its schema"


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    sys.stdout.write("\n" + json.dumps(main(*sys.argv[1:])) + "\n")
