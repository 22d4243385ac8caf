"""The CPU time of this process and of all that it began, also those in other programs. Linux."""

import os
from collections import defaultdict
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
_TIMES: Final = slice(11, 15)  # behind the name: own and of ended children, user and system
_PARENT: Final = 1


def cpu_of_all_s() -> float:
    """User and system time of everything that runs, or ran and was waited for."""
    spent, children = dict[int, int](), defaultdict[int, list[int]](list)
    for it in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = it.read_text("utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        number = int(it.parent.name)
        spent[number] = sum(map(int, fields[_TIMES]))
        children[int(fields[_PARENT])].append(number)
    found, ours = 0, [os.getpid()]
    while ours:
        number = ours.pop()
        found += spent.get(number, 0)
        ours += children[number]
    return found / TICKS
