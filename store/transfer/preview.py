"""Look into a file before it is imported: its format and its first records, by the rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from store.errors import WrongRules
from store.reading.choices import Offer, offers
from store.reading.detect import Detection
from store.reading.format import Format, Incoming, Record
from store.reading.source import Source, stopped_when
from store.shaping.check import problems_of
from store.shaping.chosen import chosen_format, require_text, unmapped
from store.shaping.facts import Documents
from store.shaping.found_fields import found_fields
from store.shaping.mapping import RoleMap
from store.shaping.payload_rules import PayloadRules
from store.shaping.pipeline import shaped
from store.shaping.rules import NO_RULES, ImportRules
from store.transfer.other_files import others_of
from store.transfer.report import Tally
from store.words import counted

LOOKED_AT: Final = 1_000  # records that are put in order, and searched for fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file seems to be."""

    detection: Detection
    records: tuple[Record, ...]  # the first ones, rejected lines among them
    choices: tuple[Offer, ...]  # what may be decided before it is read
    fields: tuple[str, ...] = ()  # that its events have, before any rule
    problems: tuple[tuple[str, str], ...] = ()  # rules that cannot be followed: which, and why
    doubts: tuple[tuple[str, str], ...] = ()  # rules that may not do what is meant


def preview(
    sources: Path | Sequence[Path],
    *,
    format: str | Format | None = None,
    choices: Mapping[str, str] | None = None,
    rules: ImportRules = NO_RULES,
    limit: int = 20,
    is_mapping: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Preview:
    """Read the first `limit` records of a file, or of several, as the rules make them; of rules
    that cannot be followed, as they are. An order is that of the first thousand.

    `is_mapping` shows records of no known format too, for somebody who is about to map them, and
    finds the fields that events have. Raises UnreadableSource, UnknownFormat, UnknownChoice,
    Cancelled.
    """
    choices = {**rules.choices, **(choices or {})}
    problems = list(problems_of(rules))
    encoding = "" if any(rule == "encoding" for rule, _ in problems) else rules.encoding
    paths = [sources] if isinstance(sources, Path) else sources
    others = others_of(paths, choices, rules, named=format)
    path, member = others.first
    with Source(path, choices=choices, encoding=encoding, member=member) as opened:
        opened.pulse, opened.is_glance = stopped_when(is_cancelled), True
        detection = chosen_format(opened, rules, named=format, is_mapping=is_mapping)
        offered = offers(detection.format, opened)
        is_sampled = bool(rules.order or rules.map or is_mapping)
        read: tuple[Record, ...] = ()
        try:
            require_text(opened, rules)
            most = LOOKED_AT if is_sampled else limit
            read = tuple(islice(detection.format.read(opened), most))
            read += tuple(others.records(rules, named=format, most=most, read=len(read)))
        except WrongRules as error:  # the encoding
            problems += error.problems
        problems += unmapped(detection.format, rules)
        records = shaped(read, NO_RULES if problems else rules, Tally())
        return Preview(
            detection=detection,
            records=tuple(islice(records, limit)),
            choices=offered,
            fields=found_fields(read) if is_mapping else (),
            problems=tuple(problems),
            doubts=() if problems else _doubts(read, rules),
        )


def _doubts(records: tuple[Record, ...], rules: ImportRules) -> tuple[tuple[str, str], ...]:
    """The roles that no record has a field for."""
    events = [it for it in records if isinstance(it, Incoming)]
    if not events or not rules.map:
        return ()
    roles, payloads = RoleMap(rules.map), PayloadRules(rules)
    missing = set(rules.map)
    for it in events:
        try:
            documents, _ = payloads.apply(
                Documents(data=it.event.data_json, metadata=it.event.metadata_json)
            )
            missing &= set(roles.missing_in(it, documents))
        except (ValueError, RecursionError):
            continue
        if not missing:
            return ()
    none = counted(
        "the only event does not have", "none of the first {count:,} events has", len(events)
    )
    return tuple((f"map.{it}", f"{none} {rules.map[it]}") for it in rules.map if it in missing)


def require_no_problems(found: Preview) -> Preview:
    """Raises WrongRules."""
    if found.problems:
        raise WrongRules(found.problems)
    return found
