"""Hold each package to the lines that its tests run: python -m resources.setup.coverage_floors.

The floors stand in pyproject.toml under [tool.foldline.coverage], in percent. What is measured
lies in .coverage, where pytest --cov has put it.
"""

import io
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import coverage

ROOT: Final = Path(__file__).parents[2]


def main() -> int:
    """Returns the exit code: 1 when a package is below its floor."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    floors: dict[str, float] = project["tool"]["foldline"]["coverage"]
    shares = {it: share(ROOT / ".coverage", it) for it in floors}
    for package, found in shares.items():
        print(f"{package}: {found:.1f} % of its lines are run; the floor is {floors[package]} %")
    return 1 if below(shares, floors) else 0


def share(measured: Path, package: str) -> float:
    """The percentage of the package's lines that were run."""
    data = coverage.Coverage(data_file=str(measured), config_file=str(ROOT / "pyproject.toml"))
    data.load()
    return data.report(include=[f"{ROOT / package}/*"], file=io.StringIO())


def below(shares: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """The packages that are below their floors."""
    return [it for it, floor in floors.items() if shares[it] < floor]


if __name__ == "__main__":
    sys.exit(main())
