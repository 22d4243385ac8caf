"""Hold each package to the lines that its tests run: python -m resources.setup.coverage_floors.

The floors stand in pyproject.toml under [tool.foldline.coverage], in percent. What is measured
lies in .coverage, where tests.run_lines has put it. Folders that speak to a server have floors of
their own, under [tool.foldline.coverage-engines]: with the argument `engines` these are held, by
`make test-engines`, and they count for no package otherwise.
"""

import io
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import coverage

ROOT: Final = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 1 when a package is below its floor."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["foldline"]
    engines: dict[str, float] = settings["coverage-engines"]
    is_engines = arguments == ["engines"]
    floors: dict[str, float] = engines if is_engines else settings["coverage"]
    without = () if is_engines else tuple(engines)
    shares = {it: share(ROOT / ".coverage", it, without=without) for it in floors}
    for package, found in shares.items():
        print(f"{package}: {found:.1f} % of its lines are run; the floor is {floors[package]} %")
    return 1 if below(shares, floors) else 0


def share(measured: Path, package: str, *, without: Sequence[str] = ()) -> float:
    """The percentage of the package's lines that were run; `without` folders of it."""
    data = coverage.Coverage(data_file=str(measured), config_file=str(ROOT / "pyproject.toml"))
    data.load()
    left_out = [f"{ROOT / it}/*" for it in without]
    return data.report(include=[f"{ROOT / package}/*"], omit=left_out, file=io.StringIO())


def below(shares: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """The packages that are below their floors."""
    return [it for it, floor in floors.items() if shares[it] < floor]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
