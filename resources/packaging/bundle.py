"""A folder that runs without a Python: made of the wheel by PyInstaller, with every licence."""

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

from resources.packaging.installed import requirements
from resources.packaging.third_party import copy_texts, shipped
from resources.packaging.wheel import ROOT, Unsound

SPEC: Final = Path(__file__).with_name("foldline.spec")


def bundle(wheel: Path, folder: Path, site: Path) -> Path:
    """Make `folder`/foldline and return its program. `site`: where the dependencies are
    installed. Raises Unsound."""
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(work / "wheel")
    _freeze(work, folder, site)
    made = folder / "foldline"
    _compile(made / "_internal" / "foldline")
    _add_licences(made / "licences", wheel, site)
    shutil.copytree(ROOT / "resources" / "desktop" / "share", made / "share")
    return made / "foldline"


def _freeze(work: Path, folder: Path, site: Path) -> None:
    where = ["--noconfirm", "--distpath", str(folder), "--workpath", str(work / "pyinstaller")]
    found = {"PYTHONPATH": str(site), "FOLDLINE_UNPACKED": str(work / "wheel")}
    command = [sys.executable, "-m", "PyInstaller", "--log-level", "ERROR", *where, str(SPEC)]
    if subprocess.run(command, env={**os.environ, **found}, check=False).returncode != 0:
        raise Unsound("PyInstaller could not make the bundle: see its message above")


def _compile(package: Path) -> None:
    """Byte code beside the files, as pip makes it: the folder may be read-only where it is run."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(package, quiet=1, invalidation_mode=mode, stripdir=str(package)):
        raise Unsound("a file of the bundle cannot be compiled")


def _add_licences(folder: Path, wheel: Path, site: Path) -> None:
    copy_texts(shipped(requirements(wheel), site), folder)
    with zipfile.ZipFile(wheel) as packed:
        for it in packed.infolist():
            _, mark, name = it.filename.partition(".dist-info/licenses/")
            if mark:
                target = folder / "licences" / Path(name).name
                if name == "LICENSE":
                    target = folder / "LICENSE"
                if name.startswith("resources/icons"):
                    target = folder / "licences" / "icons-ISC.txt"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(packed.read(it))
