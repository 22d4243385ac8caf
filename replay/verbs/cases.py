"""cases STORE: run the decisions that were saved as tests, or export them as a pytest file."""

import argparse
from pathlib import Path

from replay.commands import cases
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_json, print_text
from replay.words import counted, said
from store.place import Place, path_of
from store.whole_file import write_whole

HELP = said("run the saved given–when–then cases of a store, or export them for pytest")
BROKEN = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Without --export they are run; with it and --model the file is loaded by the tests too."""
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("--export", type=Path, metavar="FILE", help=said("write a pytest file"))
    parser.add_argument("--json", action="store_true")
    add_model_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when a case no longer holds."""
    found = cases.load(cases.cases_file(Place(arguments.store)))
    if arguments.export is not None:
        text = _as_pytest(found, arguments)
        write_whole(arguments.export, text.encode(), overwrite=True)
        if arguments.json:
            print_json({"cases": len(found), "file": str(arguments.export)})
        else:
            print_text(
                said(
                    "{count} written to {export}",
                    count=counted("{count} case", "{count} cases", len(found)),
                    export=arguments.export,
                )
            )
        return 0
    models = chosen_models(arguments)
    verdicts = [(it, cases.run(it, models)) for it in found]
    if arguments.json:
        print_json([{"case": it.name, "holds": not why, "difference": why} for it, why in verdicts])
    else:
        for it, why in verdicts:
            print_text(f"{'✗' if why else '✓'} {it.name}")
            if why:
                print_text("    " + why.replace("\n", "\n    "))
        print_text(
            said(
                "{verdicts} of {count} cases passed",
                verdicts=sum((not why for _, why in verdicts)),
                count=len(verdicts),
            )
        )
    return BROKEN if any(why for _, why in verdicts) else 0


def _as_pytest(found: list[cases.Case], arguments: argparse.Namespace) -> str:
    chosen_models(arguments)  # only what is trusted goes into a file that runs it
    files = [arguments.model_file] if arguments.model_file is not None else []
    return cases.as_pytest(found, source=arguments.store.name, model_files=files)
