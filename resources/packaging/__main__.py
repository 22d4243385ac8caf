"""Build what is handed out, and use it: python -m resources.packaging SITE [wheel|bundle].

`wheel` makes the wheel and the source archive in dist/, `bundle` (as without a word) the folder
dist/foldline too. SITE is where the dependencies are installed. Each is tried from another folder.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from resources.packaging.bundle import bundle
from resources.packaging.installed import install
from resources.packaging.smoke import Installed, verbs_work
from resources.packaging.smoke_window import window_works
from resources.packaging.wheel import ROOT, Unsound, build

T = TypeVar("T")

DIST: Final = ROOT / "dist"
WHAT: Final = ("wheel", "bundle")


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 1 when something that was built does not work."""
    if not 1 <= len(arguments) <= 2 or not set(arguments[1:]) <= set(WHAT):
        sys.stderr.write("usage: python -m resources.packaging SITE [wheel|bundle]\n")
        return 2
    site = Path(arguments[0])
    try:
        shutil.rmtree(DIST, ignore_errors=True)
        wheel = _timed("the wheel and the source archive", lambda: build(DIST))
        with tempfile.TemporaryDirectory() as folder:
            _try_wheel(wheel, Path(folder), site)
            if arguments[1:] != ["wheel"]:
                _try_bundle(wheel, Path(folder), site)
    except Unsound as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _try_wheel(wheel: Path, folder: Path, site: Path) -> None:
    command = _timed("installed", lambda: install(wheel, folder / "environment", site))
    _use("the wheel", Installed([str(command)], _made(folder / "wheel")), folder)


def _try_bundle(wheel: Path, folder: Path, site: Path) -> None:
    program = _timed("the bundle", lambda: bundle(wheel, DIST, site))
    _use("the bundle", Installed([str(program)], _made(folder / "bundle")), folder)


def _use(name: str, it: Installed, folder: Path) -> None:
    _timed(f"{name}: verbs", lambda: verbs_work(it))
    _timed(f"{name}: window", lambda: window_works(it, _python(folder / "environment")))


def _python(environment: Path) -> tuple[str, ...]:
    (package,) = environment.glob("lib/python*/site-packages/foldline")
    start = f"import sys; sys.path.insert(0, {str(package)!r}); exec(sys.argv.pop(1))"
    return (str(environment / "bin" / "python"), "-P", "-c", start)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _timed(what: str, work: Callable[[], T]) -> T:
    began = time.monotonic()
    done = work()
    sys.stdout.write(f"{what}: {time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()
    return done


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
