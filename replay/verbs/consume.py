"""consume TOPIC --into STORE: mirror a topic of Kafka, and tell how its events came."""

import argparse
from typing import Final

from msgspec import structs

from replay.commands.authority import READ_ONLY
from replay.growing_copy import GrowingCopy, behind_of
from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.rule_arguments import add_rule_arguments, rules_of
from replay.verbs.import_ import MayNotAppend
from replay.words import counted, said
from store.place import path_of
from store.remote.address import address_of
from store.remote.delivery_watch import DeliveryWatch, Finding
from store.remote.mirroring import mirror_remote
from store.remote.topics import require_topic

HELP = said("copy the events of a topic of Kafka into a local store, and report how they came")
NAMED: Final = 100  # findings that are told one by one; all are counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The topic is only read, and no consumer group is joined. The next run goes on where this one
    ended."""
    parser.add_argument("url", metavar="URL", help=said("for example kafka://host:9092/orders"))
    parser.add_argument(
        "--into", type=path_of, metavar="STORE", required=True, help=said("made when it is missing")
    )
    parser.add_argument(
        "--follow", action="store_true", help=said("go on with what comes, until Ctrl+C")
    )
    add_rule_arguments(parser)
    parser.add_argument(
        "--role", action="append", default=[], help=said("a role of the importing account")
    )
    parser.add_argument("--json", action="store_true", help=said("one JSON object a line"))
    add_progress_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tells of each batch that was stored, of what was wrong with its delivery, and of a distance
    that lasts."""
    if READ_ONLY in arguments.role:
        raise MayNotAppend(arguments.into)
    address, rules = address_of(arguments.url), rules_of(arguments)
    require_topic(address)
    lines = ProgressLines(is_on=arguments.progress)
    told = GrowingCopy(arguments.into, is_json=arguments.json, lines=lines)
    findings = _Findings(is_json=arguments.json, is_on=not arguments.progress)
    watch = DeliveryWatch(arguments.into, tell=findings.tell)
    counts = mirror_remote(
        address,
        into=arguments.into,
        is_endless=arguments.follow,
        on_batch=told.tell_stored,
        on_distance=lambda it: told.tell_behind(behind_of(it)),
        is_ended=told.is_ended,
        look=watch.look,
        rules=rules,
    )
    told.tell_end(counts)
    findings.tell_end(watch)
    return 0


class _Findings:
    """Tells the first of them, and counts all."""

    def __init__(self, *, is_json: bool, is_on: bool) -> None:
        self._is_json, self._is_on = is_json, is_on
        self._told = 0

    def tell(self, finding: Finding) -> None:
        """One, as it is noticed."""
        self._told += 1
        if not self._is_on or self._told > NAMED:
            return
        if self._is_json:
            print_json({"finding": structs.asdict(finding)})
        else:
            print_text(_words(finding))

    def tell_end(self, watch: DeliveryWatch) -> None:
        """The sums, where there is anything to tell."""
        if not self._is_on or not self._told:
            return
        if self._is_json:
            print_json({"delivery": {**watch.counts, "missing": watch.missing}})
            return
        print_text(
            said(
                "delivery: {duplicates}, {gaps}, {reorderings:,} out of order; {missing}",
                duplicates=counted(
                    "{count:,} duplicate", "{count:,} duplicates", watch.counts["duplicates"]
                ),
                gaps=counted("{count:,} gap", "{count:,} gaps", watch.counts["gaps"]),
                reorderings=watch.counts["reorderings"],
                missing=counted(
                    "{count:,} event is missing", "{count:,} events are missing", watch.missing
                ),
            )
        )
        if self._told > NAMED:
            print_text(said("the first {named:,} are listed", named=NAMED))


def _words(it: Finding) -> str:
    match it.kind:
        case "duplicate":
            what = said("version {version:,} came again", version=it.version)
        case "gap":
            what = said(
                "version {version:,} came, {expected:,} was expected",
                version=it.version,
                expected=it.expected,
            )
        case "reordering":
            what = said("version {version:,} came late", version=it.version)
    return said("{place}: {what}: {stream}", place=it.place, what=what, stream=it.stream)
