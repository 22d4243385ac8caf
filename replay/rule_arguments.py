"""The rules of an import on the command line: the same words as in a file of rules."""

import argparse
from typing import Final

from replay.words import said
from store.errors import WrongRules
from store.place import path_of
from store.reading.sqlite_source import SQLITE_MAGIC
from store.shaping.rules import CONVERSIONS, MASKS, ORDERS, ROLES, ImportRules, Rejection, over
from store.shaping.rules_file import read_rules, rules_from
from store.transfer.manifest import rules_kept_in

_FIELDS: Final = ("data.", "metadata.")


def add_rule_arguments(parser: argparse.ArgumentParser) -> None:
    """Each is repeatable but order and encoding; what a flag says counts more than a file."""
    group = parser.add_argument_group("rules")
    for flag, metavar, help_ in (
        (
            "--map",
            "ROLE=FIELD",
            said(
                "read {roles} from a field, or from a template such as order-{{field}}",
                roles=", ".join(ROLES),
            ),
        ),
        ("--rename", "OLD=NEW", said("a type, or a field that begins with data. or metadata.")),
        ("--convert", "FIELD=KIND", ", ".join(CONVERSIONS)),
        ("--mask", "FIELD[=KIND]", said("{masks}; default: hash", masks=", ".join(MASKS))),
        ("--reject", "FILTER", said("leave out the events that match it")),
    ):
        group.add_argument(flag, action="append", default=[], metavar=metavar, help=help_)
    group.add_argument(
        "--order", default="", help=said("{orders}, time, or a field", orders=", ".join(ORDERS))
    )
    group.add_argument(
        "--encoding", default="", help=said("for a file that is not UTF-8, such as cp1252")
    )
    group.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="FILE",
        help=said("a rules file, or a store: the rules of its imports"),
    )


def rules_of(arguments: argparse.Namespace) -> ImportRules:
    """What files and flags state together; a later file counts more than an earlier one. Raises
    WrongRules, OSError."""
    found = ImportRules()
    for text in arguments.rules:
        found = over(_kept(text), found)
    return over(_stated(arguments), found)


def _kept(text: str) -> ImportRules:
    """Of a file of rules, those that a store keeps of its imports, or the JSON text itself."""
    if text.lstrip().startswith("{"):
        try:
            return rules_from(text)
        except ValueError as error:
            raise WrongRules(
                [("--rules", said("this file defines no rules ({error})", error=error))]
            ) from None
    path = path_of(text)
    try:
        with path.open("rb") as file:
            is_store = file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    except OSError as error:
        what = said("{path} cannot be read ({strerror})", path=path, strerror=error.strerror)
        raise WrongRules([("--rules", what)]) from error
    return rules_kept_in(path) if is_store else read_rules(path)


def _stated(arguments: argparse.Namespace) -> ImportRules:
    renames = _pairs(arguments.rename, "--rename OLD=NEW")
    fields = {old: new for old, new in renames.items() if old.startswith(_FIELDS)}
    return ImportRules(
        encoding=arguments.encoding,
        map=_pairs(arguments.map, "--map ROLE=FIELD"),
        rename_types={old: new for old, new in renames.items() if old not in fields},
        rename_fields=fields,
        convert=_pairs(arguments.convert, "--convert FIELD=KIND"),
        reject=tuple(Rejection(where=it) for it in arguments.reject),
        mask=_pairs([it if "=" in it else f"{it}=hash" for it in arguments.mask], "--mask FIELD"),
        order="recorded" if arguments.order == "time" else arguments.order,
    )


def _pairs(texts: list[str], form: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name.strip() and sign and value.strip()):
            raise WrongRules(
                [
                    (
                        form.partition(" ")[0],
                        said("expected {form}: {text!r}", form=form, text=text),
                    )
                ]
            )
        found[name.strip()] = value.strip()
    return found
