"""Which lines of the program the tests run, without a tracer: with RUN_LINES=FILE.

Where a tracer is set, Python 3.11 looks up the line of each instruction, of every library too:
that nearly doubled the time of all tests. slipcover puts a probe into each line as a module is
imported. What the probes tell becomes data of coverage, which reports on it as before.
"""

import copyreg
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any, Final

from coverage import CoverageData
from slipcover import Slipcover, probe

ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = ("store", "replay", "gui", "resources")  # as [tool.coverage.run] has them
PROBE: Final = type(probe.new(None, "", 0, 0))
NEVER: Final = 2**31 - 1  # A probe stays: to take it out, slipcover goes through all modules.


class RunLines:
    """Records the lines of packages that are imported after it was made, in all threads."""

    def __init__(self, root: Path = ROOT, packages: Sequence[str] = PACKAGES) -> None:
        self._folders = [root / it for it in packages]
        self._probes = Slipcover(d_miss_threshold=NEVER)
        copyreg.pickle(PROBE, _elsewhere)
        sys.meta_path.insert(0, _Finder(self._probes, frozenset(packages)))

    def save(self, path: Path, suffix: str) -> None:
        """As a part that `coverage combine` finds beside `path`; files that nobody imported are
        in it with no line."""
        data = CoverageData(basename=str(path), suffix=suffix)
        files = self._probes.get_coverage()["files"]
        data.add_lines({str(Path(it).absolute()): of["executed_lines"] for it, of in files.items()})
        for folder in self._folders:
            for it in modules(folder):
                data.touch_file(str(it))
        data.write()


class _Finder(PathFinder):
    """Finds the program's modules, and nothing else."""

    def __init__(self, probes: Slipcover, packages: frozenset[str]) -> None:
        self._probes = probes
        self._packages = packages

    def find_spec(  # type: ignore[override]  # that of PathFinder is a class method
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self._packages:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.origin and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(fullname, spec.origin, self._probes)
        return spec


class _Loader(SourceFileLoader):
    """As Python's own, which tells the program its sources; only what is run has probes."""

    def __init__(self, fullname: str, path: str, probes: Slipcover) -> None:
        super().__init__(fullname, path)
        self._probes = probes

    def get_code(self, fullname: str) -> CodeType:
        code = super().get_code(fullname)
        assert isinstance(code, CodeType), fullname
        probed: CodeType = self._probes.instrument(code)
        return probed


def _elsewhere(_probe: object) -> tuple[Callable[..., object], tuple[Any, ...]]:
    """What a probe becomes in another process, where a function was sent: nobody asks it there."""
    return probe.new, (SimpleNamespace(newly_seen=defaultdict(set)), "", 0, NEVER)


def modules(folder: Path) -> Iterator[Path]:
    """The files of a package and of those in it."""
    yield from folder.glob("*.py")
    for it in folder.iterdir():
        if (it / "__init__.py").exists():
            yield from modules(it)
