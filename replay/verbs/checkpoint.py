"""checkpoint keys|sign|verify: a signed statement of a store's history, and the proof of it."""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from replay.printing import print_json, print_text
from replay.progress_lines import ProgressLines, add_progress_argument
from replay.terminal_progress import TerminalProgress
from replay.words import said
from store.errors import StoreExists
from store.place import path_of
from store.signing.checkpoint import Checkpoint, CheckpointReport, check, read_checkpoint, sign
from store.signing.keys import make_keys
from store.whole_file import write_whole

HELP = said(
    "sign what a store holds, or check that its history was not rewritten since it was signed"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, each with its own arguments."""
    what = parser.add_subparsers(dest="what", required=True, metavar="keys|sign|verify")
    keys = what.add_parser(
        "keys", help=said("create a private key, with the public key beside it as .pub")
    )
    keys.add_argument(
        "key", type=Path, metavar="KEYFILE", help=said("the file of the new private key")
    )
    signing = what.add_parser("sign", help=said("check a store, and sign its current content"))
    signing.add_argument("store", type=path_of, metavar="STORE")
    signing.add_argument("--key", type=Path, required=True, help=said("the private key"))
    signing.add_argument("--out", type=Path, help=said("write the checkpoint to this new file"))
    proof = what.add_parser(
        "verify", help=said("check a store against a checkpoint and the public key")
    )
    proof.add_argument("store", type=path_of, metavar="STORE")
    proof.add_argument(
        "checkpoint", type=Path, metavar="CHECKPOINT", help=said("the checkpoint file")
    )
    proof.add_argument("--key", type=Path, required=True, help=said("the public key"))
    for it in (keys, signing, proof):
        it.add_argument("--json", action="store_true")
        add_progress_argument(it)


def run(arguments: argparse.Namespace) -> int:
    """Exit code 1 when the history is not the one that was signed."""
    match arguments.what:
        case "keys":
            return _keys(arguments)
        case "sign":
            return _sign(arguments)
        case _:
            return _verify(arguments)


def _keys(arguments: argparse.Namespace) -> int:
    public = make_keys(arguments.key)
    if arguments.json:
        print_json({"private_key": str(arguments.key), "public_key": str(public)})
    else:
        print_text(said("{key} is the private key: keep it secret", key=arguments.key))
        print_text(
            said(
                "{public} is the public key: give it to anyone who should check the store",
                public=public,
            )
        )
    return 0


def _sign(arguments: argparse.Namespace) -> int:
    if arguments.out is not None and arguments.out.exists():
        raise StoreExists(arguments.out)
    lines = ProgressLines(is_on=arguments.progress)
    with _telling(lines) as tell:
        made = sign(
            arguments.store,
            arguments.key,
            on_progress=tell,
            is_cancelled=lines.is_cancelled,
        )
    if arguments.out is not None:
        text = msgspec.json.format(msgspec.json.encode(made)) + b"\n"
        write_whole(arguments.out, text, overwrite=False)
    if arguments.json or arguments.out is None:
        print_json(msgspec.to_builtins(made))
    else:
        print_text(
            said(
                "signed: the history up to position {position:,}, in {out}",
                position=made.position,
                out=arguments.out,
            )
        )
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    checkpoint = read_checkpoint(arguments.checkpoint)
    lines = ProgressLines(is_on=arguments.progress)
    with _telling(lines) as tell:
        report = check(
            arguments.store,
            checkpoint,
            arguments.key,
            on_progress=tell,
            is_cancelled=lines.is_cancelled,
        )
    if arguments.json:
        print_json({"is_proved": report.is_proved, **msgspec.to_builtins(report)})
    else:
        _print(report, checkpoint)
    return 0 if report.is_proved else 1


@contextmanager
def _telling(lines: ProgressLines) -> Iterator[Callable[[int], None]]:
    """What takes the number of events checked: on a terminal, and to whoever listens."""
    started_s = time.monotonic()
    with TerminalProgress("checking") as terminal:

        def tell(events: int) -> None:
            rate = events / max(time.monotonic() - started_s, 1e-9)
            lines.tell(fraction=None, events=events, rate=rate)
            terminal.tell(events)

        yield tell


def _print(report: CheckpointReport, checkpoint: Checkpoint) -> None:
    upto = said("the history up to position {position:,}", position=checkpoint.position)
    if report.is_proved:
        print_text(
            said(
                "verified: {upto} is unchanged since it was signed at {signed_at}",
                upto=upto,
                signed_at=checkpoint.signed_at,
            )
        )
        return
    print_text(
        said(
            "not verified: {upto}, signed at {signed_at}", upto=upto, signed_at=checkpoint.signed_at
        )
    )
    for it in report.problems:
        print_text(f"  {it}")
