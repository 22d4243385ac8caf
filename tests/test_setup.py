"""Setting up: what is missing is installed or named, and only what a lock pins gets in."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.setup import bootstrap

ROOT = Path(__file__).parents[1]


# -- system packages ------------------------------------------------------------------------


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian where one library is missing, its package renamed. What apt-get was told."""
    told = tmp_path / "apt-get.log"
    _program(tmp_path / "apt-get", f'echo "$@" >> "{told}"')
    _program(
        tmp_path / "apt-cache",
        'case "$2" in libnowhere9t64) echo "Package: $2";; libnowhere9) echo virtual >&2;; '
        "*) exit 100;; esac",
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("sys.platform", "linux")
    libraries = {"libnowhere.so.9": ("libnowhere9", "libnowhere9t64")}
    monkeypatch.setattr(bootstrap, "LIBRARIES", libraries)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    return told


def test_root_gets_the_missing_packages_by_the_names_of_this_release(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert bootstrap.provide_system_packages()

    assert apt.read_text().splitlines() == [
        "-qq -y update",
        "-qq -y install --no-install-recommends libnowhere9t64",
    ]


def test_anyone_else_is_told_the_exact_line_and_nothing_is_run(
    apt: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert not bootstrap.provide_system_packages()

    line = "sudo apt-get install --no-install-recommends libnowhere9t64"
    assert capsys.readouterr().err.splitlines()[-1].strip() == line
    assert not apt.exists()


def test_apt_is_left_alone_when_nothing_is_missing(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "LIBRARIES", {"libc.so.6": ("libc6",)})

    assert bootstrap.provide_system_packages()

    assert not apt.exists()


@pytest.mark.usefixtures("apt")
def test_a_python_without_ensurepip_needs_the_venv_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert bootstrap.missing_packages()[-1] == (f"python{version}-venv", "python3-venv")


def test_a_program_that_is_missing_brings_its_package_once(
    apt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "LIBRARIES", {})
    programs = {"no-such-program": ("tools",), "nor-this-one": ("tools",), "sh": ("dash",)}

    assert bootstrap.missing_packages(programs) == [("tools",)]


def test_a_failing_apt_stops_the_set_up_with_a_next_step(
    apt: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    _program(apt.parent / "apt-get", "exit 100")

    assert not bootstrap.provide_system_packages()

    assert "call make again" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "dev"]])
def test_a_wrong_purpose_is_answered_with_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(arguments) == 2
    assert (
        capsys.readouterr().err
        == "usage: bootstrap.py run|dev|bench|package|postgresql|kafka|cassandra|opensearch|"
        "spark|keyring|libraries|engines\n"
    )


# -- the environment ------------------------------------------------------------------------

Lock = Callable[..., Path]


@pytest.fixture
def lock(tmp_path: Path) -> Lock:
    """Writes a lock file that pins one small package of our own, by its hash."""

    def write(module: str, *, sha256: str = "", requires: str = "") -> Path:
        wheel = _wheel(tmp_path, module, requires=requires)
        digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
        path = tmp_path / "small.lock"
        path.write_text(f"{module} @ {wheel.as_uri()} --hash=sha256:{digest}\n")
        return path

    return write


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One environment for the tests of this module: making it takes seconds."""
    return tmp_path_factory.mktemp("environment") / ".venv"


def test_what_the_lock_pins_can_be_imported(environment: Path, lock: Lock) -> None:
    assert bootstrap.provide_environment(environment, lock("first"))

    assert _imports(environment, "first")


def test_a_second_call_installs_nothing(
    environment: Path, lock: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lock("second")
    assert bootstrap.provide_environment(environment, path)
    monkeypatch.setattr(subprocess, "run", _must_not_run)

    assert bootstrap.provide_environment(environment, path)


def test_a_changed_lock_is_installed(environment: Path, lock: Lock) -> None:
    assert bootstrap.provide_environment(environment, lock("before"))
    assert bootstrap.provide_environment(environment, lock("after"))

    assert _imports(environment, "after")


def test_a_package_that_is_not_the_pinned_one_stays_out(
    environment: Path, lock: Lock, capfd: pytest.CaptureFixture[str]
) -> None:
    forged = lock("forged", sha256="0" * 64)

    assert not bootstrap.provide_environment(environment, forged)

    assert "small.lock" in capfd.readouterr().err
    assert not _imports(environment, "forged")
    assert bootstrap.provide_environment(environment, lock("forged")), "the next call tries again"


def test_nothing_is_looked_up_beyond_the_lock(environment: Path, lock: Lock) -> None:
    """A newer version of what a pinned package asks for with an extra must not get in the way."""
    assert bootstrap.provide_environment(environment, lock("alone", requires="nowhere[more]>=1"))

    assert _imports(environment, "alone")


def test_a_broken_environment_is_made_again(tmp_path: Path, lock: Lock) -> None:
    broken = tmp_path / ".venv"
    (broken / "bin").mkdir(parents=True)
    (broken / "bin" / "python").symlink_to("/nowhere/python3")
    (broken / "pyvenv.cfg").write_text("version = 3.11.0\n")

    assert bootstrap.provide_environment(broken, lock("mended"))

    assert _imports(broken, "mended")


# -- make -----------------------------------------------------------------------------------


def test_plain_make_names_every_target() -> None:
    said = _make().stdout

    assert {line.split()[1] for line in said.splitlines()} >= {
        "run",
        "test",
        "check",
        "test-engines",
        "package",
        "bench",
        "screenshots",
        "format",
        "lock",
        "clean",
    }


@pytest.mark.parametrize("file", ["log.foldline", "my log.jsonl", """it's "mine" `now`;.csv"""])
def test_make_run_hands_the_file_over_as_it_is(file: str) -> None:
    show = f"{sys.executable} -c 'import sys; print(sys.argv[1:])'"

    done = _make("run", "PYTHON=true", f"BIN={show}", f"FILE={file}")

    assert done.stdout == f"{['main.py', file]}\n"


def test_make_run_without_a_file_opens_just_the_window() -> None:
    show = f"{sys.executable} -c 'import sys; print(sys.argv[1:])'"

    assert _make("run", "PYTHON=true", f"BIN={show}").stdout == "['main.py']\n"


def test_a_python_too_old_is_one_sentence() -> None:
    done = _make("test", "PYTHON=")

    sentence = "Foldline needs Python 3.11 or newer: install it and call make again."
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == sentence


def _program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def _wheel(folder: Path, module: str, *, requires: str = "") -> Path:
    path = folder / f"{module}-1-py3-none-any.whl"
    info = f"{module}-1.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{module}.py", "")
        needs = f"Requires-Dist: {requires}\n" if requires else ""
        named = f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n"
        wheel.writestr(f"{info}/METADATA", named + needs)
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


def _imports(environment: Path, module: str) -> bool:
    command = [str(environment / "bin" / "python"), "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _must_not_run(*command: object, **_: object) -> None:
    raise AssertionError(f"nothing should run, but this did: {command}")


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=clean | {"MFLAGS": ""}, capture_output=True, text=True, check=False
    )
