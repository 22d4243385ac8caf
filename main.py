"""Foldline: main.py [STORE|FILE|LINK] opens the window, main.py VERB … does one thing alone."""

import gc
import os
import sys
from collections.abc import Sequence

from replay import command_line
from replay.children.worker_main import is_for_worker, run_worker
from replay.command_name import IN_A_CLONE, command_name, complain
from replay.deep_link import is_link
from replay.words import said
from resources.engines.catalog import ENGINES
from resources.samples.catalog import SAMPLES
from store.place import path_of


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 0 fine, 1 the data is at fault, 2 wrong usage."""
    if is_for_worker(arguments):
        return run_worker(arguments)
    if arguments and (arguments[0].startswith("-") or command_line.is_verb(arguments)):
        samples = {it.name: it.path for it in SAMPLES}
        return command_line.run(arguments, samples=samples, engines=ENGINES)
    if len(arguments) == 1 and is_link(arguments[0]):
        return _window(arguments)
    if len(arguments) > 1:
        return command_line.refuse(said("unknown verb {arguments!r}", arguments=arguments[0]))
    if arguments and not path_of(arguments[0]).suffix and not path_of(arguments[0]).exists():
        return command_line.refuse(
            said("{arguments!r} is neither a verb nor a file", arguments=arguments[0]),
            said("List the verbs with: main.py --help"),
        )
    return _window(arguments)


def _window(arguments: Sequence[str]) -> int:
    """With a store, a file or a link, or with nothing."""
    if not _has_screen():
        complain(
            said("no display was found, so no window can open."),
            said(
                "{picture}main.py --help lists the verbs that need no window.", picture=_picture()
            ),
        )
        return 2
    # The window loads 1,400 modules, of which nothing is garbage; its own collector takes over.
    # Looking at them again and again while they are loaded took a sixth of the start.
    gc.disable()
    from gui.app import run  # late: the verbs need no Qt, which takes a quarter of a second

    return run(arguments)


def _picture() -> str:
    is_clone = command_name() == IN_A_CLONE  # there is no make beside an installed command
    return said("make screenshots draws the window without a display, and ") if is_clone else ""


def _has_screen() -> bool:
    """Whether Qt has somewhere to draw: a display, or a platform that was named."""
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
