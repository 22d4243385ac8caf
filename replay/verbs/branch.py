"""branch list|new|show|edit|decide|…: what if, beside a log that is left alone."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from replay.beside_log import who
from replay.branching.branch_cases import cases_of, save_cases
from replay.branching.bring_in import are_all_in, bring_in, bring_in_preview
from replay.branching.bring_in_words import (
    brought_json,
    brought_lines,
    case_json,
    case_line,
    event_lines,
)
from replay.branching.decided_words import decided_json, decided_lines
from replay.branching.edit_choice import add_edit_arguments, edit_of
from replay.branching.own_commands import events_without_command
from replay.branching.readable import require_readable
from replay.branching.telling import branch_json, edit_json, edit_words, facts_lines
from replay.deciding.decide_branch import decide_branch, is_undecided
from replay.own.model_source import add_model_arguments, chosen_models
from replay.printing import print_facts, print_json, print_table, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.states.stream_states import StreamStates
from replay.words import counted, said
from store.branches.create import create_branch, drop_branch, rename_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Edit
from store.branches.opening import existing_branch, facts_of, reading_branch
from store.branches.reader import BranchReader
from store.branches.update import bring_up_to_date
from store.errors import Cancelled
from store.opening import reading
from store.place import Place, path_of
from store.transfer.export import export

HELP = said("branches of a store: edit what happened, or try what would, without changing the log")
WHAT: Final = "list|new|show|edit|decide|bring-in|case|update|drop|rename|export"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, each with its own arguments."""
    what = parser.add_subparsers(dest="what", required=True, metavar=WHAT)
    listing = what.add_parser("list", help=said("every branch of a store"))
    listing.add_argument("store", type=path_of, metavar="STORE")
    new = _about(what.add_parser("new", help=said("make a branch")))
    new.add_argument(
        "--at", type=int, metavar="POSITION", help=said("the last event that stays; default: now")
    )
    new.add_argument("--of", metavar="NAME", help=said("a branch of this branch, not of the log"))
    new.add_argument(
        "--alone", action="store_true", help=said("without the events after that position")
    )
    new.add_argument(
        "--decide-again", action="store_true", help=said("decide commands after an edit again")
    )
    new.add_argument("--note", default="", help=said("a note for people"))
    show = _about(what.add_parser("show", help=said("a branch and its edits")))
    edit = _about(what.add_parser("edit", help=said("edit the history of a branch")))
    add_edit_arguments(edit)
    add_model_arguments(edit)
    working = _add_deciding(what)
    update = _about(
        what.add_parser("update", help=said("take over what the log recorded since then"))
    )
    drop = _about(what.add_parser("drop", help=said("delete a branch")))
    rename = _about(what.add_parser("rename", help=said("give a branch another name")))
    rename.add_argument("new_name", metavar="NEW", help=said("the new name"))
    exporting = _about(
        what.add_parser("export", help=said("write what a branch holds to a store or a file"))
    )
    exporting.add_argument("out", type=Path, metavar="OUT", help=said("the file to write"))
    exporting.add_argument("--format", help=said("canonical, cloudevents, …; default: by OUT"))
    for it in (listing, new, show, edit, *working, update, drop, rename, exporting):
        it.add_argument("--json", action="store_true")


def _add_deciding(what: Any) -> list[argparse.ArgumentParser]:
    """What decides commands, and may take a while."""
    deciding = _about(
        what.add_parser("decide", help=said("decide the commands after the edits again"))
    )
    bringing = _about(what.add_parser("bring-in", help=said("issue its own commands on the store")))
    bringing.add_argument("--preview", action="store_true", help=said("show what would come of it"))
    bringing.add_argument(
        "--anyway", action="store_true", help=said("decide on newer streams, too")
    )
    bringing.add_argument(
        "--go-on", action="store_true", help=said("do not stop at a refusal or conflict")
    )
    case = _about(what.add_parser("case", help=said("save its own commands as tests")))
    case.add_argument("--preview", action="store_true", help=said("show the tests, save nothing"))
    for it in (deciding, bringing, case):
        add_model_arguments(it)
        add_progress_argument(it)
    return [deciding, bringing, case]


def _about(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("store", type=path_of, metavar="STORE")
    parser.add_argument("name", metavar="NAME", help=said("the name of the branch"))
    return parser


def run(arguments: argparse.Namespace) -> int:
    """The log is read, and written by bring-in alone. Exit code 1 when a command was not brought
    in, or not saved."""
    doing: dict[str, Callable[[argparse.Namespace], int | None]] = {
        "list": _list,
        "new": _new,
        "show": _show,
        "edit": _edit,
        "decide": _decide,
        "bring-in": _bring_in,
        "case": _case,
        "update": _update,
        "drop": _drop,
        "rename": _rename,
        "export": _export,
    }
    return doing[arguments.what](arguments) or 0


def _list(arguments: argparse.Namespace) -> None:
    with reading(arguments.store):  # what is no log is told
        found = [branch_json(it) for it in Place(arguments.store).branches()]
    if arguments.json:
        print_json({"branches": found})
        return
    if not found:
        print_text(said("the store has no branches"))
        return
    titles = ("name", said("forks from"), said("at"), "edits", said("own events"), "head", "note")
    print_table(titles, (_row(it) for it in found))
    for it in found:
        if it["problem"]:
            print_text(f"{it['name']}: {it['problem']}")


def _row(found: dict[str, Any]) -> list[str]:
    keys = ("name", "parent", "fork", "edits", "own_events", "head", "note")
    return [_text(found[it]) for it in keys]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _new(arguments: argparse.Namespace) -> None:
    line = arguments.store
    if arguments.of is not None:
        line = existing_branch(line, arguments.of)
    fork = arguments.at
    if fork is None:
        with reading(line) as log:
            fork = log.head()
    path = create_branch(
        line,
        arguments.name,
        fork=fork,
        note=arguments.note,
        by=who(),
        later="decide" if arguments.decide_again else None,
        is_alone=arguments.alone,
    )
    _tell(
        arguments,
        said("branch {name} made at position {fork:,}", name=arguments.name, fork=fork),
        path,
    )


def _show(arguments: argparse.Namespace) -> None:
    path = existing_branch(arguments.store, arguments.name)
    found, edits, unfit = branch_json(path), facts_of(path)[1], dict[int, str]()
    lines = list[str]()
    if not found["problem"]:
        with reading_branch(path) as branch:
            unfit = {edit.number: reason for edit, reason in branch.layout.unfit}
            found, lines = found | decided_json(branch), list(decided_lines(branch))
    if arguments.json:
        told = [edit_json(it, unfit.get(it.number, "")) for it in edits]
        print_json(found | {"edits": told})
        return
    print_facts(facts_lines(path, found))
    for it in edits:
        reason = f": {unfit[it.number]}" if it.number in unfit else ""
        print_text(f"{it.number}  {edit_words(it)}{reason}")
    for line in lines:
        print_text(line)


def _edit(arguments: argparse.Namespace) -> None:
    path = existing_branch(arguments.store, arguments.name)
    models = chosen_models(arguments)

    def check(branch: BranchReader, edit: Edit) -> None:
        require_readable(branch, edit, StreamStates(models=models))

    edit_of(arguments)(BranchEditor(path, by=who(), check=check))
    words = said("branch {name} is changed", name=arguments.name)
    if not is_undecided(path):
        _tell(arguments, words, path)
        return
    if not arguments.json:
        print_text(words)  # the edit is there, whatever stops what follows
    decide_branch(path, models)
    _tell_decided(arguments, path)


def _decide(arguments: argparse.Namespace) -> None:
    path = existing_branch(arguments.store, arguments.name)
    with reading_branch(path) as branch:
        head = branch.head()
    told = _teller(arguments)
    decide_branch(path, chosen_models(arguments), told=lambda position: told(position, head))
    _tell_decided(arguments, path)


def _teller(arguments: argparse.Namespace) -> Callable[[int, int], None]:
    """Tells the window how much is done, of how much; raises Cancelled when it says so."""
    lines = ProgressLines(is_on=arguments.progress)

    def tell(done: int, total: int) -> None:
        lines.wait_while_paused()
        if lines.is_cancelled():
            raise Cancelled
        lines.tell(fraction=min(done / max(total, 1), 1.0), events=None)

    return tell


def _tell_decided(arguments: argparse.Namespace, path: Path) -> None:
    with reading_branch(path) as branch:
        if arguments.json:
            print_json(branch_json(path) | decided_json(branch))
            return
        for line in decided_lines(branch):
            print_text(line)


def _bring_in(arguments: argparse.Namespace) -> int:
    path = existing_branch(arguments.store, arguments.name)
    work = bring_in_preview if arguments.preview else bring_in
    found = work(
        path,
        chosen_models(arguments),
        is_anyway=arguments.anyway,
        goes_on=arguments.go_on,
        told=_teller(arguments),
    )
    with reading_branch(path) as branch:
        left = list(events_without_command(branch))
    if arguments.json:
        events = [{"position": it.position, "stream": it.stream, "type": it.type} for it in left]
        print_json({"commands": list(map(brought_json, found)), "not_brought_in": events})
    else:
        for line in (*brought_lines(found, is_preview=arguments.preview), *event_lines(left)):
            print_text(line)
    return 0 if are_all_in(found) else 1


def _case(arguments: argparse.Namespace) -> int:
    path = existing_branch(arguments.store, arguments.name)
    work = cases_of if arguments.preview else save_cases
    found = work(path, chosen_models(arguments), told=_teller(arguments))
    if arguments.json:
        print_json({"cases": list(map(case_json, found))})
    elif not found:
        print_text(said("no command was issued in the branch"))
    for it in () if arguments.json else found:
        print_text(case_line(it, is_preview=arguments.preview))
    return 0 if all(it.case is not None for it in found) else 1


def _update(arguments: argparse.Namespace) -> None:
    path = existing_branch(arguments.store, arguments.name)
    moved = bring_up_to_date(path)
    unfit = [(it.number, edit_words(it), reason) for it, reason in moved.unfit]
    if arguments.json:
        told = [{"number": n, "edit": words, "problem": reason} for n, words, reason in unfit]
        passed = [{"stream": name, "events": count} for name, count in moved.passed]
        facts = {"events_taken_over": moved.came, "no_longer_fits": told, "passed": passed}
        print_json(branch_json(path) | facts)
        return
    print_text(
        counted(
            "{count:,} event of the log taken over",
            "{count:,} events of the log taken over",
            moved.came,
        )
    )
    for number, words, reason in unfit:
        print_text(
            said("no longer fits: {n}  {words}: {reason}", n=number, words=words, reason=reason)
        )
    for name, count in moved.passed:
        print_text(
            said(
                "in stream {stream} the log went on before the branch's own events: {count:,}",
                stream=name,
                count=count,
            )
        )


def _drop(arguments: argparse.Namespace) -> None:
    drop_branch(arguments.store, arguments.name)
    if arguments.json:
        print_json({"name": arguments.name, "dropped": True})
    else:
        print_text(said("branch {name} is deleted", name=arguments.name))


def _rename(arguments: argparse.Namespace) -> None:
    path = rename_branch(arguments.store, arguments.name, arguments.new_name)
    _tell(arguments, said("branch {name} is renamed", name=arguments.name), path)


def _export(arguments: argparse.Namespace) -> None:
    path, out = existing_branch(arguments.store, arguments.name), arguments.out
    ending = out.suffix[1:] if out.suffix in (".foldline", ".parquet") else "canonical"
    report = export(path, out, format=arguments.format or ending)
    if arguments.json:
        print_json(report.as_dict())
        return
    print_text(
        counted(
            "{count:,} event written to {out}",
            "{count:,} events written to {out}",
            report.events,
            out=out,
        )
    )
    for it in report.losses:
        print_text(it.words)


def _tell(arguments: argparse.Namespace, words: str, path: Path) -> None:
    if arguments.json:
        print_json(branch_json(path))
    else:
        print_text(words)
