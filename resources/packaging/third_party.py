"""What others made that comes along, from the metadata of what is installed, with its licences."""

import shutil
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LICENCE_NAMES: Final = ("licen", "copying", "notice", "authors")
HEAD: Final = """What comes along with Foldline, made by others. Each text stands in the folder of
its name; those of Qt, PySide6, shiboken6 and Qt Advanced Docking in licences/, with QT.txt.

"""


def shipped(requirements: Iterable[str], site: Path) -> list[Distribution]:
    """The distributions that these need, and what those need, by name. `site`: where they are
    installed. Raises LookupError for one that is not there."""
    known = {canonicalize_name(it.name): it for it in distributions(path=[str(site)])}
    found: dict[str, Distribution] = {}
    open_ = [(Requirement(it), "") for it in requirements]
    while open_:
        requirement, extra = open_.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        if name not in known:
            raise LookupError(f"{requirement} is not installed in {site}")
        if name not in found:
            found[name] = known[name]
            needs = [Requirement(it) for it in known[name].requires or ()]
            open_ += [(it, more) for it in needs for more in (*requirement.extras, "")]
    return [found[name] for name in sorted(found)]


def table(parts: Sequence[Distribution]) -> str:
    """Name, version and licence of each, a line each."""
    rows = [(it.name, it.version, licence(it)) for it in parts]
    widths = [max(len(row[at]) for row in rows) for at in range(2)]
    lines = [f"{a:{widths[0]}}  {b:{widths[1]}}  {c}".rstrip() for a, b, c in rows]
    return HEAD + "".join(f"{it}\n" for it in lines)


def licence(part: Distribution) -> str:
    """Its licence as its metadata states it: an expression, else a name, else a classifier."""
    facts = part.metadata
    both = (*facts.get_all("License-Expression", []), *facts.get_all("License", []))
    stated = str(both[0]) if both else ""
    if stated and "\n" not in stated:
        return stated
    named = [it for it in facts.get_all("Classifier", []) if it.startswith("License :: ")]
    return ", ".join(it.rpartition(" :: ")[2] for it in named) or stated.partition("\n")[0]


def copy_texts(parts: Sequence[Distribution], folder: Path) -> None:
    """The licence files of each in a folder of its name, Python's own too, and the table."""
    for part in parts:
        for file in part.files or ():
            if ".dist-info" in str(file) and _is_licence(file.name):
                _copy(Path(str(part.locate_file(file))), folder / part.name / file.name)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = Path(sys.base_prefix, "lib", version, "LICENSE.txt")
    if python.is_file():
        _copy(python, folder / "Python" / python.name)
    (folder / "THIRD-PARTY.txt").write_text(table(parts), "utf-8")


def _is_licence(name: str) -> bool:
    return any(it in name.lower() for it in LICENCE_NAMES)


def _copy(source: Path, target: Path) -> None:
    """Of several files of one name each is kept."""
    target.parent.mkdir(parents=True, exist_ok=True)
    free, number = target, 1
    while free.exists():
        number += 1
        free = target.with_name(f"{number}-{target.name}")
    shutil.copy(source, free)
